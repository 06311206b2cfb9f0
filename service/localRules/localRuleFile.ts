import * as z from 'zod';

import { allSources, commandOf } from '../detection/programs.ts';
import type { DeclaredSource, Source } from '../detection/programs.ts';
import type { HarmlessLines } from '../detection/faultRule.ts';
import { anchorOf } from '../detection/linePattern.ts';
import type { FamilyHead } from '../faults/familyHead.ts';
import {
    checkNames,
    kind,
    namedSubject,
    noSeverity,
    noSubject,
    RuleDocument,
    RuleFileError,
    severityBy,
    template,
    unless,
    nonEmptyText,
    flag,
} from '../faults/ruleFile.ts';
import { _ } from '../i18n/i18n.ts';
import { isUnitName } from '../model/unitName.ts';
import { localPrefix, severity as level } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';
import { localFixes } from './localRule.ts';
import type { LocalFamily, LocalRule } from './localRule.ts';

/** The limits of a file, so that reading and applying it stays cheap whatever it contains. */
const limits = {
    rules: 64,
    lines: 64,
    line: 512,
    unless: 32,
    sources: 16,
    title: 120,
    text: 600,
    cases: 32,
    /** Minutes; a fault that is quiet for a month is over. */
    quiet: { least: 5, otherwise: 60, most: 43_200 },
    repeat: { times: 1000, within: 86_400 },
} as const;

/** Writers that are trusted whatever they say; a rule for anybody would let anybody report anything. */
const known = new Set<string>(allSources().filter(source => source !== 'anybody'));

const text = (most: number) => nonEmptyText.max(most).transform(value => safeText(value, most));
const list = <Item extends z.ZodType>(item: Item, most: number) => z.array(item).max(most);
const line = template
    .max(limits.line)
    // Otherwise the index could not hold the literal by which the line is found.
    .refine(value => /^[ -~]*$/.test(anchorOf(value)), {
        error: () => _('has letters that are not ASCII: put {placeholder} in their place', { placeholder: '{}' }),
    });
const source = nonEmptyText.max(256);
const match = {
    from: z.union([source.transform(one => [one]), list(source, limits.sources).min(1)], {
        error: () => _('must be a program, a unit, or a list of them'),
    }),
    lines: list(line, limits.lines).min(1),
    unless: unless.max(limits.unless).default([]),
};
const number = (least: number, most: number) => z.int().min(least).max(most);

const ofUnit = { of: ['userUnit', 'systemUnit'] };
/** The unit whose process wrote an entry, according to journald. */
const unitFields = { systemUnit: '_SYSTEMD_UNIT', userUnit: '_SYSTEMD_USER_UNIT' } as const;

const rule = z
    .strictObject({
        kind,
        ...match,
        atStart: z.boolean().optional(),
        severity: z.union(
            [
                level,
                severityBy.refine(({ is }) => Object.keys(is).length <= limits.cases, {
                    error: () => _('has more than {count} entries', { count: limits.cases }),
                }),
            ],
            { error: noSeverity },
        ),
        subject: z.union([text(128), namedSubject], { error: noSubject }).default('unit'),
        title: text(limits.title),
        cause: text(limits.text).optional(),
        advice: text(limits.text).optional(),
        fixes: list(z.enum(localFixes), localFixes.length).default([]),
        quiet: number(limits.quiet.least, limits.quiet.most).default(limits.quiet.otherwise),
        each: flag,
        oneSubject: flag,
        repeat: z
            .strictObject({ times: number(2, limits.repeat.times), within: number(1, limits.repeat.within) })
            .optional(),
    })
    .transform(({ subject, ...others }) => ({
        ...others,
        subject: subject === 'unit' ? ofUnit : subject,
        fields: unitFields,
    }));
const harmless = z.strictObject(match);

/** Parts of the head of Reeve's own families: these would change how lines of others are judged, and so Reeve's own incidents. */
const ofReeve = z.undefined({ error: () => _('is only for Reeve’s own families') }).optional();
const reserved = {
    severity: ofReeve,
    descriptions: ofReeve,
    subsystem: ofReeve,
    explains: ofReeve,
    verbosity: ofReeve,
} satisfies Record<Exclude<keyof FamilyHead, 'name' | 'programs'>, z.ZodType>;

