/**
 * The rules of one family of faults as `service/faults/<family>/rules.yaml` has them:
 *
 *     name: bluetooth
 *     title: Bluetooth
 *     about: The adapter does not answer, its firmware is missing, or devices cannot connect.
 *
 *     programs: # with the other keys of the head: service/faults/familyHead.ts
 *         bluetooth: { names: bluetoothd hcid obexd, units: bluetooth }
 *
 *     rules:
 *         - kind: adapter # what failed; together with the family it identifies the fault
 *           from: kernel # whose lines are trusted: the name under `programs` in any family's head, the kernel, or anybody
 *           lines: # the message as its format string has it; any of these
 *               - 'Bluetooth: {adapter}: command {} tx timeout'
 *           unless: ['opcode 0x0c03'] # texts, in lower case, that make such a line harmless
 *           severity: medium # critical, high, medium or low: docs/faults.md
 *           subject: { of: adapter, as: bare, otherwise: Bluetooth } # what it is about
 *           title: The Bluetooth adapter does not work ({subject})
 *           cause: The adapter or its firmware stopped answering.
 *
 *     harmless: # lines that look like a fault but are none; they are tried before the rules
 *         - from: kernel
 *           lines: ['Bluetooth: hci{}: Bootloader revision']
 *
 * In `lines`, `{name}` captures one word, `{name:number}` a number, `{name:text}` anything up to what follows, and `{}` skips
 * anything. `^` is the beginning of the message. Letter case does not matter. A line is found by the longest text between two
 * placeholders, so that text needs at least four characters.
 *
 * `subject` is `name` (what a placeholder captured), `=words` (fixed), or the first of several names that leaves something:
 * `{of: [array, device], as: disk, otherwise: RAID}`. A name may be a text with placeholders, `port {port}`, or `message`,
 * which is all of it. `as` removes quotation marks (`bare`), or keeps the last part of a path (`baseName`), the disk of a
 * partition (`disk`) or the volume of a journal (`volume`). `file` is as `bare`, and of a message the file that it names.
 *
 * `title` and `cause` are texts for people, translated like all others (po/). Of a list, the first text whose placeholders were
 * all captured is used. `{subject}` does not count as captured if it is only the word of `otherwise`.
 *
 * `severity` may depend on a placeholder: `{of: xid, is: {'43': low, '*': high}, otherwise: medium}`, where `*` is anything.
 *
 * Anything beyond this is a function in `code.ts` beside the file: `when: !code isZoneOff`. Fragments that several
 * rules share are anchors under `shared`: `<<: *card` for keys, `- *probes` for lines. All other keys are those of `FaultRule` in
 * service/detection/faultRule.ts, where they are described.
 */
import * as z from 'zod';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, DocumentOptions, Node, Pair, ParseOptions, ScalarTag, SchemaOptions } from 'yaml';
import { anchorOf, LinePattern } from '../detection/linePattern.ts';
import { sessionEnd, unplugging } from '../detection/faultRule.ts';
import { placeholdersOf } from '../detection/ruleValues.ts';
import { journalFields } from '../journal/logEntry.ts';
import { _ } from '../i18n/i18n.ts';
import { severity as level } from '../model/incident.ts';
import { headKeys, headOfRules } from './familyHead.ts';

/** A function or list in `code.ts`, by its name. */
export class Code {
    readonly name: string;

    constructor(name: string) {
        this.name = name;
    }
}

const codeTag: ScalarTag = { tag: '!code', resolve: name => new Code(name) };

/** Shorter literals would occur in every other line. */
const shortestLiteral = 4;

const noCode = 'is not: !code name';
const code = z.instanceof(Code, { error: noCode });
export const nonEmptyText = z.string().trim().min(1);
export const template = z.string().superRefine((line, context) => {
    try {
        if (anchorOf(line).length < shortestLiteral)
            context.addIssue(
                _('needs at least {count} characters between its placeholders', { count: shortestLiteral }),
            );
        else new LinePattern(line);
    } catch (error) {
        context.addIssue((error as Error).message);
    }
});
const lines = z
    .union([code, z.array(z.union([template, code, z.array(template)]))], { error: 'is not a list of lines' })
    .transform(all => (all instanceof Code ? [all] : all.flat()))
    .superRefine((all, context) => {
        const folded = all.map(line => (typeof line === 'string' ? line.toLowerCase() : line.name));
        for (const twice of folded.filter((line, index) => folded.indexOf(line) !== index))
            context.addIssue(`contains a line twice: ${twice}`);
    });
