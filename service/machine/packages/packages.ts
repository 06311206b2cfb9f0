import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { readLastLines } from '../machine.ts';
import type { Machine } from '../machine.ts';

export type PackageChange = {
    /** Microseconds since the Unix epoch. */
    time: number;
    action: 'installed' | 'upgraded' | 'removed' | 'changed';
    name: string;
    /** Empty when there is none. */
    from: string;
    to: string;
};

/** Microseconds since the Unix epoch; `until` is exclusive. */
type Period = { since: number; until?: number };

export type PackageChanges = {
    /** Newest first. */
    changes: PackageChange[];
    /** Whether removed packages are known too: the RPM database has forgotten them. */
    includesRemovals: boolean;
    evidence: Evidence;
};

/**
 * Packages that were installed, upgraded or removed, from the log of dpkg or pacman or the RPM database; null without
 * any of these.
 */
export async function readPackageChanges(
    machine: Machine,
    period: Period,
    signal: AbortSignal,
): Promise<PackageChanges | null> {
    return (
        (await readDpkg(machine, period)) ??
        (await readPacman(machine, period)) ??
        (await queryRpm(machine, period, signal))
    );
}

function newestFirst(changes: PackageChange[], { since, until = Infinity }: Period): PackageChange[] {
    return changes.filter(({ time }) => time >= since && time < until).sort((a, b) => b.time - a.time);
}

async function readDpkg(machine: Machine, period: Period): Promise<PackageChanges | null> {
    const path = '/var/log/dpkg.log';
    const lines = await readLastLines(machine, path, 1_048_576);
    if (lines === null) return null;
    // The log is rotated each month; shortly after that, the previous log has the rest.
    const older = (await readLastLines(machine, `${path}.1`, 1_048_576)) ?? [];
    const changes = newestFirst(parseDpkgLog([...older, ...lines]), period);
    return { changes, includesRemovals: true, evidence: fact('file', path, summarise(changes)) };
}

/** The lines of dpkg(1), "--log", that record a change: DATE TIME ACTION PACKAGE:ARCH OLD NEW, in local time. */
export function parseDpkgLog(lines: readonly string[]): PackageChange[] {
    const changes: PackageChange[] = [];
    for (const line of lines) {
        const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (install|upgrade|remove|purge) (\S+) (\S+) (\S+)$/.exec(
            line,
        );
        if (match === null) continue;
        const [, date, clock, verb, name = '', from = '', to = ''] = match;
        const time = Date.parse(`${date}T${clock}`) * 1000;
        // A purge after a removal takes only the configuration away.
        if (Number.isNaN(time) || verb === 'purge') continue;
        const action = verb === 'install' ? 'installed' : verb === 'remove' ? 'removed' : 'upgraded';
        changes.push({ time, action, name: packageName(name), from: version(from), to: version(to) });
    }
    return changes;
}

const packageName = (name: string) => safeText(name.replace(/:[a-z0-9-]+$/, ''), 128);
const version = (text: string) => (text === '<none>' ? '' : safeText(text, 64));

async function readPacman(machine: Machine, period: Period): Promise<PackageChanges | null> {
    const path = '/var/log/pacman.log';
    const lines = await readLastLines(machine, path, 1_048_576);
    if (lines === null) return null;
    const changes = newestFirst(parsePacmanLog(lines), period);
    return { changes, includesRemovals: true, evidence: fact('file', path, summarise(changes)) };
}

const pacmanActions: Record<string, PackageChange['action']> = {
    installed: 'installed',
    upgraded: 'upgraded',
    removed: 'removed',
    downgraded: 'changed',
    reinstalled: 'changed',
};

/** Lines of pacman(8)'s log such as "[2024-05-03T09:16:00+0200] [ALPM] upgraded linux (6.8-1 -> 6.9-1)". */
export function parsePacmanLog(lines: readonly string[]): PackageChange[] {
    const changes: PackageChange[] = [];
    for (const line of lines) {
        const match =
            /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d)(\d\d)\] \[ALPM\] (\w+) (\S+) \((?:(\S+) -> )?(\S+)\)$/.exec(
                line,
            );
        if (match === null) continue;
        const [, hour, minute, verb = '', name = '', from = '', to = ''] = match;
        const action = pacmanActions[verb];
        const time = Date.parse(`${hour}:${minute}`) * 1000;
        if (action === undefined || Number.isNaN(time)) continue;
        const removed = action === 'removed';
        changes.push({
            time,
            action,
            name: safeText(name, 128),
            from: version(removed ? to : from),
            to: removed ? '' : version(to),
        });
    }
    return changes;
}

async function queryRpm({ run }: Machine, period: Period, signal: AbortSignal): Promise<PackageChanges | null> {
    const argv = ['-qa', '--queryformat', '%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n'];
    const output = await run('rpm', argv, { signal, timeout: 15_000, limit: 4_194_304 });
    if (output === null) return null;
    const changes = newestFirst(parseRpmQuery(output), period);
    return { changes, includesRemovals: false, evidence: fact('system', `rpm ${argv.join(' ')}`, summarise(changes)) };
}

/** The database keeps one time a package: whether it was new then or an upgrade is not known. */
export function parseRpmQuery(output: string): PackageChange[] {
    return Array.from(output.matchAll(/^(\d+) (\S+) (\S+)$/gm), ([, seconds, name = '', to = '']) => ({
        time: Number(seconds) * 1_000_000,
        action: 'changed',
        name: safeText(name, 128),
        from: '',
        to: safeText(to, 64),
    }));
}

function summarise(changes: readonly PackageChange[]): string {
    const named = changes.slice(0, 20).map(({ action, name, from, to }) => `${action} ${name} ${from} ${to}`.trim());
    return [`${changes.length} changes`, ...named].join('; ');
}
