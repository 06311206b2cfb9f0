// Detection over a large journal. REEVE_BENCH_ENTRIES makes it smaller for a first look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { Detector } from '../../service/detection/detector.ts';
import { families } from '../../service/detection/families.ts';
import type { FaultFamily } from '../../service/detection/fault.ts';
import { TextLogEntry } from '../../service/detection/logEntry.ts';
import { LineSplitter } from '../../service/sources/textLines.ts';
import { isPresent } from '../support/hostPackages.ts';
import { journalRemote } from '../support/journals.ts';
import { journalOfADay } from './journalOfADay.ts';
import { quantile } from './statistics.ts';

const entries = Number(process.env.REEVE_BENCH_ENTRIES ?? 500_000);
const rounds = 3;
const reeve = [process.execPath, fileURLToPath(new URL('../../service/cli/main.ts', import.meta.url)), 'analyze'];

/** Runs a program with its output thrown away, or kept in `file`. */
async function run(
    command: readonly string[],
    { file = '/dev/null', input }: { file?: string; input?: Readable } = {},
) {
    const [program = '', ...args] = command;
    const began = performance.now();
    const child = spawn(program, args);
    if (input === undefined) child.stdin.end();
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const closed = once(child, 'close');
    const work = [pipeline(child.stdout, createWriteStream(file))];
    if (input !== undefined) work.push(pipeline(input, child.stdin));
    await Promise.all(work);
    const [code] = (await closed) as [number | null];
    if (code !== 0) throw new Error(`${command.join(' ')}: ${errors}`);
    return (performance.now() - began) / 1000;
}

/** Each program in turn, several times over, so that what else the machine does meets all of them. */
async function race(programs: Record<string, readonly string[]>): Promise<Record<string, number>> {
    const times: Record<string, number[]> = {};
    for (let round = 0; round < rounds; round++) {
        for (const [name, command] of Object.entries(programs)) (times[name] ??= []).push(await run(command));
    }
    return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, quantile(all, 0.5)]));
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
        harmless: (family.harmless ?? []).map(group => ({ ...group, lines: group.lines.map(turned) })),
    }));
    return [...families, ...others];
}

/** Seconds that detection alone takes for the entries, which are read beforehand. */
function detect(entries: readonly Buffer[], faults: readonly FaultFamily[]): number {
    const detector = new Detector({ uid: null, faults });
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

function print(times: Record<string, number>, reference: string): void {
    const unit = times[reference] ?? Number.NaN;
    for (const [name, seconds] of Object.entries(times)) {
        const rate = Math.round(entries / seconds / 1000);
        console.log(
            `  ${name.padEnd(44)} ${(seconds / unit).toFixed(2).padStart(6)} × (${seconds.toFixed(2)} s, ${rate}k entries/s)`,
        );
    }
}

export async function bench(): Promise<void> {
    if (!isPresent(journalRemote)) {
        console.log('  skipped: systemd-journal-remote is not installed');
        return;
    }
    const directory = mkdtempSync(join(tmpdir(), 'reeve-throughput-'));
    try {
        const journal = join(directory, 'day.journal');
        const text = join(directory, 'day.log');
        const source = Readable.from(journalOfADay(entries), { objectMode: false, highWaterMark: 1024 * 1024 });
        await run([journalRemote, `--output=${journal}`, '-'], { input: source });
        await run(['journalctl', `--directory=${directory}`, '--output=short', '--no-pager'], { file: text });
        const journalctl = ['journalctl', `--directory=${directory}`, '--no-pager'];
        console.log(`  ${entries} entries of a journal; × the floor, journalctl --output=cat`);
        const ofJournal = await race({
            'journalctl --output=cat': [...journalctl, '--output=cat'],
            'journalctl --output=export': [...journalctl, '--output=export'],
            'reeve analyze --directory': [...reeve, '--directory', directory, '--json'],
        });
        print(ofJournal, 'journalctl --output=cat');
        console.log('  the same as plain text; × reeve analyze');
        const filter = String.raw`^\S+ systemd\[1\]: <F-ID>\S+</F-ID>: Failed with result`;
        const ofText = await race({
            'reeve analyze --text': [...reeve, '--text', text, '--json'],
            ...(isPresent('fail2ban-regex') && { 'fail2ban-regex, one filter': ['fail2ban-regex', text, filter] }),
            'grep, one filter': ['grep', '-c', 'Failed with result', text],
        });
        print(ofText, 'reeve analyze --text');
        benchRules(text);
        if (!isPresent('fail2ban-regex')) console.log('  fail2ban-regex is not installed');
    } finally {
        rmSync(directory, { recursive: true });
    }
}
