// The service over a journal of years. It takes half an hour and 5 GB; REEVE_BENCH_ENTRIES makes it smaller for a first look.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { Connection } from '../../service/dbus/connection.ts';
import { startBuiltService, type BuiltService } from '../support/builtService.ts';
import { isPresent } from '../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../support/journals.ts';
import { journalOfADay } from './journalOfADay.ts';

const entries = Number(process.env.REEVE_BENCH_ENTRIES ?? 10_000_000);
/** A file of the journal holds 4 GiB at most: journal-file.c of systemd. */
const perFile = 1_000_000;
/** Programs that log much at once, so that ten million entries take 4 GB. Bytes, and one of them in so many entries. */
const bulk = 240 * 1024;
const perBulk = 1000;
const begin = 1_700_000_000_000_000;

function* withBulk(count: number, start: number): Generator<string | Buffer> {
    let written = 0;
    const writer = new EntryWriter(start);
    for (const part of journalOfADay(count, start)) {
        yield part;
        written += 1;
        // journalOfADay() yields a thousand at a time.
        if (written % (perBulk / 1000) === 0) yield writer.binaryLine('bulky.service', randomBytes(bulk));
    }
}

async function write(directory: string): Promise<void> {
    for (let from = 0; from < entries; from += perFile) {
        const file = join(directory, `part${String(from / perFile).padStart(3, '0')}.journal`);
        const remote = spawn(journalRemote, [`--output=${file}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
        const closed = once(remote, 'close');
        const count = Math.min(perFile, entries - from);
        await pipeline(Readable.from(withBulk(count, begin + from * 1000), { objectMode: false }), remote.stdin);
        await closed;
    }
}

/** VmRSS and VmHWM of proc_pid_status(5), MiB. */
function memory({ pid }: BuiltService): { now: number; peak: number } {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
}

const manager = {
    destination: 'org.reevedesktop.Reeve1',
    path: '/org/reevedesktop/Reeve1',
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    signature: 'ss',
    arguments: ['org.reevedesktop.Reeve1.Manager', 'Sources'],
};
const sources = z.tuple([z.array(z.object({ name: z.string(), state: z.number(), events: z.number() }))]);
/** As Manager.Sources has it. */
const watching = 2;

/** How many entries the service has read, and whether it has come to the end. */
async function progress(bus: Connection): Promise<{ events: number; isDone: boolean }> {
    const [all] = sources.parse(await bus.call({ ...manager, timeout: Infinity }));
    const journal = all.find(({ name }) => name === 'journal');
    return { events: journal?.events ?? 0, isDone: journal?.state === watching };
}

export async function bench(): Promise<void> {
    if (!isPresent(journalRemote)) {
        console.log('  skipped: systemd-journal-remote is not installed');
        return;
    }
    const directory = mkdtempSync(join(tmpdir(), 'reeve-long-'));
    const journal = join(directory, 'journal');
    try {
        mkdirSync(journal);
        await write(journal);
        const size = readdirSync(journal).reduce((sum, name) => sum + statSync(join(journal, name)).size, 0);
        console.log(`  ${entries} entries in ${(size / 1e9).toFixed(1)} GB`);
        await measure(journal);
    } finally {
        rmSync(directory, { recursive: true });
    }
}

async function measure(journal: string): Promise<void> {
    const state = join(journal, '..', 'state');
    {
        await using service = await startBuiltService({ arguments: ['--journal', journal] });
        await using bus = await Connection.open({ address: service.environment.DBUS_SESSION_BUS_ADDRESS ?? '' });
        for (let tenth = 1, isOver = false; !isOver;) {
            const { events, isDone } = await progress(bus);
            if (events >= (tenth * entries) / 10 || isDone) {
                const { now, peak } = memory(service);
                const at = `${(events / 1e6).toFixed(1)} million`;
                console.log(`  ${at.padEnd(14)} ${now.toFixed(0)} MiB resident, at most ${peak.toFixed(0)} MiB so far`);
                tenth = Math.floor((events * 10) / entries) + 1;
            }
            isOver = isDone;
            await pause(200);
        }
        cpSync(join(service.environment.XDG_STATE_HOME ?? '', 'reeve'), state, { recursive: true });
    }
    const writer = new EntryWriter(begin + 2 * entries * 1000);
    await appendToJournal(journal, Buffer.from(writer.failure('late.service', 1)));
    const began = performance.now();
    const prepare = (directory: string) => {
        cpSync(state, directory, { recursive: true });
    };
    await using service = await startBuiltService({ prepare, arguments: ['--journal', journal] });
    await using bus = await Connection.open({ address: service.environment.DBUS_SESSION_BUS_ADDRESS ?? '' });
    let { events, isDone } = await progress(bus);
    while (!isDone) {
        await pause(20);
        ({ events, isDone } = await progress(bus));
    }
    const seconds = (performance.now() - began) / 1000;
    const { output } = await service.reeve('incidents');
    const isSeen = output.includes('late.service');
    console.log(
        `  a start with a cursor: ${events} entries read in ${seconds.toFixed(1)} s, the new failure seen: ${isSeen}`,
    );
}
