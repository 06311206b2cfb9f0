// The layers of the service, lowest first: what lies lower knows nothing of what lies higher. Also no circles of imports.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

const layers = [
    'util',
    'i18n',
    'text',
    'model',
    'store',
    'dbus',
    'journal',
    'machine',
    'config',
    'timeline',
    'audit',
    'preferences',
    'incidents',
    'sources',
    'detection',
    'actions',
    'execution',
    'diagnosis',
    'approval',
    'sandbox',
    'demo',
    'modelFiles',
    'inference',
    'backup',
    'faults',
    'localRules',
    'textAnalysis',
    'knowledge',
    'usage',
    'assistant',
    'lifecycle',
    'api',
    'cli',
];

/** Imports against the layers, by importing and imported file, each with its reason. There may be five at most. */
const exceptions = new Map([
    ['service/i18n/i18n.ts service/text/sanitise.ts', 'values that are put into a translated text are made safe first'],
    ['service/diagnosis/diagnosis.ts service/approval/proposals.ts', 'a diagnosis ends with what it proposes'],
]);

type Report = (where: string, what: string) => void;
type Import = { from: string; to: string; line: number };

function importsOf(file: string): Import[] {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/(?:\bfrom|\bimport\()\s*'(\.{1,2}\/[^']+)'/g)].map(({ 1: name = '', index }) => ({
        from: file,
        to: posix.join(posix.dirname(file), name),
        line: text.slice(0, index).split('\n').length,
    }));
}

const layerOf = (file: string) => layers.indexOf(/^service\/(\w+)\//.exec(file)?.[1] ?? '');

/** @param files all tracked files */
export function checkLayers(files: readonly string[], report: Report): void {
    const used = new Set<string>();
    const sources = files.filter(file => /^service\/.*(?<!\.d)\.ts$/.test(file));
    for (const file of sources)
        if (/^service\/\w+\//.test(file) && layerOf(file) < 0) report(file, 'is in a folder that is no layer');
    for (const { from, to, line } of sources.flatMap(importsOf)) {
        if (layerOf(from) < 0 || layerOf(to) <= layerOf(from)) continue;
        const key = `${from} ${to}`;
        if (exceptions.has(key)) used.add(key);
        else report(`${from}:${line}`, `imports ${to}, which lies higher`);
    }
    for (const key of exceptions.keys()) if (!used.has(key)) report(key, 'is no longer needed as an exception');
    if (exceptions.size > 5) report('test/static/layers.ts', 'has more than five exceptions');
}

/** Types count as well: two files that need each other's types are one file, or lack a third below them. */
export function checkCircles(files: readonly string[], report: Report): void {
    const sources = files.filter(file => /^(service|extension|packaging|build)\/.*(?<!\.d)\.ts$/.test(file));
    const graph = new Map(sources.map(file => [file, importsOf(file)]));
    const state = new Map<string, 'open' | 'done'>();
    const path: string[] = [];
    const visit = (file: string): void => {
        state.set(file, 'open');
        path.push(file);
        for (const { to, line } of graph.get(file) ?? []) {
            if (state.get(to) === 'open')
                report(`${file}:${line}`, `closes a circle: ${[...path.slice(path.indexOf(to)), to].join(' → ')}`);
            else if (graph.has(to) && !state.has(to)) visit(to);
        }
        path.pop();
        state.set(file, 'done');
    };
    for (const file of sources) if (!state.has(file)) visit(file);
}
