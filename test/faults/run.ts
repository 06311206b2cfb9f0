// The fault bench: `npm run faults`, or with suites and `--only TEXT`. See README.md beside this file.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildAll } from '../../build/build.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { ensureImage, shellOf, suites, type Suite } from '../desktop/image.ts';
import { whyNoMachine } from '../desktop/machine.ts';
import { bootMachineWithReeve, bootWithReeve, Screen } from '../desktop/support/screen.ts';
import { installPackages } from './packages.ts';
import { Reeve } from './reeve.ts';
import {
    isPerfect,
    merge,
    printHead,
    printQuiet,
    printScore,
    summary,
    writeReport,
    type QuietScore,
    type Report,
} from './report.ts';
import type { QuietRun, Scenario } from './scenario.ts';
import { newScore, scoreScenario, type Score } from './score.ts';

const usage = `Usage: npm run faults -- [SUITE …] [--only TEXT]… [--skip-quiet] [--json FILE] [--write]

  SUITE        ${suites.map(suite => `${suite} (GNOME ${shellOf[suite]})`).join(', ')}; all of them if none is given
  --only TEXT  the scenarios whose file is called so, in part; no quiet runs unless one is
  --skip-quiet the faults alone
  --json FILE  everything that was seen; what the file tells of faults that are not tried this time stays
  --write      keep the table in docs/faults-results.md`;

/** Fixes are approved in the Shell; the password that polkit would ask for is the matter of other tests. */
const noPasswords = {
    // polkit reads an older JavaScript, without arrow functions (polkit(8)).
    '/etc/polkit-1/rules.d/10-fault-bench.rules':
        "polkit.addRule(function (action, subject) { if (subject.user === 'alice') return polkit.Result.YES; });\n",
};

/** What the files of a folder export, in the order of their names. */
async function load<T>(folder: string, only: string[]): Promise<T[]> {
    const files = (await readdir(new URL(folder, import.meta.url)))
        .filter(file => only.some(text => file.includes(text)))
        .toSorted();
    const loaded = await Promise.all(files.map(file => import(`./${folder}${file}`) as Promise<{ scenario: T }>));
    return loaded.map(({ scenario }) => scenario);
}

async function versionsOf(desktop: Desktop, suite: Suite): Promise<Record<string, string>> {
    const names: Record<string, string> = {
        'gnome-shell': 'GNOME Shell',
        systemd: 'systemd',
        'network-manager': 'NetworkManager',
    };
    const format = '${Package} ${Version}\\n';
    const { stdout } = await desktop.exec(['dpkg-query', '-W', '-f', format, ...Object.keys(names)]);
    const versions = stdout
        .trim()
        .split('\n')
        .map(line => {
            const [name = '', version = ''] = line.split(' ');
            // Without the epoch and Debian's own revision.
            return [names[name] ?? name, version.replace(/^\d+:/, '').replace(/-[^-]*$/, '')] as const;
        });
    return { Debian: suite, ...Object.fromEntries(versions) };
}

/** Tells what came of the time since it was asked last, or since the boot. */
function listener(reeve: Reeve, screen: Screen): () => Promise<string[]> {
    const known = new Set<string>();
    let announced = 0;
    return async () => {
        const fresh = [...(await reeve.incidents()).values()].filter(({ path }) => !known.has(path));
        for (const { path } of fresh) known.add(path);
        const all = await screen.announced();
        const shown = all.slice(announced);
        announced = all.length;
        return [
            ...fresh.map(({ Title, Evidence }) => `“${Title}” (${Evidence.at(-1)?.message ?? ''})`),
            ...shown.map(title => `announced “${title}”`),
        ];
    };
}

async function bench(suite: Suite, only: string[]): Promise<Report> {
    const isNamed = !only.includes('');
    const quietRuns = values['skip-quiet'] ? [] : await load<QuietRun>('quiet/', only);
    const wanted = quietRuns.filter(({ isLong }) => isNamed || isLong !== true);
    const all = await load<Scenario>('scenarios/', only);
    const scenarios = all.filter(({ suites: where }) => where?.includes(suite) ?? true);
    const inContainer = scenarios.filter(({ needs }) => needs === undefined);
    const inMachine = scenarios.filter(({ needs }) => needs === 'machine');
    const report: Report = { shell: shellOf[suite], versions: {}, scores: [], quiet: [] };
    for (const [index, some] of batches(inContainer, { hasMore: wanted.length > 0 }).entries()) {
        await using desktop = await bootWithReeve(suite, filesOf(some));
        await tryAll(report, desktop, suite, index === 0 ? wanted : [], some);
    }
    if (inMachine.length > 0) await tryInMachine(report, suite, inMachine);
    console.log(summary(report));
    return report;
}

