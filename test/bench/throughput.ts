// Detection over a large journal. REEVE_BENCH_ENTRIES makes it smaller for a first look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

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
        if (!isPresent('fail2ban-regex')) console.log('  fail2ban-regex is not installed');
    } finally {
        rmSync(directory, { recursive: true });
    }
}
