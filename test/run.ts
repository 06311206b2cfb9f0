// All tests, fast layers first: `npm test`. Layers or single checks by name: `npm test -- unit contract`,
// `npm test -- --filter "restart loop" unit`. Ends with the line `N passed, N failed, N skipped`.
import { closeSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { suiteVariable, wantedSuites, whyUnavailable, type Suite } from './desktop/image.ts';
import { runChild } from './support/child.ts';
import { ensureHostPackages } from './support/hostPackages.ts';
import { inLanes } from './support/lanes.ts';
import type { Result } from './support/runSpecs.ts';

type Check = { name: string; argv: string[] };
type Layer = {
    name: string;
    /** Comes before its checks, which run side by side: the longest first. */
    first?: Check;
    checks?: Check[];
    specs?: string;
    slowest: number;
    /** Each folder runs apart from the others and with one of them beside it. */
    byFolder?: boolean;
    /**
     * Each file runs on every desktop, apart from the others and with some of them beside it. Its specs share a desktop and
     * tell its story, in order: installed, used, taken back.
     */
    onDesktops?: boolean;
    /** The specs take the build as it is. */
    built?: boolean;
};

const bin = (name: string) => join('node_modules', '.bin', name);
const script = (...argv: string[]) => [process.execPath, '--disable-warning=ExperimentalWarning', ...argv];

/** All else that is checked is checked with what it makes. */
const generate: Check = { name: 'generate', argv: script('build/generate.ts', '--check') };
const build: Check = { name: 'build', argv: script('build/build.ts') };

/** `slowest`: minutes after which a layer is stopped and counted as failed, so that a hang ends by itself. */
const layers: Layer[] = [
    {
        name: 'static',
        slowest: 10,
        first: generate,
        checks: [
            { name: 'lint', argv: [bin('eslint'), '--max-warnings=0', '.'] },
            { name: 'types', argv: [bin('tsc'), '-p', '.'] },
            { name: 'types-extension', argv: [bin('tsc'), '-p', 'extension'] },
            { name: 'format', argv: [bin('prettier'), '--check', '--log-level=warn', '.'] },
            { name: 'rules', argv: script('test/static/rules.ts') },
            { name: 'translations', argv: script('po/update.ts', '--check') },
            build,
        ],
    },
    { name: 'unit', slowest: 5, specs: 'test/unit/**/*.spec.ts' },
    { name: 'unit-gjs', slowest: 2, checks: [{ name: 'extension', argv: script('test/unit/extension/run.ts') }] },
    { name: 'contract', slowest: 5, specs: 'test/contract/**/*.spec.ts' },
    { name: 'integration', slowest: 10, specs: 'test/integration/**/*.spec.ts', byFolder: true },
    { name: 'desktop', slowest: 45, specs: 'test/desktop/**/*.spec.ts', onDesktops: true, built: true },
];

const checksOf = (layer: Layer) => [...(layer.first ? [layer.first] : []), ...(layer.checks ?? [])];

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, filter: { type: 'string' }, help: { type: 'boolean' } },
});
const wanted = new Set([...positionals, ...(values.only ?? [])]);
const names = new Set(layers.flatMap(layer => [layer.name, ...checksOf(layer).map(check => check.name)]));
const unknown = [...wanted].filter(name => !names.has(name));
if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`No such layer or check: ${unknown.join(', ')}`);
    console.error(`Usage: npm test -- [--filter TEXT] [${[...names].join('|')}]…`);
    process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'reeve-test-'));
const nothing = (): Result => ({ passed: 0, failed: 0, skipped: 0, failures: [] });
const total = { passed: 0, failed: 0, skipped: 0 };
const problems: string[] = [];
/** How many specs there were for the filter. */
let specsFound = 0;

async function runCheck(check: Check, deadline: number): Promise<void> {
    const { passed, seconds, text } = await runAside(check.name, check.argv, deadline);
    console.log(`${text}  ${passed ? 'ok   ' : 'FAIL '} ${check.name} (${seconds} s)`);
    total[passed ? 'passed' : 'failed'] += 1;
    if (!passed) problems.push(check.name);
}

/** Runs one of several programs that may run at a time: what it writes is given when it has ended. */
async function runAside(name: string, argv: string[], deadline: number, environment?: Record<string, string>) {
    const started = performance.now();
    const log = join(scratch, `${name}.log`);
    const output = openSync(log, 'w');
    const passed = await runChild(argv, { deadline, output, environment });
    closeSync(output);
    return { passed, seconds: ((performance.now() - started) / 1000).toFixed(1), text: readFileSync(log, 'utf8') };
}

/** Specs that run in one process. */
type Part = { name: string; specs: string[]; environment?: Record<string, string> };