export const unless = z.array(
    z.string().refine(text => text === text.toLowerCase(), { error: () => _('must be lower case') }),
);
/** The texts for a line that matches. */
const match = { lines, unless: unless.optional() };
const circumstance = z.enum(['sleep', 'correction', 'removal', 'cancellation']);
const text = z.union([code, nonEmptyText, z.array(nonEmptyText).min(1)], {
    error: 'is neither a text nor a list of texts',
});
export const flag = z.literal(true, { error: () => _('can only be true') }).optional();

export const noSeverity = () => _('must be one of {values}', { values: level.options.join(', ') });
export const severityBy = z.strictObject({ of: nonEmptyText, is: z.record(z.string(), level), otherwise: level });
export const noSubject = () => _('must be a placeholder, =words, or {form}', { form: '{of, as, otherwise}' });
export const namedSubject = z.strictObject({
    of: z.union([nonEmptyText, z.array(nonEmptyText).min(2)]),
    as: z.enum(['bare', 'baseName', 'disk', 'file', 'volume']).optional(),
    otherwise: nonEmptyText.optional(),
});
export const kind = z
    .string()
    .regex(/^[a-z][a-z-]*$/, { error: () => _('must consist of lower-case letters and dashes') });

/** Without `from`. */
const rule = z.strictObject({
    kind,
    ...match,
    when: code.optional(),
    atStart: z.boolean().optional(),
    notNear: z.union([circumstance, z.literal([sessionEnd, unplugging])]).optional(),
    notAfter: kind.optional(),
    atEnd: level.optional(),
    severity: z.union([level, code, severityBy], { error: noSeverity }),
    fields: z.record(z.string(), z.enum(journalFields)).optional(),
    occurredAt: code.optional(),
    subject: z.union([z.string(), code, namedSubject], { error: noSubject }),
    title: text,
    cause: text.optional(),
    each: flag,
    oneSubject: flag,
    repeat: z.strictObject({ times: z.int(), within: z.int(), apart: nonEmptyText.optional() }).optional(),
    oneCause: flag,
    hasTrace: flag,
    sign: z
        .union(
            [
                code,
                z.literal(true),
                z.strictObject({ times: z.int().min(2), over: z.int().min(0), within: z.int().min(1).optional() }),
            ],
            {
                error: () => _('must be true or {form}', { form: '{times, over, within}' }),
            },
        )
        .optional(),
    isHarmlessAlone: flag,
    outlastsSuccess: flag,
    ofUnit: z.enum(['reason', 'cause']).optional(),
    unit: code.optional(),
    isHint: flag,
    requiresWriter: flag,
    subsystems: z.array(nonEmptyText).optional(),
    familyFromSubsystem: flag,
    complains: flag,
    isPrecursor: flag,
    needsConfirmation: flag,
});

/** The keys of a rule that contain names of placeholders. */
type NamingRule = Pick<z.infer<typeof rule>, 'lines' | 'fields' | 'subject' | 'severity' | 'title' | 'cause'>;

/** The placeholders that a rule has values for. */
function capturedBy({ lines: all, fields = {} }: NamingRule): string[] {
    const names = all.flatMap(line => [...(line instanceof Code ? '' : line).matchAll(/\{([a-zA-Z]+)(?::[a-z]+)?\}/g)]);
    return [...names.map(([, name = '']) => name), ...Object.keys(fields)];
}

/** The placeholders that a rule can do without, because it has an `otherwise` for them. */
function optionalOf({ subject, severity }: NamingRule): string[] {
    const inside = (source: string) => (source.includes('{') ? placeholdersOf(source) : [source]);
    const ofSubject = typeof subject === 'object' && !(subject instanceof Code) ? [subject.of].flat() : [];
    const ofSeverity = typeof severity === 'object' && !(severity instanceof Code) ? [severity.of] : [];
    return [...ofSubject.flatMap(inside).filter(name => name !== 'message'), ...ofSeverity];
}

