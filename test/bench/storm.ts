// Four programs log as fast as journald takes it, for a minute; then a unit fails. How many entries were read, how many passed
// over and counted, what memory that took, when the failure was told of, and whether a restart goes on exactly behind it.
// REEVE_BENCH_SECONDS shortens the minute for a first look.
import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { distance, loggedAt } from '../../service/journal/cursor.ts';
import { alice } from '../desktop/container.ts';
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch, untilWatching } from '../desktop/support/installed.ts';
import { until } from '../desktop/waiting.ts';

const seconds = Number(process.env.REEVE_BENCH_SECONDS ?? 60);
const writers = 4;
/** What was written is read or passed over within this time. Milliseconds, as all times here. */
const patience = 300_000;

const files = {
    // Nothing is removed before it was read: that would be another loss.
    '/etc/systemd/journald.conf.d/storm.conf':
        '[Journal]\nRateLimitIntervalSec=0\nRateLimitBurst=0\nSystemMaxUse=4G\nSystemKeepFree=1M\n',
};

const name = 'org.reevedesktop.Reeve1';
const bus = ['busctl', '--user', '--json=short'];
const number = z.object({ data: z.number() });
const journalSource = z.object({ events: number, lost: number, last_event: number, lag: number });
const sources = z.object({ data: z.array(z.looseObject({ name: z.object({ data: z.string() }) })) });

/** How far the service is in the journal: what it has read and what was lost since it was started, in microseconds the last. */
async function progress(desktop: Desktop) {
    const property = ['get-property', name, '/org/reevedesktop/Reeve1', `${name}.Manager`, 'Sources'];
    const { stdout } = await desktop.query([...bus, ...property]);
    const journal = sources.parse(JSON.parse(stdout)).data.find(source => source.name.data === 'journal');
    const { events, lost, last_event: last, lag } = journalSource.parse(journal);
    return { events: events.data, lost: lost.data, logged: last.data - lag.data };
}

async function lastCursor(desktop: Desktop): Promise<string> {
    const { stdout } = await desktop.exec(['journalctl', '--quiet', '--lines=1', '--output=cat', '--show-cursor']);
    const [, cursor] = /^-- cursor: (\S+)$/m.exec(stdout) ?? [];
    if (cursor === undefined) throw new Error(`journalctl named no cursor: ${stdout}`);
    return cursor;
}

type Position = { cursor: string; events: number; lost: number };

/** Once the entry that was read last is the last in the journal. */
function untilCaughtUp(desktop: Desktop): Promise<Position> {
    const isThere = async () => {
        const cursor = await lastCursor(desktop);
        const { events, lost, logged } = await progress(desktop);
        return logged === loggedAt(cursor) && { cursor, events, lost };
    };
    return until('all of the journal is read', isThere, { timeout: patience, every: 250 });
}

/** Once an incident is about the unit; each is one object. @returns how many are */
async function untilReported(desktop: Desktop, unit: string): Promise<number> {
    const call = ['call', name, '/org/reevedesktop/Reeve1', 'org.freedesktop.DBus.ObjectManager', 'GetManagedObjects'];
    const told = async () => {
        const { stdout } = await desktop.query([...bus, ...call]);
        const incidents = stdout.split(`"Subject":{"type":"s","data":"${unit}"}`).length - 1;
        return incidents > 0 && incidents;
    };
    return until(`${unit} is told of`, told, { timeout: patience, every: 250 });
}

/** In MB: its share of memory, what it holds, and the most that it held since `forgetPeak`; proc_pid_status(5). */
async function memory(desktop: Desktop, pid: string) {
    const { stdout } = await desktop.exec(['cat', `/proc/${pid}/smaps_rollup`, `/proc/${pid}/status`]);
    const of = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(stdout)?.[1]) / 1024;
    return { pss: of('Pss'), resident: of('VmRSS'), peak: of('VmHWM') };
}

/** Resets the kernel's peak of a process's memory; proc_pid_clear_refs(5). */
async function forgetPeak(desktop: Desktop, pid: string): Promise<void> {
    await desktop.exec(['sh', '-c', 'echo 5 >"/proc/$1/clear_refs"', 'sh', pid]);
}

