import { basename } from 'node:path';
import { env } from 'node:process';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { languages } from '../../i18n/locale.ts';
import type { Plan, Step } from '../../model/proposal.ts';
import { listApplications } from '../../machine/desktop/applications.ts';
import { applicationName } from '../../machine/desktop/applicationName.ts';
import { groupOf } from '../../machine/processes/controlGroups.ts';
import type { ControlGroup } from '../../machine/processes/controlGroups.ts';
import { readText } from '../../machine/machine.ts';
import type { Machine } from '../../machine/machine.ts';
import { ownerOf } from '../../machine/owner.ts';
import { readPorts } from '../../machine/network/portHolder.ts';
import { readExecutable, readProcess } from '../../machine/processes/processes.ts';
import type { Process } from '../../machine/processes/processes.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Surroundings } from '../surroundings.ts';
import { isEssentialProgram } from '../essential.ts';
import { programStep } from '../programStep.ts';
import { preconditions, requireUnit, unitStep } from '../units/unitPlan.ts';

/** Shared by the actions that end a program: which process it is, whether it may be ended, and how it gets a signal. */

/** The PID and the start time in clock ticks after boot: the PID alone may be another process's by now. */
export const processParameters = z.strictObject({ pid: z.int().min(2), started: z.int().positive() });
export type ProcessParameters = z.infer<typeof processParameters>;

type SignalName = 'TERM' | 'KILL';

/** A program of the user's own that the session does not depend on. */
export type OwnProgram = {
    process: Process;
    /** The unit of the user's manager that an application was started in; null for other programs. */
    application: ControlGroup | null;
    /** What people call it. */
    name: string;
};

/**
 * @throws ReeveError InvalidState once it has ended, for a process of another user, and for one that the session
 * depends on
 */