/** Finds names that nothing captures: a rule's texts need its own placeholders, shared ones those of any rule. */
export function checkNames({ rules }: { rules: readonly NamingRule[] }, context: z.core.$RefinementCtx): void {
    // What is wrong with the form of the file may be why a name is missing.
    if (context.issues.length > 0) return;
    const all = new Set(rules.flatMap(capturedBy));
    for (const [index, one] of rules.entries()) {
        const report = (field: string, message: string) => {
            context.issues.push({ code: 'custom', path: ['rules', index, field], message, input: one });
        };
        for (const name of optionalOf(one))
            if (!all.has(name)) report(typeof one.subject === 'object' ? 'subject' : 'severity', notCaptured(name));
        if (one.lines.some(line => line instanceof Code)) continue;
        const own = new Set([...capturedBy(one), 'subject']);
        if (typeof one.subject === 'string' && !one.subject.startsWith('=') && !own.has(one.subject))
            report('subject', notCaptured(one.subject));
        for (const field of ['title', 'cause'] as const) {
            const value = one[field];
            if (value === undefined || value instanceof Code) continue;
            for (const name of [value].flat().flatMap(placeholdersOf))
                if (!own.has(name)) report(field, notCaptured(name));
            if (field === 'title' && typeof value !== 'string' && placeholdersOf(value.at(-1) ?? '').length > 0)
                report(field, 'needs a text without placeholders at the end');
        }
    }
}

function notCaptured(name: string): string {
    return _('no line captures {name}', { name });
}

const harmless = z.strictObject({
    ...match,
    indicates: z.union([z.literal('start'), circumstance]).optional(),
    overcomes: z
        .strictObject({ families: z.array(kind).min(1), within: z.int().positive(), subject: z.string().optional() })
        .optional(),
});

/** @param sources whom `from` may name */
function ruleFileWith(sources: readonly string[]) {
    const one = z.enum(sources, { error: ({ input }) => `no program is called ${String(input)}` });
    const from = z.union([one, z.array(one).min(1)], { error: 'is neither a program nor a list of programs' });
    return z
        .strictObject({
            name: kind,
            title: nonEmptyText,
            about: nonEmptyText,
            ...headKeys,
            /** Its rules match words that may be about anything. */
            isGeneric: flag,
            /** Fragments with anchors, which are validated where they are used. */
            shared: z.unknown().optional(),
            rules: z.array(rule.extend({ from })),
            harmless: z.array(harmless.extend({ from })).optional(),
        })
        .superRefine(checkNames);
}

export type RuleFile = z.infer<ReturnType<typeof ruleFileWith>>;
export type RuleOfFile = RuleFile['rules'][number];

/** The mistakes in a file of rules: one line each, with file, line and field. */
export class RuleFileError extends Error {}

/**
 * @param file its name in messages
 * @throws RuleFileError
 */
export function openRuleFile(content: string, file: string): RuleDocument {
    return new RuleDocument(content, file, { merge: true, customTags: [codeTag] });
}

/**
 * @param programs that `from` may name in addition to those of the file itself
 * @throws RuleFileError
 */
export function readRuleFile(document: RuleDocument, programs: readonly string[] = []): RuleFile {
    const own = Object.keys(document.parse(headOfRules).programs ?? {});
    return document.parse(ruleFileWith(['kernel', 'anybody', ...own, ...programs]));
}

/** A file of rules as YAML, which knows the line of each of its values. */
export class RuleDocument {
    /** Its name in messages. */
    readonly file: string;
    readonly #document: Document.Parsed;
    readonly #lines = new LineCounter();

    /** @throws RuleFileError */
    constructor(content: string, file: string, options: ParseOptions & DocumentOptions & SchemaOptions) {
        this.file = file;
        this.#document = parseDocument(content, { ...options, prettyErrors: false, lineCounter: this.#lines });
        this.#refuse(this.#document.errors);
    }

