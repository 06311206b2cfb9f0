import { languages } from '../../../i18n/locale.ts';
import { _ } from '../../../i18n/i18n.ts';
import { log } from '../../../util/log.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import type { Systemd } from '../../../machine/units/systemd.ts';
import { span } from '../../../text/span.ts';
import { applicationName } from '../../../machine/desktop/applicationName.ts';
import {
    eachGroup,
    hasControlGroups,
    listControlGroups,
    processesOf,
    readProcessorTime,
} from '../../../machine/processes/controlGroups.ts';
import type { ControlGroup, ProcessorTime } from '../../../machine/processes/controlGroups.ts';
import { filesOf, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { ownerOf } from '../../../machine/owner.ts';
import { millisecondsPerTick, readExecutable, readProcess } from '../../../machine/processes/processes.ts';
import type { Process } from '../../../machine/processes/processes.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { managersFor } from '../../../sources/managers.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import type { WrittenFacts } from '../facts.ts';

/** A share of one processor, over the whole time between two polls. */
const busyShare = 0.9;
/**
 * When others need the processors too, units are examined that get at least the first share of one and, with their waiting
 * time, would have had the second. That is only an estimate (0.88 was seen for an endless loop); whether a process rested is
 * known exactly.
 */
const leastShare = 0.1;
const wantedShare = 0.6;
/** Below this it has calmed down, and is reported again the next time. */
const calmShare = 0.5;
/** So many times in a row, so that it was busy for one whole pause at least. */
const pollsNeeded = 2;
/**
 * A process that ran or waited for a processor for this share of the time never rested. An endless loop never does. An
 * application may well have been given much to do by its user: for an application, only this is reported, and only if it uses
 * no more than one processor. Games, compilers and video use more, or vary.
 */
const restless = 0.95;
const oneProcessor = 1.1;

/**
 * Services whose work it is to compute, or to start what people want: packages, containers and virtual machines, builds,
 * backups, media, scanners, computing for others, times and terminals, and Reeve's own model.
 */
const computing =
    /^(?:cron|crond|anacron|atd|tmux|screen|emacs|jupyter|code-server|packagekit|snapd|flatpak-|docker|containerd|podman|waydroid|lxc|lxd|incus|k3s|kubelet|slurmd|buildkit|nix-daemon|guix-daemon|libvirt|virt|qemu|gitlab-runner|jenkins|distccd|iceccd|boinc|fah-client|folding|ollama|llama|jellyfin|plex|emby|clam|freshclam|syncthing|gnome-remote-desktop|reeve|.*(?:backup|borg|restic|duplic|timeshift|snapper|scrub|transcod|encod))/;
/** The Shell draws the contents of applications, in software if there is no graphics card. */
const shell = /^(?:org\.gnome\.Shell@|gnome-shell)/;

type Known = {
    time: ProcessorTime;
    /** How often in a row it was found busy. */
    polls: number;
    /** Milliseconds for which it has been busy since, and the least and the most that it used meanwhile, of one processor. */
    busyFor: number;
    least: number;
    most: number;
    /** By pid and start. */
    processes: ReadonlyMap<string, Timed>;
};

/** In milliseconds: what it used, and for how long it ran, or would have had it got a processor. */
type Timed = Pick<Process, 'pid' | 'name' | 'started'> & { used: number; awake: number };

const rested = { polls: 0, busyFor: 0, least: Infinity, most: 0 };
const calm = { ...rested, processes: new Map<string, Timed>() };

/** What keeps a processor busy for a long time. */
export const processor: SourceDefinition = processorSource(process.getuid?.() ?? 0);

/** @param uid the user whose units are watched besides the system's */
export function processorSource(uid: number): SourceDefinition {
    return {
        name: 'processor',
        async run(surroundings, outlet, signal) {
            const machine = filesOf(surroundings.root);
            if (!(await hasControlGroups(machine)))
                throw new SourceUnavailable(
                    _('This system does not measure what its units use (control groups, version 2)'),
                );
            const systemd = managersFor(surroundings);
            const reports = await ReportOnce.open('processor', surroundings, outlet);
            let known: ReadonlyMap<string, Known> = new Map();
            await poll(surroundings, outlet, signal, async elapsed => {
                const next = new Map<string, Known>();
                const groups = await listControlGroups(machine, uid);
                const measured = await eachGroup(groups, async group => {
                    const time = await readProcessorTime(machine, group.path);
                    return time === null ? null : { group, time };
                });
                for (const { group, time } of measured) {
                    const last = known.get(group.path);
                    const state = reports.state(group.path);
                    const before = last !== undefined && state === 'over' ? { ...last, ...rested } : last;
                    const { share, wanted } = sharesOf(before?.time ?? time, time, elapsed);
                    if ((last !== undefined && wanted < calmShare) || state === 'over') reports.forget(group.path);
                    const now: Known = { ...calm, time };
                    next.set(group.path, now);
                    const measure = measureOf(group);
                    const mayBeBusy = share >= busyShare || (share >= leastShare && wanted >= wantedShare);
                    if (before === undefined || !mayBeBusy || measure === null) continue;
                    now.processes = await readProcessesOf(machine, group);
                    const busiest = findBusiest(before.processes, now.processes, elapsed);
                    const isRestless = busiest !== null && busiest.awake >= restless;
                    if (share < busyShare && !isRestless) continue;
                    now.polls = before.polls + 1;
                    now.busyFor = before.busyFor + elapsed;
                    now.least = Math.min(before.least, share);
                    now.most = Math.max(before.most, share);
                    if (now.polls < pollsNeeded || state === 'reported') continue;
                    if (measure === 'application' && !(isRestless && now.most <= oneProcessor)) continue;
                    if (measure === 'service' && (await isJob(systemd, group))) continue;
                    reports.report(group.path, await toChange(machine, group, now, busiest));
                }
                reports.keepOnly(next);
                known = next;
            });
        },
    };
}

/** Shares of one processor: what a unit used, and what it would have used without waiting. */
function sharesOf(before: ProcessorTime, now: ProcessorTime, elapsed: number): { share: number; wanted: number } {
    const share = Math.max(0, now.used - before.used) / (elapsed * 1000);
    return { share, wanted: share + Math.max(0, now.waited - before.waited) / (elapsed * 1000) };
}

/** The measure for a unit; null for units that hold whatever somebody started on purpose. */
function measureOf({ path, unit }: ControlGroup): 'service' | 'application' | null {
    const { kind } = ownerOf(`0::${path}`, '');
    if (kind === 'process') return null;
    if (kind === 'application' || shell.test(unit)) return 'application';
    return unit.endsWith('.service') && !computing.test(unit) ? 'service' : null;
}

/** Whether it was started for one task and then ends, such as the search for updates. */
async function isJob(systemd: Systemd, { scope, unit }: ControlGroup): Promise<boolean> {
    if (!systemd.isReachable(scope)) return false;
    try {
        return (await systemd.unit(scope, unit))?.process?.type === 'oneshot';
    } catch (error) {
        log('warning', 'Could not read a busy unit', { unit, error: String(error) });
        return false;
    }
}

async function readProcessesOf(machine: Machine, { path }: ControlGroup): Promise<Map<string, Timed>> {
    const processes = new Map<string, Timed>();
    for (const pid of await processesOf(machine, path)) {
        const process = await readProcess(machine, pid);
        if (process === null) continue;
        const used = process.ticks * millisecondsPerTick;
        const scheduled = await readText(machine, `/proc/${pid}/schedstat`, 128);
        processes.set(`${pid} ${process.started}`, {
            pid,
            name: process.name,
            started: process.started,
            used,
            awake: Math.max(used, parseScheduled(scheduled ?? '')),
        });
    }
    return processes;
}

/** Nanoseconds on a processor and waiting for one: Documentation/scheduler/sched-stats.rst. */
function parseScheduled(text: string): number {
    const [ran = 0, waited = 0] = text.split(' ').map(Number);
    return (ran + waited) / 1_000_000;
}

/** A share of the time since the last poll. */
type Busiest = { process: Timed; used: number; awake: number };

function findBusiest(before: Known['processes'], now: Known['processes'], elapsed: number): Busiest | null {
    let busiest: Busiest | null = null;
    // Without an earlier poll, what they used since they were started proves nothing.
    if (before.size === 0) return null;
    for (const [key, process] of now) {
        const then = before.get(key);
        const used = (process.used - (then?.used ?? 0)) / elapsed;
        const awake = then === undefined ? used : (process.awake - then.awake) / elapsed;
        if (busiest === null || used > busiest.used) busiest = { process, used, awake };
    }
    return busiest;
}

async function toChange(
    machine: Machine,
    { path, unit, scope }: ControlGroup,
    { busyFor, least, most }: Known,
    busiest: Busiest | null,
): Promise<Change> {
    const owner = ownerOf(`0::${path}`, '');
    const isApplication = owner.kind === 'application';
    const title = isApplication ? await applicationName(machine, owner.name, languages(process.env)) : null;
    const values = { name: title ?? owner.name, time: span(busyFor * 1000), count: Math.round(most) };
    const { pid, name, started } = busiest?.process ?? { pid: 0, name: values.name, started: 0 };
    const percent = Math.round((busiest?.used ?? 0) * 100);
    const executable = await readExecutable(machine, pid);
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'busy',
        subject: owner.name,
        summary: least < busyShare ? restlessText(values) : values.count < 2 ? oneText(values) : severalText(values),
        detail: _('{program} (process {pid}): {percent} % of a processor since the last check', {
            program: name,
            pid,
            percent,
        }),
        facts: {
            group: path,
            scope,
            program: name,
            pid: String(pid),
            started: String(started),
            ...(!isApplication && { service: unit }),
            ...(executable !== null && { executable }),
        } satisfies WrittenFacts,
    };
}

type Values = { name: string; time: string; count: number };
const restlessText = (values: Values) => _('{name} has been computing without a break for the last {time}', values);
const oneText = (values: Values) => _('{name} has used a whole processor for the last {time}', values);
const severalText = (values: Values) => _('{name} has used {count} processors for the last {time}', values);