export async function requireOwnProgram(
    machine: Machine | null,
    { pid, started }: ProcessParameters,
): Promise<OwnProgram> {
    const found = machine === null ? null : await findProcess(machine, pid, started);
    if (machine === null || found === null) throw new ReeveError('InvalidState', _('Process {pid} has ended', { pid }));
    const name = await wholeName(machine, found);
    const uid = process.getuid?.() ?? -1;
    const status = (await readText(machine, `/proc/${pid}/status`, 4096)) ?? '';
    // Real, effective, saved and filesystem: proc_pid_status(5). A process that changed its user is not ours to end.
    if (!new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm').test(status))
        throw new ReeveError('InvalidState', _('{name} does not belong to you', { name }));
    const cgroup = (await readText(machine, `/proc/${pid}/cgroup`, 8192)) ?? '';
    const own = groupOf((await readText(machine, '/proc/self/cgroup', 8192)) ?? '', uid);
    const group = groupOf(cgroup, uid);
    const owner = ownerOf(cgroup, name);
    const file = (await readExecutable(machine, pid)) ?? '';
    const isEssential = [found.name, name, file.slice(file.lastIndexOf('/') + 1)].some(isEssentialProgram);
    const isOfReeve = pid === process.pid || (group !== null && group.path === own?.path && owner.kind !== 'process');
    if (owner.kind === 'unit')
        throw new ReeveError(
            'InvalidState',
            _('{name} is part of {unit}, which is restarted instead', { name, unit: owner.name }),
        );
    if (isEssential || isOfReeve || group?.unit === 'init.scope')
        throw new ReeveError('InvalidState', _('The session needs {name}', { name }));
    const isApplication = owner.kind === 'application' && group?.scope === 'user';
    const title = isApplication
        ? await applicationName(machine, owner.name, languages(env))
        : await nameOfProgram(machine, name);
    return {
        process: found,
        application: isApplication ? group : null,
        name: title ?? (isApplication ? owner.name : name),
    };
}

/** What its file is called, where the kernel has cut that off: it keeps 15 bytes of a name, proc_pid_comm(5). */
async function wholeName(machine: Machine, { pid, name }: Process): Promise<string> {
    if (Buffer.byteLength(name) < 15) return name;
    const command = (await readText(machine, `/proc/${pid}/cmdline`, 4096)) ?? '';
    const files = [(await readExecutable(machine, pid)) ?? '', ...command.split('\0').slice(0, 2)];
    // A script is the first argument of its interpreter.
    const whole = files.map(file => basename(file)).find(file => file.startsWith(name));
    return whole === undefined ? name : safeText(whole, 64);
}

/** What people call the application whose program has the name; null where there is none, or several have. */
async function nameOfProgram(machine: Machine, name: string): Promise<string | null> {
    const [known, ...others] = (await listApplications(machine, languages(env))).filter(
        ({ program }) => program === name,
    );
    return known === undefined || others.length > 0 ? null : known.name;
}

/**
 * Sends a signal of signal(7) to the one process. Right before, it is looked once more whether the number is still that of the
 * same process: proc_pid_stat(5). Should it end between the two, its number is nobody's: numbers are given out in turn, and come
 * again only after all others did (idr_alloc_cyclic() in alloc_pid() of the kernel's kernel/pid.c), which systemd makes four
 * million (sysctl.d/50-pid-max.conf). A pidfd would leave no gap at all; docs/security.md says why there is none.
 */
function signalStep(
    name: SignalName,
    { pid, started }: Process,
    waits: boolean,
): Pick<Step, 'command' | 'commands' | 'call' | 'ends'> {
    const same = [
        'grep',
        '--quiet',
        '--extended-regexp',
        `^${pid} .*\\) ([^ ]+ ){19}${started} `,
        `/proc/${pid}/stat`,
    ] as const;
    return {
        ...programStep('user', ['kill', `-${name}`, String(pid)], { before: [same] }),
        ...(waits && { ends: { pid, started } }),
    };
}

/**
 * How such a program is ended: an application by its unit, in which GNOME starts each
 * (https://systemd.io/DESKTOP_ENVIRONMENTS/), and which holds all of its processes and no others; a program started
 * otherwise, such as in a terminal, by its one process.
 *
 * @param how.description of the step that signals the one process
 * @param how.waits whether that step lasts until the process has ended, as stopping a unit does
 */
export async function planEnd(
    { process, application }: OwnProgram,
    {
        unitMethod,
        signalName,
        description,
        waits = false,
    }: { unitMethod: 'StopUnit' | 'KillUnit'; signalName: SignalName; description: string; waits?: boolean },
    { systemd, signal }: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<Pick<Plan, 'steps' | 'risk' | 'undo' | 'authentication' | 'preconditions'>> {
    const unit = application === null ? null : await requireUnit(systemd, 'user', application.unit, signal);
    return {
        steps: [
            unit === null ? { description, ...signalStep(signalName, process, waits) } : unitStep(unitMethod, unit),
        ],
        risk: 'medium',
        undo: null,
        authentication: false,
        preconditions: { ...(unit !== null && (await preconditions([unit]))), ...processPrecondition(process) },
    };
}

/** Which process it is and which ports it has. Nothing that changes while it runs: that would be another plan. */
export async function describeProgram(
    { process: { pid } }: OwnProgram,
    { machine, signal }: Pick<Surroundings, 'machine'> & { signal: AbortSignal },
): Promise<string> {
    const ports = machine === null ? [] : await readPorts(machine.run, pid, signal);
    return ports.length === 0
        ? _('It is process {pid}.', { pid })
        : ngettext(
              'It is process {pid}, and listens on port {ports}.',
              'It is process {pid}, and listens on ports {ports}.',
              ports.length,
              { pid, ports: ports.join(', ') },
          );
}

/** The process that a plan is made for. */
function processPrecondition({ pid, name, started }: Process): Record<string, string> {
    return { [`process ${pid}`]: `${name}, started at ${started}` };
}

/** null once its PID is free or another's. */
async function findProcess(machine: Machine, pid: number, started: number): Promise<Process | null> {
    const found = await readProcess(machine, pid);
    return found?.started === started ? found : null;
}