/** Each batch has a desktop of its own, so that none reaches the 100 notifications an hour that Reeve allows at most. */
function batches(scenarios: readonly Scenario[], { hasMore }: { hasMore: boolean }): Scenario[][] {
    const size = 60;
    const count = Math.max(Math.ceil(scenarios.length / size), hasMore ? 1 : 0);
    return Array.from({ length: count }, (_batch, index) => scenarios.slice(index * size, (index + 1) * size));
}

/** What was found before is kept, whatever becomes of the machine. */
async function tryInMachine(report: Report, suite: Suite, scenarios: readonly Scenario[]): Promise<void> {
    const leaveOut = (reason: string) => {
        console.log(`NO VIRTUAL MACHINE: ${reason}`);
        const leftOut = `no virtual machine: ${reason}`;
        report.scores.push(...scenarios.map(scenario => ({ ...newScore(scenario), leftOut })));
    };
    const reason = whyNoMachine();
    if (reason !== undefined) {
        leaveOut(reason);
        return;
    }
    const booted = await bootMachineWithReeve(suite, filesOf(scenarios)).catch((error: unknown) => error as Error);
    if (booted instanceof Error) {
        leaveOut(booted.message);
        return;
    }
    await using desktop = booted;
    await tryAll(report, desktop, suite, [], scenarios);
}

function filesOf(scenarios: readonly Scenario[]): Record<string, string> {
    return Object.assign({ ...noPasswords }, ...scenarios.map(({ files = {} }) => files)) as Record<string, string>;
}

async function tryAll(
    report: Report,
    desktop: Desktop,
    suite: Suite,
    quietRuns: readonly QuietRun[],
    scenarios: readonly Scenario[],
): Promise<void> {
    const reeve = new Reeve(desktop);
    const heard = listener(reeve, new Screen(desktop));
    report.versions = await versionsOf(desktop, suite);
    for (const { title, run } of quietRuns) {
        const broken = await run(desktop).then(
            () => [],
            (error: unknown) => [`it did not come about: ${(error as Error).message.slice(0, 160)}`],
        );
        const score: QuietScore = { title, raised: [...broken, ...(await heard())] };
        report.quiet.push(score);
        printQuiet(score);
    }
    printHead();
    for (const scenario of scenarios) {
        const score = await attempt(desktop, reeve, suite, scenario);
        report.scores.push(score);
        printScore(score);
    }
}

async function readReports(file: string): Promise<Report[]> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '[]';
        throw error;
    });
    return JSON.parse(text) as Report[];
}

/** A scenario that does not come about says nothing about Reeve, and must not keep the others from their turn. */
async function attempt(desktop: Desktop, reeve: Reeve, suite: Suite, scenario: Scenario): Promise<Score> {
    try {
        const leftOut = await installPackages(desktop, suite, scenario.packages ?? []);
        if (leftOut !== '') return { ...newScore(scenario), leftOut };
        return await scoreScenario(desktop, reeve, scenario);
    } catch (error) {
        const [what = '', ...output] = (error as Error).message.trim().split('\n');
        return { ...newScore(scenario), leftOut: `it did not come about: ${what.slice(-80)} ${output.at(-1) ?? ''}` };
    }
}

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        only: { type: 'string', multiple: true, default: [''] },
        json: { type: 'string' },
        write: { type: 'boolean', default: false },
        'skip-quiet': { type: 'boolean', default: false },
        help: { type: 'boolean' },
    },
});
if (values.help) {
    console.log(usage);
} else {
    const wanted = positionals.length === 0 ? suites : suites.filter(suite => positionals.includes(suite));
    if (wanted.length < positionals.length) throw new Error(`no such suite: ${positionals.join(', ')}\n${usage}`);
    await buildAll();
    const earlier = values.json === undefined ? [] : await readReports(values.json);
    const reports: Report[] = [];
    for (const suite of wanted) {
        console.log(`\nGNOME ${shellOf[suite]} (Debian ${suite})`);
        await ensureImage(suite);
        const report = await bench(suite, values.only);
        const before = earlier.find(({ shell }) => shell === report.shell);
        const whole = before === undefined ? report : merge(before, report);
        reports.push(whole);
        if (values.write) await writeReport(whole);
    }
    if (values.json !== undefined) {
        const others = earlier.filter(({ shell }) => !reports.some(report => report.shell === shell));
        await writeFile(values.json, `${JSON.stringify([...others, ...reports], undefined, 2)}\n`);
    }
    const isGood = reports.every(
        ({ scores, quiet }) => scores.every(isPerfect) && quiet.every(({ raised }) => raised.length === 0),
    );
    process.exitCode = isGood ? 0 : 1;
}
