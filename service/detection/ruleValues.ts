import { translate } from '../i18n/i18n.ts';
import type { Severity } from '../model/incident.ts';
import type { FaultRule, NamedSubject, RuleText, SubjectShape } from './faultRule.ts';
import { bare, baseName, diskIn, diskOf, fileIn, volumeOf } from './subjects.ts';
import type { Captures } from './linePattern.ts';

/** Names the whole message among the placeholders of a subject. */
const wholeMessage = 'message';

const shapes: Readonly<Record<SubjectShape, (name: string) => string>> = {
    bare,
    baseName: name => baseName(bare(name)),
    disk: diskOf,
    file: bare,
    volume: volumeOf,
};

export function severityOf({ severity }: Pick<FaultRule, 'severity'>, captures: Captures): Severity {
    if (typeof severity === 'string') return severity;
    if (typeof severity === 'function') return severity(captures);
    const { of, is, otherwise } = severity;
    const value = captures[of] ?? '';
    const level = Object.hasOwn(is, value) ? is[value] : value === '' ? undefined : is['*'];
    return level ?? otherwise;
}

/** The subject by a rule; empty when the line does not name it. */
export function subjectOf({ subject }: Pick<FaultRule, 'subject'>, captures: Captures, message: string): string {
    if (typeof subject === 'function') return subject(captures, message);
    if (typeof subject !== 'string') return named(subject, captures, message);
    return subject.startsWith('=') ? subject.slice(1) : (captures[subject] ?? '');
}

/** The rule's own word for a subject that the line does not name; null when the rule has none. */
export function fallbackOf({ subject }: Pick<FaultRule, 'subject'>): string | null {
    if (typeof subject === 'function') return subject({}, '') || null;
    return typeof subject === 'string' ? null : (subject.otherwise ?? null);
}

/** The word that all lines of a rule have as their subject; null when they name one. */
export function fixedWordOf({ subject }: Pick<FaultRule, 'subject'>): string | null {
    return typeof subject === 'string' && subject.startsWith('=') ? subject.slice(1) : null;
}

function named({ of, as, otherwise = '' }: NamedSubject, captures: Captures, message: string): string {
    for (const source of typeof of === 'string' ? [of] : of) {
        const name = valueOf(source, captures, { message, as });
        if (name !== '') return name;
    }
    return otherwise;
}

function valueOf(
    source: string,
    captures: Captures,
    { message, as }: { message: string; as: SubjectShape | undefined },
): string {
    if (source === wholeMessage) return as === 'disk' ? diskIn(message) : as === 'file' ? fileIn(message) : message;
    const value = source.includes('{') ? (filled(source, captures) ?? '') : (captures[source] ?? '');
    return value === '' || as === undefined ? value : shapes[as](value);
}

/** null when one of the placeholders has no value. */
function filled(text: string, captures: Captures): string | null {
    const isWhole = placeholdersOf(text).every(name => (captures[name] ?? '') !== '');
    return isWhole ? text.replace(/\{(\w+)\}/g, (_whole, name: string) => captures[name] ?? '') : null;
}

/** The title, translated. @param captures with the final `subject` */
export function titleOf(rule: Pick<FaultRule, 'title' | 'subject'>, captures: Captures): string {
    return translated(rule.title, rule, captures);
}

/** The cause, translated; empty when the rule has none, or none for this line. */
export function causeOf(rule: Pick<FaultRule, 'cause' | 'subject'>, captures: Captures): string {
    return rule.cause === undefined ? '' : translated(rule.cause, rule, captures);
}

function translated(text: RuleText, rule: Pick<FaultRule, 'subject'>, captures: Captures): string {
    if (typeof text === 'function') return text(captures);
    if (typeof text === 'string') return translate(text, captures);
    const isKnown = (name: string) =>
        captures[name] !== undefined && (name !== 'subject' || captures[name] !== wordFor(rule));
    const fitting = text.find(one => placeholdersOf(one).every(isKnown));
    return fitting === undefined ? '' : translate(fitting, captures);
}

/** The words for a subject that has no name. */
function wordFor(rule: Pick<FaultRule, 'subject'>): string | null {
    return fixedWordOf(rule) ?? fallbackOf(rule);
}

/** The names of a text's `{placeholders}`. */
export function placeholdersOf(text: string): string[] {
    return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
