// All tests: `npm test`. Some of them by layer, check or file: `npm test -- unit lint test/contract/calls.spec.ts`; or by name:
// `npm test -- --filter "restart loop" unit`. Ends with the line `N passed, N failed, N skipped`.
import {
    closeSync,
    existsSync,
    globSync,
    mkdirSync,
    mkdtempSync,
    openSync,
    readFileSync,
    rmSync,
    statSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { suiteVariable, wantedSuites, whyUnavailable, type Suite } from './desktop/image.ts';
import { installedLayer } from './desktop/installedLayer.ts';
import { runChild } from './support/child.ts';
import { ensureHostPackages } from './support/hostPackages.ts';
import { Progress, readDurations } from './support/progress.ts';
import type { Failure, Result } from './support/runSpecs.ts';
import { runJobs, type Job as AnyJob } from './support/schedule.ts';

type Job = AnyJob & { layer: string; result: Result };
type Layer = {
    name: string;
    checks?: Record<string, string[]>;
    specs?: string;
    /** What of them runs in one process. */
    inOne?: 'folder' | 'file' | 'third';
    /** An empty home directory, so that nobody's own is read, which may take long. */
    ownHome?: boolean;
    /** Each file runs on every desktop. Its specs share one and tell its story, in order: installed, used, taken back. */
    onDesktops?: boolean;
};

const bin = (name: string) => join('node_modules', '.bin', name);
const script = (...argv: string[]) => [process.execPath, '--disable-warning=ExperimentalWarning', ...argv];

/** All else that is checked is checked with what it makes. */
const generating = 'generate';
const building = 'build';
const cached = ['--cache', '--cache-strategy', 'content'];

const layers: Layer[] = [
    {
        name: 'static',
        checks: {
            [generating]: script('build/generate.ts'),
            [building]: script('build/build.ts'),
            lint: script('test/static/lint.ts'),
            types: [bin('tsc'), '-p', '.'],
            'types-extension': [bin('tsc'), '-p', 'extension'],
            format: [bin('prettier'), '--check', '--log-level=warn', ...cached, '.'],
            rules: script('test/static/rules.ts'),
            translations: script('po/update.ts', '--check'),
        },
    },
    { name: 'unit', specs: 'test/unit/**/*.spec.ts', inOne: 'third', ownHome: true },
    { name: 'unit-gjs', checks: { extension: script('test/unit/extension/run.ts') } },
    { name: 'contract', specs: 'test/contract/**/*.spec.ts' },
    { name: 'integration', specs: 'test/integration/**/*.spec.ts', inOne: 'folder' },
    { name: 'desktop', specs: 'test/desktop/**/*.spec.ts', inOne: 'file', onDesktops: true },
];

/** Milliseconds after which what hangs is stopped; they stretch while the machine is busy (support/patience.ts). */
const limits = { check: 10 * 60_000, specFile: 60_000, desktopFile: 10 * 60_000 };

/** How many jobs run at a time. Too many desktops starve each other. */
const atLeast = Math.min(4, availableParallelism());
const atMost = 2 * atLeast;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        only: { type: 'string', multiple: true },
        filter: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
    },
});
const isSpec = (name: string) => name.endsWith('.spec.ts') && existsSync(name);
const asked = [...positionals, ...(values.only ?? [])];
const wantedFiles = new Set(asked.filter(isSpec).map(file => relative('.', file)));
const wanted = new Set(asked.filter(name => !isSpec(name)));
const names = layers.flatMap(({ name, checks = {} }) => [name, ...Object.keys(checks)]);
const unknown = [...wanted].filter(name => !names.includes(name));
if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`No such layer, check or spec file: ${unknown.join(', ')}`);
    console.error(`Usage: npm test -- [--filter TEXT] [--verbose] [FILE.spec.ts|${names.join('|')}]…`);
    process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'reeve-test-'));
const ownHome = join(scratch, 'home');
mkdirSync(ownHome);
const durations = readDurations();
const nothing = (): Result => ({ passed: 0, failed: 0, skipped: 0, failures: [] });
/** What failed, with the command that runs it alone. */
const problems: (Failure & { alone: string })[] = [];
/** The suites that no desktop can run of here. */
const unavailable = new Set<Suite>();

// -- What there is to do

function isWanted({ name }: Layer, check?: string): boolean {
    if (wanted.size === 0 && wantedFiles.size === 0) return true;
    return wanted.has(name) || (check !== undefined && wanted.has(check));
}