const ruleFile = z
    .strictObject({
        ...reserved,
        name: kind.max(64),
        title: text(limits.title),
        about: text(limits.text),
        programs: z
            .array(nonEmptyText.max(64), {
                error: () => _('must be a list of names: only Reeve’s own families say how a program is recognised'),
            })
            .max(limits.sources)
            .default([]),
        rules: list(rule, limits.rules).min(1),
        harmless: list(harmless, limits.rules).default([]),
    })
    .superRefine(checkNames)
    .superRefine(checkKinds)
    .superRefine(checkSources);

type RuleFile = z.infer<typeof ruleFile>;

/** The texts of an incident depend on its kind, so each kind has one rule. */
function checkKinds({ rules }: { rules: readonly { kind: string }[] }, context: z.core.$RefinementCtx): void {
    for (const [index, { kind: name }] of rules.entries())
        if (rules.findIndex(other => other.kind === name) < index)
            context.issues.push({
                code: 'custom',
                path: ['rules', index, 'kind'],
                message: _('another rule has the kind {name}; give one rule all of its lines', { name }),
                input: name,
            });
}

function checkSources(
    {
        programs,
        rules,
        harmless: quiet,
    }: Pick<RuleFile, 'programs'> & Record<'rules' | 'harmless', { from: string[] }[]>,
    context: z.core.$RefinementCtx,
): void {
    const report = (path: PropertyKey[], message: string) => {
        context.issues.push({ code: 'custom', path, message, input: undefined });
    };
    for (const [index, name] of programs.entries())
        if (known.has(name) || name === 'anybody')
            report(['programs', index], _('{name} is known already; delete it here', { name }));
    for (const [key, groups] of Object.entries({ rules, harmless: quiet }))
        for (const [index, { from }] of groups.entries())
            for (const name of from) {
                const message = mistakeOf(name, programs);
                if (message !== null) report([key, index, 'from'], message);
            }
}

function mistakeOf(name: string, programs: readonly string[]): string | null {
    if (known.has(name) || programs.includes(name) || isUnit(name)) return null;
    if (name === 'anybody') return _('anybody may write anything into a journal: name a program or a unit');
    return _('{name} is neither a unit, such as {example}, nor a program that Reeve knows; name that under {key}', {
        name,
        example: 'backup.service',
        key: 'programs',
    });
}

/** Also a template, `backup@.service`, for all of its instances. */
function isUnit(name: string): boolean {
    return isUnitName(name.replace(/@(?=\.[a-z]+$)/, '@instance'));
}

/** @param programs that the file itself names */
function sourceOf(name: string, programs: readonly string[]): Source {
    if (programs.includes(name)) return `program ${commandOf(name)}`;
    return known.has(name) ? (name as Exclude<Source, DeclaredSource>) : `unit ${name}`;
}

/**
 * @param path of the file, whose name is that of its family
 * @throws RuleFileError
 */
export function readLocalRuleFile(content: string, path: string): LocalFamily {
    const document = open(content, path);
    document.requirePlain();
    const { name, title, about, programs, rules, harmless: quiet } = document.parse(ruleFile);
    if (!path.endsWith(`/${name}.yaml`))
        throw new RuleFileError(
            `${path}:${document.lineOf(['name'])}: name: ${_('the file must be called {file}', { file: `${name}.yaml` })}`,
        );
    const toSources = (from: readonly string[]) => from.map(one => sourceOf(one, programs));
    return {
        path,
        title,
        about,
        name: `${localPrefix}${name}`,
        rules: rules.map(({ from, ...others }, index) =>
            compact({ ...others, from: toSources(from), line: document.lineOf(['rules', index, 'kind']) }),
        ),
        harmless: quiet.map(({ from, ...others }): HarmlessLines => ({ ...others, from: toSources(from) })),
    };
}

/** Without the folder and `.yaml`. */
export function nameOf(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length);
}

/** Nesting deeper than the parser can follow ends in an error of the JavaScript engine. */
function open(content: string, path: string): RuleDocument {
    try {
        return new RuleDocument(content, path, {});
    } catch (error) {
        if (error instanceof RuleFileError) throw error;
        const reason = _('cannot be read as YAML: {reason}', { reason: (error as Error).message });
        throw new RuleFileError(`${path}: ${reason}`, { cause: error });
    }
}

/** Without the keys that are not given. */
function compact(rule: object): LocalRule {
    return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as LocalRule;
}
