/**
 * Turns the families' rules (service/faults/<family>/rules.yaml) into TypeScript, so that tsc checks them and nothing
 * is parsed at start.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsInJournals } from '../service/detection/faultRule.ts';
import { headFile, headOfRules } from '../service/faults/familyHead.ts';
import { Code, openRuleFile, readRuleFile } from '../service/faults/ruleFile.ts';
import type { RuleFile } from '../service/faults/ruleFile.ts';
import { headModules } from './familyHeads.ts';
import type { Head } from './familyHeads.ts';

const source = 'rules.yaml';
const header = (of: string) => `// Generated from service/faults/${of} by build/faultRules.ts.\n`;

type Group = RuleFile['rules'][number] | NonNullable<RuleFile['harmless']>[number];

/** What service/faults/<folder>/{rules,head}.yaml have. */
export type FaultFiles = {
    /** By their folders, in the order of evaluation: that of service/faults/index.ts. */
    rules: ReadonlyMap<string, RuleFile>;
    heads: readonly Head[];
};

/** @throws RuleFileError */
export function readRuleFiles(root: string): FaultFiles {
    const faults = join(root, 'service', 'faults');
    const [, list = ''] =
        /families: readonly Family\[\] = \[([^\]]*)\]/.exec(readFileSync(join(faults, 'index.ts'), 'utf8')) ?? [];
    const order = list.split(',').map(name => name.trim());
    const documentsOf = (name: string) =>
        readdirSync(faults)
            .filter(folder => existsSync(join(faults, folder, name)))
            .sort((one, other) => order.indexOf(one) - order.indexOf(other))
            .map(folder => {
                const path = join('service', 'faults', folder, name);
                return { folder, document: openRuleFile(readFileSync(join(root, path), 'utf8'), path) };
            });
    const documents = documentsOf(source);
    const strange = documents.find(({ folder }) => !order.includes(folder));
    if (strange !== undefined) throw new Error(`service/faults/index.ts does not name the family ${strange.folder}`);
    const heads = [
        ...documents.map(({ document }) => ({ document, head: document.parse(headOfRules) })),
        ...documentsOf('head.yaml').map(({ document }) => ({ document, head: document.parse(headFile) })),
    ];
    const programs = heads.flatMap(({ head }) => Object.keys(head.programs ?? {}));
    const rules = documents.map(({ folder, document }) => {
        const file = readRuleFile(document, programs);
        if (folder !== camelCase(file.name)) throw new Error(`${document.file} is of the family ${file.name}`);
        return [folder, file] as const;
    });
    return { rules: new Map(rules), heads };
}

function camelCase(name: string): string {
    return name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

/**
 * Modules by their paths in service/: what a live journal needs of each family (`faults/generated/disk.ts`, all of them in
 * `live.ts`), everything, as for text that is given to be analysed (`disk.text.ts`, `text.ts`), and the tables of their heads.
 *
 * @throws RuleFileError
 */
export function ruleModules(root: string): Map<string, string> {
    const { rules, heads } = readRuleFiles(root);
    const modules = headModules(heads);
    const add = (name: string, code: string) => modules.set(`faults/generated/${name}`, code);
    for (const [folder, file] of rules) {
        add(`${folder}.ts`, liveModule(folder, file));
        add(`${folder}.text.ts`, textModule(folder, file));
    }
    const folders = [...rules.keys()];
    add('live.ts', aggregator(folders, { of: 'FaultFamily', from: folder => `./${folder}.ts` }));
    return add('text.ts', aggregator(folders, { of: 'DescribedFamily', from: folder => `./${folder}.text.ts` }));
}

/** Whether a group counts in a journal: what anybody may say is needed only where a rule of the family asks the state about it. */
function livenessIn({ rules }: RuleFile): (group: Group) => boolean {
    const needsConfirmation = rules.some(rule => rule.needsConfirmation);
    return group => ('kind' in group ? countsInJournals(group) : countsInJournals({ ...group, needsConfirmation }));
}

function liveModule(folder: string, file: RuleFile): string {
    const { name, isGeneric, rules, harmless = [] } = file;
    const isLive = livenessIn(file);
    const live = { name, isGeneric, rules: rules.filter(isLive), harmless: harmless.filter(isLive) };
    return `${header(`${folder}/${source}`)}${imports(folder, [...live.rules, ...live.harmless], [`import type { FaultFamily } from '../../detection/faultRule.ts';`])}
export const ${folder}: FaultFamily<${kindsOf(live.rules)}> = ${literal(live)};
`;
}

/** The type of the kinds that the rules name. */
function kindsOf(rules: RuleFile['rules']): string {
    const kinds = rules.map(rule => JSON.stringify(rule.kind));
    return kinds.length === 0 ? 'never' : [...new Set(kinds)].join(' | ');
}

function textModule(folder: string, file: RuleFile): string {
    const { name, title, about, isGeneric, rules, harmless = [] } = file;
    const isLive = livenessIn(file);
    const own = [...rules, ...harmless].filter(group => !isLive(group));
    const types = [
        'DescribedFamily',
        ...(rules.some(isLive) ? ['FaultRule'] : []),
        ...(harmless.some(isLive) ? ['HarmlessLines'] : []),
    ];
    const head = [`import type { ${types.join(', ')} } from '../../detection/faultRule.ts';`];
    if (types.length > 1) head.push(`import { ${folder} as live } from './${folder}.ts';`);
    return `${header(`${folder}/${source}`)}${imports(folder, own, head)}
export const ${folder}: DescribedFamily = {
name: ${literal(name)},
title: ${literal(title)},
about: ${literal(about)},
${isGeneric ? 'isGeneric: true,\n' : ''}rules: ${inOrder('rules', rules, { type: 'FaultRule', isLive })},
harmless: ${inOrder('harmless', harmless, { type: 'HarmlessLines', isLive })},
};
`;
}

/** All groups of a family, with those that the live module has already taken from there. */
function inOrder(
    key: string,
    groups: readonly Group[],
    { type, isLive }: { type: string; isLive: (group: Group) => boolean },
): string {
    let taken = 0;
    const all = groups.map(group => (isLive(group) ? `live.${key}[${taken++}] as ${type}` : literal(group)));
    return `[\n${all.join(',\n')}]`;
}

function imports(folder: string, groups: readonly Group[], others: readonly string[]): string {
    const names = [...new Set(groups.flatMap(namesOfCode))].sort();
    const ofCode = names.length === 0 ? [] : [`import { ${names.join(', ')} } from '../${folder}/code.ts';`];
    return [...others, ...ofCode, ''].join('\n');
}

function namesOfCode(value: unknown): string[] {
    if (value instanceof Code) return [value.name];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesOfCode) : [];
}

function aggregator(
    folders: readonly string[],
    { of, from }: { of: string; from: (folder: string) => string },
): string {
    const list = folders.map(folder => `import { ${folder} } from '${from(folder)}';\n`).join('');
    return `${header('index.ts')}import type { ${of} } from '../../detection/faultRule.ts';
${list}
export const families: readonly ${of}[] = [
${folders.join(',\n')}
];
`;
}

/** A value as source; a list with lists of `code.ts` in it spreads them. */
function literal(value: unknown): string {
    if (value instanceof Code) return value.name;
    if (Array.isArray(value)) {
        if (value.length === 1 && value[0] instanceof Code) return value[0].name;
        return `[${value.map(one => `${one instanceof Code ? '...' : ''}${literal(one)}`).join(',\n')}]`;
    }
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${entries.map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(',\n')} }`;
}