function plan(): Job[] {
    const checks = new Map<string, Job>();
    const specs: Job[] = [];
    const before = (...names: string[]) => names.flatMap(name => checks.get(name) ?? []);
    const hasDesktops = layers.some(layer => layer.onDesktops && specsOf(layer).length > 0);
    for (const layer of layers) {
        for (const [check, argv] of Object.entries(layer.checks ?? {})) {
            // What specs need is made whatever is wanted.
            const isNeeded = check === generating || (check === building && hasDesktops);
            if (!isNeeded && !isWanted(layer, check)) continue;
            checks.set(check, checkJob(layer, check, argv, before(generating)));
        }
        const needs = before(generating, building);
        if (layer.onDesktops) specs.push(...desktopJobs(layer, needs));
        else specs.push(...longestFirst(partsOf(layer).map(part => specJob(layer, part, { needs }))));
    }
    return [...checks.values(), ...specs];
}

/** The files of a layer that are to run. */
function specsOf({ name, specs }: Layer): string[] {
    if (specs === undefined) return [];
    const files = globSync(specs).sort();
    return isWanted({ name }) ? files : files.filter(file => wantedFiles.has(file));
}

type Part = { name: string; files: string[] };

function partsOf(layer: Layer): Part[] {
    const files = specsOf(layer);
    if (files.length === 0) return [];
    if (layer.inOne === 'folder') {
        const folders = Map.groupBy(files, dirname);
        return [...folders].map(([folder, within]) => ({ name: `${layer.name} ${basename(folder)}`, files: within }));
    }
    if (layer.inOne === 'third' && files.length > 3) {
        const bySize = files.toSorted((one, other) => statSync(other).size - statSync(one).size);
        return [0, 1, 2].map(third => ({
            name: `${layer.name} ${third + 1}/3`,
            files: bySize.filter((_file, index) => index % 3 === third),
        }));
    }
    return [{ name: layer.name, files }];
}

/** Each file on each suite, the images first: who builds one may take as long as it needs. */
function desktopJobs(layer: Layer, needs: readonly Job[]): Job[] {
    const files = specsOf(layer);
    if (files.length === 0) return [];
    const images = new Map(wantedSuites().map(suite => [suite, imageJob(layer, suite, files, needs)]));
    const jobs = files.flatMap(file =>
        [...images].map(([suite, image]) => {
            const name = `${basename(file, '.spec.ts')} on ${suite}`;
            return specJob(layer, { name, files: [file] }, { needs: [image], suite });
        }),
    );
    return [...images.values(), ...longestFirst(jobs)];
}

/** So that no lane ends long after the others. */
function longestFirst(jobs: readonly Job[]): Job[] {
    return jobs.toSorted((one, other) => (durations.get(other.name) ?? 0) - (durations.get(one.name) ?? 0));
}

// -- Doing it

function checkJob(layer: Layer, name: string, argv: string[], needs: readonly Job[]): Job {
    const job: Job = {
        ...{ name, layer: layer.name, needs, result: nothing() },
        async run() {
            const { well, text } = await runAside(name, argv, limits.check);
            job.result[well ? 'passed' : 'failed'] += 1;
            if (values.verbose) console.log(`${text}  ${well ? 'ok   ' : 'FAIL '} ${name}`);
            if (!well) report({ what: name, why: text }, `npm test -- ${name}`);
        },
    };
    return job;
}

type ForSpecs = { needs: readonly Job[]; suite?: Suite };

function specJob(layer: Layer, { name, files }: Part, { needs, suite }: ForSpecs): Job {
    const job: Job = {
        ...{ name, layer: layer.name, needs, result: nothing() },
        async run() {
            if (suite !== undefined && unavailable.has(suite)) return;
            const environment = { ...(suite && { [suiteVariable]: suite }), ...(layer.ownHome && { HOME: ownHome }) };
            job.result = await runSpecs(name, files, { suite, environment });
        },
    };
    return job;
}

function imageJob(layer: Layer, suite: Suite, files: string[], needs: readonly Job[]): Job {
    const name = `image of ${suite}`;
    const job: Job = {
        ...{ name, layer: layer.name, needs, result: nothing() },
        async run() {
            if ((await whyUnavailable(suite)) === undefined) {
                // Otherwise each spec that begins would make it. What goes wrong, they tell.
                await installedLayer(suite).catch(() => undefined);
                return;
            }
            unavailable.add(suite);
            // They say why they are skipped.
            job.result = await runSpecs(name, files, { suite, environment: { [suiteVariable]: suite } });
        },
    };
    return job;
}

type How = { suite: Suite | undefined; environment: Record<string, string> };