async function fail(desktop: Desktop, unit: string): Promise<void> {
    await desktop.exec(['systemd-run', '--quiet', `--unit=${unit}`, 'false']);
}

async function storm(desktop: Desktop): Promise<void> {
    const line = 'storm: the quick brown fox jumps over the lazy dog and back again';
    const script = 'timeout "$1" yes "$2" | systemd-cat --identifier="storm-$3" --priority=info';
    const each = Array.from({ length: writers }, (_unused, writer) =>
        desktop.exec(['sh', '-c', script, 'sh', String(seconds), line, String(writer)], {
            timeout: seconds * 1000 + patience,
        }),
    );
    await Promise.all(each);
}

/** Behind which the service will go on, as it has stored it. It must not run. */
async function storedCursor(desktop: Desktop): Promise<string> {
    const program = `const { DatabaseSync } = require('node:sqlite');
        const database = new DatabaseSync(process.argv[1], { readOnly: true });
        console.log(database.prepare("SELECT value FROM state WHERE key = 'journal-cursor'").get().value)`;
    const node = `${alice.home}/.local/lib/reeve/lib/node`;
    const database = `${alice.home}/.local/state/reeve/database/reeve.db`;
    const { stdout } = await desktop.query([node, '--no-warnings', '--eval', program, database]);
    return stdout.trim();
}

export async function bench(): Promise<void> {
    await using desktop = await Desktop.boot('forky', { files });
    await installAndWatch(desktop);
    const { stdout } = await desktop.query(['systemctl', '--user', 'show', '--value', '--property=MainPID', 'reeve']);
    const pid = stdout.trim();
    const before = await untilCaughtUp(desktop);
    await forgetPeak(desktop, pid);
    const atFirst = await memory(desktop, pid);

    const began = performance.now();
    await storm(desktop);
    const stormed = distance(before.cursor, await lastCursor(desktop));
    const failed = performance.now();
    await fail(desktop, 'bench-after.service');
    await untilReported(desktop, 'bench-after.service');
    const told = performance.now() - failed;
    const after = await untilCaughtUp(desktop);
    const caughtUp = performance.now() - failed;
    const inTheEnd = await memory(desktop, pid);
    await pause(20_000);
    const later = await memory(desktop, pid);

    const taken = distance(before.cursor, after.cursor);
    const read = after.events - before.events;
    const passedOver = after.lost - before.lost;
    const lasted = ((failed - began) / 1000).toFixed(1);
    console.log(`  journald took ${stormed} entries of ${writers} writers in ${lasted} s, ${taken} until all was read`);
    console.log(
        `  read ${read}, passed over and counted ${passedOver}, unaccounted ${(taken ?? NaN) - read - passedOver}`,
    );
    const megabytes = ({ pss, resident }: typeof later) => `${resident.toFixed(1)} (PSS ${pss.toFixed(1)})`;
    console.log(
        `  MB resident: ${megabytes(atFirst)} before, at most ${later.peak.toFixed(1)}, ${megabytes(inTheEnd)} at its end, ` +
            `${megabytes(later)} 20 s later`,
    );
    const [first, last] = [told, caughtUp].map(time => (time / 1000).toFixed(1));
    console.log(
        `  the failure at its end was told of after ${first} s; the journal was read up to its end after ${last} s`,
    );

    await desktop.query(['systemctl', '--user', 'stop', 'reeve']);
    const stored = await storedCursor(desktop);
    await fail(desktop, 'bench-meanwhile.service');
    await desktop.query(['systemctl', '--user', 'start', 'reeve']);
    await untilWatching(desktop);
    await untilReported(desktop, 'bench-meanwhile.service');
    const again = await untilCaughtUp(desktop);
    const logged = distance(stored, again.cursor);
    const incidents = await untilReported(desktop, 'bench-after.service');
    console.log(
        `  after a restart: ${again.events} read of ${logged} that were logged since, ${again.lost} lost; ` +
            `incidents of the failure: ${incidents}`,
    );
}