    /** In an unchecked file, anchors, aliases and tags are mistakes, too. @throws RuleFileError */
    requirePlain(): void {
        this.#refuse(this.#document.warnings);
        const mistakes: { pos: [number]; message: string }[] = [];
        const refuse =
            (message: string) =>
            (_key: unknown, { range, anchor, tag }: Node & { anchor?: string }) => {
                const text =
                    anchor !== undefined
                        ? _('anchors are not allowed here')
                        : tag !== undefined
                          ? _('tags are not allowed here')
                          : message;
                if (text !== '') mistakes.push({ pos: [range?.[0] ?? 0], message: text });
            };
        visit(this.#document, { Alias: refuse(_('aliases are not allowed here')), Value: refuse('') });
        this.#refuse(mistakes);
    }

    /** @throws RuleFileError */
    parse<Value>(schema: z.ZodType<Value>): Value {
        const parsed = schema.safeParse(this.#value(), { error: plainMessage, reportInput: true });
        if (parsed.success) return parsed.data;
        const mistakes = parsed.error.issues.flatMap(issue => mistakesOf(issue));
        const byField = new Map(mistakes.toReversed().map(mistake => [fieldOf(mistake.path), mistake]));
        const first = [...byField.values()].toReversed();
        throw new RuleFileError(first.map(({ path, what }) => this.mistake(path, what)).join('\n'));
    }

    /** A mistake in words, with file, line and field. */
    mistake(path: readonly PropertyKey[], what: string): string {
        return [`${this.file}:${this.lineOf(path)}`, fieldOf(path), what].filter(part => part !== '').join(': ');
    }

    /** From 1. */
    lineOf(path: readonly PropertyKey[]): number {
        return this.#lines.linePos(offsetOf(this.#document, path)).line;
    }

    #refuse(mistakes: readonly { pos: readonly number[]; message: string }[]): void {
        if (mistakes.length === 0) return;
        const at = (offset = 0) => `${this.file}:${this.#lines.linePos(offset).line}`;
        throw new RuleFileError(mistakes.map(({ pos, message }) => `${at(pos[0])}: ${message}`).join('\n'));
    }

    /** The content of the file, with anchors and `<<` resolved. */
    #value(): unknown {
        try {
            return this.#document.toJS();
        } catch (error) {
            throw new RuleFileError(`${this.file}: ${(error as Error).message}`, { cause: error });
        }
    }
}

type Mistake = { path: readonly PropertyKey[]; what: string };

/** The problem. If a value may have several forms, the message is that of the form that was intended. */
function mistakesOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Mistake[] {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys')
        return issue.keys.map(key => ({ path: [...path, key], what: _('is not a known key') }));
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, what: message }));
    const meant = issue.code === 'invalid_union' ? issue.errors.find(form => !form.some(isOfOtherType)) : undefined;
    return meant?.flatMap(one => mistakesOf(one, path)) ?? [{ path, what: issue.message }];
}

function isOfOtherType({ code: kind, path, message, input }: z.core.$ZodIssue): boolean {
    if (path.length > 0) return false;
    return kind === 'invalid_type' || message === noCode || (kind === 'invalid_value' && typeof input === 'object');
}

/** For what has no message of its own; undefined leaves it to zod. */
function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
    const { code: kind, input } = issue;
    if ((kind === 'invalid_type' || kind === 'invalid_value') && input === undefined) return _('is missing');
    if (kind === 'invalid_type') return wrongType(issue.expected);
    if (kind === 'invalid_value') return _('must be one of {values}', { values: issue.values.join(', ') });
    if (kind === 'too_small') {
        const minimum = Number(issue.minimum);
        if (isNumber(issue.origin)) return _('must be {number} or more', { number: String(minimum) });
        return minimum === 1 ? _('is empty') : _('needs at least {count} entries', { count: minimum });
    }
    if (kind !== 'too_big') return undefined;
    const count = Number(issue.maximum);
    if (isNumber(issue.origin)) return _('must be {number} or less', { number: String(count) });
    return issue.origin === 'string'
        ? _('has more than {count} characters', { count })
        : _('has more than {count} entries', { count });
}

function isNumber(origin: string): boolean {
    return origin === 'number' || origin === 'int';
}

function wrongType(expected: string): string | undefined {
    switch (expected) {
        case 'string':
            return _('must be text');
        case 'array':
            return _('must be a list');
        case 'boolean':
            return _('must be true or false');
        case 'number':
        case 'int':
            return _('must be a whole number');
        default:
            return _('must consist of keys with values');
    }
}

/** `rules[2].subject`. */
function fieldOf(path: readonly PropertyKey[]): string {
    return path
        .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
        .join('');
}

/** The position in the file of a value, or of its parent; through anchors and `<<`. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
    let node: unknown = document.contents;
    let offset = 0;
    for (const key of path) {
        const pair = pairOf(node, key, document);
        node = isSeq(node) ? node.items[Number(key)] : pair?.value;
        const place = isAlias(node) || pair === undefined ? node : pair.key;
        if (isScalar(place) || isMap(place) || isSeq(place) || isAlias(place)) offset = place.range?.[0] ?? offset;
        if (isAlias(node)) node = node.resolve(document);
    }
    return offset;
}

function pairOf(node: unknown, key: PropertyKey, document: Document.Parsed): Pair | undefined {
    if (!isMap(node)) return undefined;
    const named = (name: PropertyKey) => node.items.find(({ key: one }) => isScalar(one) && one.value === name);
    const merged = node.items.find(({ key: one }) => isScalar(one) && one.source === '<<')?.value;
    return named(key) ?? pairOf(isAlias(merged) ? merged.resolve(document) : merged, key, document);
}