async function runSpecs(name: string, files: string[], { suite, environment }: How): Promise<Result> {
    const resultFile = join(scratch, `${name.replaceAll('/', ' of ')}.json`);
    const filter = values.filter === undefined ? [] : ['--filter', values.filter];
    const order = suite === undefined ? [] : ['--in-order'];
    const argv = script('test/support/runSpecs.ts', resultFile, ...filter, ...order, ...files);
    const limit = suite === undefined ? limits.specFile * files.length : limits.desktopFile;
    const { well, stopped, during, text } = await runAside(name, argv, limit, environment);
    const shown = values.verbose ? /^/ : /^ {2}skip {2}|^NO TEST DESKTOP/;
    const lines = text.split('\n').filter(line => line !== '' && shown.test(line));
    if (lines.length > 0) console.log(`-- ${name}\n${lines.join('\n')}`);

    const isWhole = existsSync(resultFile);
    const result = isWhole ? (JSON.parse(readFileSync(resultFile, 'utf8')) as Result) : nothing();
    for (const failure of result.failures) {
        const file = failure.file ?? filesOf(files);
        // A desktop's specs go on from each other.
        const only = suite === undefined && failure.file !== undefined ? ` --filter ${quote(failure.what)}` : '';
        report(failure, commandFor(file, suite) + only);
    }
    if (!isWhole || (!well && result.failed === 0)) {
        result.failed += 1;
        const ending = stopped ? 'was stopped at its time limit' : 'did not come to its end';
        const where = during === null ? '' : `, in the spec “${during}”`;
        const lastLines = text.trimEnd().split('\n').slice(-20).join('\n');
        report({ what: `${name} ${ending}${where}`, why: lastLines }, commandFor(filesOf(files), suite));
    }
    return result;
}

/** For a shell. */
function filesOf(files: string[]): string {
    const [first = '', ...others] = files;
    if (others.length === 0) return first;
    return others.every(file => dirname(file) === dirname(first)) ? `${dirname(first)}/*.spec.ts` : files.join(' ');
}

function commandFor(files: string, suite?: Suite): string {
    return `${suite === undefined ? '' : `${suiteVariable}=${suite} `}npm test -- ${files}`;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function report(failure: Failure, alone: string): void {
    problems.push({ ...failure, alone });
    console.log(`FAILED: ${failure.what}`);
}

/** Runs one of several programs that may run at a time: what it writes is given when it has ended. */
async function runAside(name: string, argv: string[], limit: number, environment?: Record<string, string>) {
    const log = join(scratch, `${name.replaceAll('/', ' of ')}.log`);
    const output = openSync(log, 'w');
    try {
        const ended = await runChild(argv, { limit, output, environment });
        return { ...ended, text: readFileSync(log, 'utf8') };
    } finally {
        closeSync(output);
    }
}

// -- All of it

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

const jobs = plan();
const left = new Map([...Map.groupBy(jobs, ({ layer }) => layer)].map(([layer, its]) => [layer, new Set(its)]));
const started = performance.now();
{
    using progress = new Progress(jobs, atLeast);
    await runJobs(jobs, {
        atLeast,
        atMost,
        began: job => {
            progress.began(job);
        },
        ended: (job, seconds) => {
            progress.ended(job, seconds);
            const ofLayer = left.get(job.layer);
            ofLayer?.delete(job);
            if (ofLayer?.size === 0) console.log(`${job.layer}: ${inWords(sum(jobsOf(job.layer)))}`);
        },
    });
    progress.keep();
}

function jobsOf(layer: string): Job[] {
    return jobs.filter(job => job.layer === layer);
}

function sum(some: readonly Job[]): Result {
    const total = nothing();
    for (const { result } of some)
        for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += result[key];
    return total;
}

function inWords({ passed, failed, skipped }: Result): string {
    return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const total = sum(jobs);
const complain = (what: string) => {
    total.failed += 1;
    problems.push({ what, why: '', alone: 'npm test -- --help' });
};
const counted = ({ passed, failed, skipped }: Result) => passed + failed + skipped;
const hasSpecs = (layer: Layer) => specsOf(layer).length > 0;
for (const layer of layers.filter(hasSpecs)) {
    // A filter may be about another layer.
    if (values.filter === undefined && counted(sum(jobsOf(layer.name))) === 0) complain(`${layer.name} has no specs`);
}
const specsFound = layers.filter(hasSpecs).reduce((count, { name }) => count + counted(sum(jobsOf(name))), 0);
if (specsFound === 0 && values.filter !== undefined) complain(`no spec is called “${values.filter}”`);

for (const { what, why, alone } of problems) {
    console.log(`\nFAILED: ${what}\n${why.trimEnd().replace(/^/gm, '    ')}\n  alone: ${alone}`);
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(
    problems.length > 0
        ? `\n${problems.length} failed, after ${minutes} minutes.`
        : `\nEverything passed in ${minutes} minutes.`,
);
if (total.skipped > 0) console.log(`SKIPPED: ${total.skipped} tests, for the reasons given above.`);
console.log(inWords(total));
process.exit(total.failed > 0 ? 1 : 0);