async function partsOf(layer: Layer, pattern: string): Promise<Part[]> {
    const specs = globSync(pattern).sort();
    if (layer.byFolder) {
        const folders = Map.groupBy(specs, dirname);
        return longestFirst([...folders].map(([folder, within]) => ({ name: basename(folder), specs: within })));
    }
    if (!layer.onDesktops) return [{ name: layer.name, specs }];
    const on = (suite: Suite) => ({ environment: { [suiteVariable]: suite } });
    const available: Suite[] = [];
    const skipped: Part[] = [];
    for (const suite of wantedSuites()) {
        // Images are made here, where it is seen that this takes its time.
        if ((await whyUnavailable(suite)) === undefined) available.push(suite);
        else skipped.push({ name: `${layer.name} on ${suite}`, specs, ...on(suite) });
    }
    const parts = specs.flatMap(spec =>
        available.map(suite => ({ name: `${basename(spec)} on ${suite}`, specs: [spec], ...on(suite) })),
    );
    return [...longestFirst(parts), ...skipped];
}

/** So that no lane ends long after the other; the size of the files tells well enough. */
const longestFirst = (parts: readonly Part[]) => parts.toSorted((one, other) => sizeOf(other) - sizeOf(one));
const sizeOf = ({ specs }: Part) => specs.reduce((sum, spec) => sum + statSync(spec).size, 0);

async function runSpecs(layer: Layer, pattern: string, deadline: number): Promise<void> {
    const failures: string[] = [];
    const parts = await partsOf(layer, pattern);
    let found = 0;
    await inLanes(parts, async part => {
        const result = await runPart(layer, part, deadline, parts.length > 1);
        for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += result[key];
        failures.push(...result.failures);
        found += result.passed + result.failed + result.skipped;
    });
    specsFound += found;
    // A filter may be about another layer.
    if (found === 0 && values.filter === undefined) countFailure(`${layer.name} has no specs`);
    for (const failure of failures) console.log(`\nFAILED: ${failure}`);
    if (failures.length > 0) problems.push(layer.name);
}

async function runPart(layer: Layer, part: Part, deadline: number, besideOthers: boolean): Promise<Result> {
    const resultFile = join(scratch, `${part.name}.json`);
    const filter = values.filter === undefined ? [] : ['--filter', values.filter];
    const order = layer.onDesktops ? ['--in-order'] : [];
    const argv = script('test/support/runSpecs.ts', resultFile, ...filter, ...order, ...part.specs);
    const passed = besideOthers
        ? await runPartAside(part, argv, deadline)
        : await runChild(argv, { deadline, environment: part.environment });
    const reported = existsSync(resultFile);
    const result = reported ? (JSON.parse(readFileSync(resultFile, 'utf8')) as Result) : nothing();
    if (!reported || (!passed && result.failed === 0)) {
        result.failed += 1;
        result.failures.push(`${part.name} did not come to its end`);
    }
    return result;
}

async function runPartAside({ name, environment }: Part, argv: string[], deadline: number): Promise<boolean> {
    const { passed, seconds, text } = await runAside(name, argv, deadline, environment);
    if (text.trim() !== '') console.log(`\n-- ${name} (${seconds} s)\n${text.trimEnd()}`);
    return passed;
}

function countFailure(what: string): void {
    total.failed += 1;
    problems.push(what);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.on('exit', () => {
    rmSync(scratch, { recursive: true, force: true });
});

const missing = ensureHostPackages();
if (missing.length > 0) {
    console.log(
        `NOT INSTALLED HERE, and may not be installed: ${missing.join(', ')}. Tests that need them are SKIPPED.`,
    );
}
const done = new Set<Check>();
for (const layer of layers) {
    const whole = wanted.size === 0 || wanted.has(layer.name);
    const checks = checksOf(layer).filter(check => whole || wanted.has(check.name));
    if (whole && layer.built && !done.has(build)) checks.push(build);
    if (checks.length === 0 && !(whole && layer.specs)) continue;
    if (!done.has(generate) && !checks.includes(generate)) checks.unshift(generate);
    console.log(`\n== ${layer.name}`);
    const deadline = performance.now() + layer.slowest * 60_000;
    const [first, ...others] = checks;
    if (first) await runCheck(first, deadline);
    await inLanes(others, check => runCheck(check, deadline));
    for (const check of checks) done.add(check);
    if (whole && layer.specs) await runSpecs(layer, layer.specs, deadline);
}

if (specsFound === 0 && values.filter !== undefined) countFailure(`no spec is called “${values.filter}”`);

console.log(problems.length > 0 ? `\nFailed: ${problems.join(', ')}` : '\nEverything passed.');
if (total.skipped > 0) console.log(`SKIPPED: ${total.skipped} tests, for the reasons given above.`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
