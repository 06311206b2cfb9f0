// Detection over a large journal. REEVE_BENCH_ENTRIES makes it smaller for a first look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { buildAll } from '../../build/build.ts';
import { families } from '../../service/faults/generated/text.ts';
import type { FaultFamily } from '../../service/detection/faultRule.ts';
import { LineSplitter } from '../../service/textAnalysis/lineSplitter.ts';
import { TextDetector } from '../../service/textAnalysis/textDetector.ts';
import { TextLogEntry } from '../../service/textAnalysis/textLogEntry.ts';
import { ensureHostPackages, isPresent } from '../support/hostPackages.ts';
import { journalRemote } from '../support/journals.ts';
import { journalOfADay } from './journalOfADay.ts';
import { quantile } from './statistics.ts';

const entries = Number(process.env.REEVE_BENCH_ENTRIES ?? 500_000);
const rounds = 3;

/** Seconds: by the clock on the wall, and of the processors, with those of what the program runs itself. */
type Cost = { wall: number; processor: number };

/** What the processes that have ended took, in seconds: proc_pid_stat(5), in ticks of which Linux shows 100 a second. */
function processorTime(): number {
    const [, after = ''] = readFileSync('/proc/self/stat', 'latin1').split(') ');
    const fields = after.split(' ');
    const [cutime, cstime] = [fields[13], fields[14]];
    return (Number(cutime) + Number(cstime)) / 100;
}

/** Runs a program with its output thrown away, or kept in `file`. */
async function run(
    command: readonly string[],
    { file = '/dev/null', input }: { file?: string; input?: Readable } = {},
): Promise<Cost> {
    const [program = '', ...args] = command;
    const began = performance.now();
    const used = processorTime();
    // Straight into the file: a reader of ours would be what is measured.
    const output = openSync(file, 'w');
    try {
        const child = spawn(program, args, { stdio: [input === undefined ? 'ignore' : 'pipe', output, 'pipe'] });
        let errors = '';
        child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
        const closed = once(child, 'close');
        if (input !== undefined && child.stdin !== null) await pipeline(input, child.stdin);
        const [code] = (await closed) as [number | null];
        if (code !== 0) throw new Error(`${command.join(' ')}: ${errors}`);
    } finally {
        closeSync(output);
    }
    return { wall: (performance.now() - began) / 1000, processor: processorTime() - used };
}

/** Each program in turn, several times over, so that what else the machine does meets all of them. */
async function race(programs: Record<string, readonly string[]>): Promise<Record<string, Cost>> {
    const costs: Record<string, Cost[]> = {};
    for (let round = 0; round < rounds; round++) {
        for (const [name, command] of Object.entries(programs)) (costs[name] ??= []).push(await run(command));
    }
    const median = (all: readonly Cost[], of: keyof Cost) =>
        quantile(
            all.map(cost => cost[of]),
            0.5,
        );
    return Object.fromEntries(
        Object.entries(costs).map(([name, all]) => [
            name,
            { wall: median(all, 'wall'), processor: median(all, 'processor') },
        ]),
    );
}

/** The same rules once more in words that nobody writes, as if there were twice as many. */
function twice(): FaultFamily[] {
    const turned = (text: string) =>
        text.replace(/\{[^{}]*\}|[a-z]/g, part =>
            part.length > 1 ? part : String.fromCharCode(((part.charCodeAt(0) - 97 + 13) % 26) + 97),
        );
    const others = families.map(family => ({
        ...family,
        rules: family.rules.map(rule => ({ ...rule, lines: rule.lines.map(turned) })),
        harmless: family.harmless.map(group => ({ ...group, lines: group.lines.map(turned) })),
    }));
    return [...families, ...others];
}

/** Seconds that detection alone takes for the entries, which are read beforehand. */
function detect(entries: readonly Buffer[], of: readonly FaultFamily[]): number {
    const detector = new TextDetector({ families: of });
    const began = performance.now();
    for (const [index, line] of entries.entries()) detector.feed(new TextLogEntry(line, index + 1, 0));
    return (performance.now() - began) / 1000;
}

