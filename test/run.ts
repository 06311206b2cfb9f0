// All tests, fast layers first: `npm test`. Layers or single checks by name: `npm test -- unit contract`,
// `npm test -- --filter "restart loop" unit`. Ends with the line `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureHostPackages } from './support/hostPackages.ts';
import type { Counts } from './support/runSpecs.ts';

type Check = { name: string; argv: string[] };
type Layer = {
    name: string;
    checks?: Check[];
    specs?: string;
    slowest: number;
    /** The specs of one file share a desktop and tell its story: installed, used, taken back. */
    inOrder?: boolean;
    /** The specs take the build as it is. */
    built?: boolean;
};

const bin = (name: string) => join('node_modules', '.bin', name);
const script = (...argv: string[]) => [process.execPath, '--disable-warning=ExperimentalWarning', ...argv];

const build: Check = { name: 'build', argv: script('build/build.ts') };

/** `slowest`: minutes after which a layer is stopped and counted as failed, so that a hang ends by itself. */
const layers: Layer[] = [
    {
        name: 'static',
        slowest: 10,
        checks: [
            { name: 'generate', argv: script('build/generate.ts', '--check') },
            { name: 'types', argv: [bin('tsc'), '-p', '.'] },
            { name: 'types-extension', argv: [bin('tsc'), '-p', 'extension'] },
            { name: 'lint', argv: [bin('eslint'), '--max-warnings=0', '.'] },
            { name: 'format', argv: [bin('prettier'), '--check', '--log-level=warn', '.'] },
            { name: 'rules', argv: script('test/static/rules.ts') },
            { name: 'translations', argv: script('po/update.ts', '--check') },
            build,
        ],
    },
    { name: 'unit', slowest: 5, specs: 'test/unit/**/*.spec.ts' },
    { name: 'unit-gjs', slowest: 2, checks: [{ name: 'extension', argv: script('test/unit/extension/run.ts') }] },
    { name: 'contract', slowest: 5, specs: 'test/contract/**/*.spec.ts' },
    { name: 'integration', slowest: 10, specs: 'test/integration/**/*.spec.ts' },
    { name: 'desktop', slowest: 60, specs: 'test/desktop/**/*.spec.ts', inOrder: true, built: true },
];

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, filter: { type: 'string' }, help: { type: 'boolean' } },
});
const wanted = new Set([...positionals, ...(values.only ?? [])]);
const names = new Set(layers.flatMap(layer => [layer.name, ...(layer.checks ?? []).map(check => check.name)]));
const unknown = [...wanted].filter(name => !names.has(name));
if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`No such layer or check: ${unknown.join(', ')}`);
    console.error(`Usage: npm test -- [--filter TEXT] [${[...names].join('|')}]…`);
    process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'reeve-test-'));
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const problems: string[] = [];

/** @returns whether it ended well; false when it failed, crashed or had to be stopped */
async function run(argv: string[], minutes: number): Promise<boolean> {
    const [command = '', ...rest] = argv;
    const child = spawn(command, rest, { stdio: 'inherit', detached: true });
    const stop = () => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const limit = setTimeout(() => {
        console.log(`Stopped after ${minutes} minutes: ${argv.join(' ')}`);
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        setTimeout(stop, 20_000).unref();
    }, minutes * 60_000);
    process.once('exit', stop);
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once('exit', resolve);
        child.once('error', reject);
    });
    clearTimeout(limit);
    process.off('exit', stop);
    return code === 0;
}

async function runCheck(check: Check, minutes: number): Promise<void> {
    const started = performance.now();
    const passed = await run(check.argv, minutes);
    console.log(
        `  ${passed ? 'ok   ' : 'FAIL '} ${check.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    );
    total[passed ? 'passed' : 'failed'] += 1;
    if (!passed) problems.push(check.name);
}

async function runSpecs(layer: Layer, pattern: string): Promise<void> {
    const specs = globSync(pattern).sort();
    const resultFile = join(scratch, `${layer.name}.json`);
    const filter = values.filter === undefined ? [] : ['--filter', values.filter];
    const order = layer.inOrder ? ['--in-order'] : [];
    const argv = script('test/support/runSpecs.ts', resultFile, ...filter, ...order, ...specs);
    const passed = await run(argv, layer.slowest);
    let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
    try {
        counts = JSON.parse(readFileSync(resultFile, 'utf8')) as Counts;
    } catch {
        console.log(`The ${layer.name} specs ended before they could report.`);
    }
    if (!passed && counts.failed === 0) counts.failed = 1;
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    if (counts.failed > 0) problems.push(layer.name);
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
    const checks = (layer.checks ?? []).filter(check => whole || wanted.has(check.name));
    if (whole && layer.built && !done.has(build)) checks.push(build);
    if (checks.length === 0 && !(whole && layer.specs)) continue;
    console.log(`\n== ${layer.name}`);
    for (const check of checks) {
        await runCheck(check, layer.slowest);
        done.add(check);
    }
    if (whole && layer.specs) await runSpecs(layer, layer.specs);
}

console.log(problems.length > 0 ? `\nFailed: ${problems.join(', ')}` : '\nEverything passed.');
if (total.skipped > 0) console.log(`SKIPPED: ${total.skipped} tests, for the reasons given above.`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
