import { isFarReaching } from '../../../actions/essential.ts';
import { _ } from '../../../i18n/i18n.ts';
import { log } from '../../../util/log.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import type { Systemd } from '../../../machine/units/systemd.ts';
import { groupOf } from '../../../machine/processes/controlGroups.ts';
import type { ControlGroup } from '../../../machine/processes/controlGroups.ts';
import { parseMounts } from '../../../machine/storage/filesystems.ts';
import { placeOf, readWait } from '../../../machine/processes/kernelWaits.ts';
import { filesOf, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { ownerOf } from '../../../machine/owner.ts';
import {
    listProcesses,
    parseSwitches,
    readExecutable,
    readProcesses,
    readThreads,
} from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { managersFor } from '../../../sources/managers.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import type { WrittenFacts } from '../facts.ts';

/** More processes than this are not examined. */
const processLimit = 2000;
/** A hanging process counts in the load like a computing one, but the kernel averages the load in steps of five seconds. */
const tolerance = 0.9;

/** Processes that wait in the kernel and cannot be interrupted. */
export const hanging: SourceDefinition = hangingSource(process.getuid?.() ?? 0);

/** @param uid the user whose services are distinguished from those of the system */
export function hangingSource(uid: number): SourceDefinition {
    return {
        name: 'hanging',
        async run(surroundings, outlet, signal) {
            const machine = filesOf(surroundings.root);
            const systemd = managersFor(surroundings);
            const reports = await ReportOnce.open('hanging', surroundings, outlet);
            /** By process, how often it had been on a processor at the last poll. */
            let known: ReadonlyMap<string, number> = new Map();
            await poll(surroundings, outlet, signal, async elapsed => {
                const next = new Map<string, number>();
                if (await mayHang(machine, elapsed)) {
                    const isTooMany = (await listProcesses(machine)).length > processLimit;
                    outlet.watching(isTooMany ? _('There are too many processes to check each of them') : '');
                    const processes = isTooMany ? [] : await readProcesses(machine, signal);
                    const reported = new Set<number>();
                    const still: (Waiting & { key: string; switches: number })[] = [];
                    for (const { process, leader } of await findWaiting(machine, processes, signal)) {
                        const switches = parseSwitches(
                            (await readText(machine, `/proc/${process.pid}/status`, 4096)) ?? '',
                        );
                        if (switches === null) continue;
                        const key = `${process.pid} ${process.started}`;
                        next.set(key, switches);
                        const state = reports.state(key);
                        const last = known.get(key);
                        if ((last !== undefined && last !== switches) || state === 'over') reports.forget(key);
                        else if (state === 'reported') reported.add(leader.pid);
                        else if (last !== undefined) still.push({ process, leader, key, switches });
                    }
                    for (const { process, leader, key, switches } of still) {
                        if (reported.has(leader.pid)) continue;
                        reported.add(leader.pid);
                        reports.report(key, await toChange(machine, systemd, { process, leader }, switches, uid));
                    }
                }
                reports.keepOnly(next);
                known = next;
            });
        },
    };
}

/** A process, or one thread of a process that otherwise goes on; one thread of each process is reported. */
type Waiting = { process: Process; leader: Process };

async function findWaiting(machine: Machine, processes: readonly Process[], signal: AbortSignal): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const leader of processes) {
        const threads = [leader, ...(await readThreads(machine, leader, signal))];
        waiting.push(...threads.filter(({ state }) => state === 'D').map(process => ({ process, leader })));
    }
    return waiting;
}

/** Milliseconds in which each of the three averages of the load nears it by a factor of e: proc_loadavg(5), kernel/sched/loadavg.c. */
const periods = [60_000, 300_000, 900_000];

/**
 * Whether anything may have hung since the last poll: each such process, or thread, adds one to the load. This avoids examining
 * all of them at quiet times, and during short bursts of work.
 */
async function mayHang(machine: Machine, elapsed: number): Promise<boolean> {
    const loads = ((await readText(machine, '/proc/loadavg', 128)) ?? '').split(' ').map(Number);
    return periods.every((period, index) => (loads[index] ?? 0) >= tolerance * (1 - Math.exp(-elapsed / period)));
}

async function toChange(
    machine: Machine,
    systemd: Systemd,
    { process: { pid, name, started }, leader }: Waiting,
    switches: number,
    uid: number,
): Promise<Change> {
    const text = await readWait(machine, pid);
    const place = placeOf(text);
    const mounts = parseMounts((await readText(machine, '/proc/self/mountinfo', 1_048_576)) ?? '');
    const [mount, ...others] = mounts.filter(({ type }) => place?.types?.test(type) === true);
    const executable = await readExecutable(machine, pid);
    const service = await serviceOf(machine, systemd, leader, uid);
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'hung',
        subject: name,
        summary: _('{subject} is not responding', { subject: leader.name }),
        detail:
            text !== ''
                ? _('Process {pid} is waiting in {function}() of the kernel', { pid, function: text })
                : _('Process {pid} is waiting in the kernel', { pid }),
        facts: {
            program: leader.name,
            pid: String(pid),
            started: String(started),
            switches: String(switches),
            // The kernel reports the thread, by the name of the thread.
            ...(leader.pid !== pid && { process: String(leader.pid), processStarted: String(leader.started) }),
            ...(service !== null && { service: service.unit, serviceScope: service.scope }),
            ...(place !== undefined && { waits: place.waits }),
            ...(executable !== null && { executable }),
            // Choosing one of several would be a guess.
            ...(mount !== undefined && others.length === 0 && { place: mount.path }),
        } satisfies WrittenFacts,
    };
}

/**
 * The service that a process belongs to, unless the session depends on it: the user's services are in a slice of their own
 * (systemd.special(7)), those of the system are known by name.
 */
async function serviceOf(
    machine: Machine,
    systemd: Systemd,
    { pid, name }: Process,
    uid: number,
): Promise<ControlGroup | null> {
    const cgroup = (await readText(machine, `/proc/${pid}/cgroup`, 8192)) ?? '';
    const group = groupOf(cgroup, uid);
    if (group === null || ownerOf(cgroup, name).kind !== 'unit' || !group.unit.endsWith('.service')) return null;
    if (group.scope === 'user') return group.path.includes('/session.slice/') ? null : group;
    if (!group.path.startsWith('/system.slice/')) return null;
    return isFarReaching(await namesOf(systemd, group)) ? null : group;
}

/** With its aliases, by one of which a display manager is known, if its manager can be queried. */
async function namesOf(systemd: Systemd, { scope, unit }: ControlGroup): Promise<readonly string[]> {
    if (!systemd.isReachable(scope)) return [unit];
    try {
        return [unit, ...((await systemd.unit(scope, unit))?.names ?? [])];
    } catch (error) {
        log('warning', 'Could not read the unit of a hanging process', { unit, error: String(error) });
        return [unit];
    }
}