function benchRules(text: string): void {
    const lines: Buffer[] = [];
    const splitter = new LineSplitter((bytes, start, end) => lines.push(bytes.subarray(start, end)));
    splitter.push(readFileSync(text));
    splitter.end();
    const doubled = twice();
    const times: [once: number, twice: number][] = [];
    for (let round = 0; round < 2 * rounds + 1; round++) times.push([detect(lines, families), detect(lines, doubled)]);
    const ratio = quantile(
        times.slice(1).map(([one, two]) => two / one),
        0.5,
    );
    console.log(`  detection with twice as many rules, × the rules that there are  ${ratio.toFixed(3)} ×`);
}

function print(costs: Record<string, Cost>, reference: string): void {
    const unit = costs[reference];
    const share = (seconds: number, of = Number.NaN) =>
        `${(seconds / of).toFixed(2).padStart(6)} × (${seconds.toFixed(2)} s)`;
    for (const [name, { wall, processor }] of Object.entries(costs)) {
        const times = `${share(wall, unit?.wall)}, processor ${share(processor, unit?.processor)}`;
        console.log(`  ${name.padEnd(36)} ${times}, ${Math.round(entries / wall / 1000)}k entries/s`);
    }
}

export async function bench(): Promise<void> {
    ensureHostPackages({ [journalRemote]: 'systemd-journal-remote', 'fail2ban-regex': 'fail2ban' });
    if (!isPresent(journalRemote)) {
        console.log('  skipped: systemd-journal-remote is not installed');
        return;
    }
    const directory = mkdtempSync(join(tmpdir(), 'reeve-throughput-'));
    try {
        const journals = join(directory, 'journal');
        mkdirSync(journals);
        const journal = join(journals, 'day.journal');
        const text = join(directory, 'day.log');
        const source = Readable.from(journalOfADay(entries), { objectMode: false, highWaterMark: 1024 * 1024 });
        await run([journalRemote, `--output=${journal}`, '-'], { input: source });
        await run(['journalctl', `--directory=${journals}`, '--output=short', '--no-pager'], { file: text });
        // As it is installed: from the sources, Node would take as long again to get ready.
        const reeve = [join(await buildAll(join(directory, 'out')), 'bin', 'reeve'), 'analyze'];
        const journalctl = ['journalctl', `--directory=${journals}`, '--no-pager'];
        console.log(`  ${entries} entries of a journal; × journalctl --output=export`);
        const ofJournal = await race({
            'journalctl --output=cat': [...journalctl, '--output=cat'],
            'journalctl --output=export': [...journalctl, '--output=export'],
            // What nobody who reads its output can be faster than.
            'journalctl --output=export | cat': ['sh', '-c', '"$@" | cat', 'sh', ...journalctl, '--output=export'],
            'reeve analyze --directory': [...reeve, '--directory', journals, '--json'],
        });
        print(ofJournal, 'journalctl --output=export');
        console.log('  the same as plain text; × reeve analyze');
        // What is before and behind the time, which it takes out, is left.
        const expression = String.raw`^\s*\S+ systemd\[1\]: <F-ID>\S+</F-ID>: Failed with result`;
        const ofText = await race({
            'reeve analyze --text': [...reeve, '--text', text, '--json'],
            ...(isPresent('fail2ban-regex') && {
                'fail2ban-regex, its filter sshd': ['fail2ban-regex', text, 'sshd'],
                'fail2ban-regex, one expression': ['fail2ban-regex', text, expression],
            }),
        });
        print(ofText, 'reeve analyze --text');
        benchRules(text);
        if (!isPresent('fail2ban-regex')) console.log('  fail2ban-regex is not installed');
    } finally {
        rmSync(directory, { recursive: true });
    }
}
