import { env } from 'node:process';

import * as z from 'zod';

import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import { languages } from '../i18n/locale.ts';
import type { Plan } from '../model/proposal.ts';
import type { Systemd } from '../system/systemd.ts';
import { applicationName } from '../tools/applicationName.ts';
import { groupOf } from '../tools/controlGroups.ts';
import { readText } from '../tools/machine.ts';
import type { Machine } from '../tools/machine.ts';
import { ownerOf } from '../tools/owner.ts';
import { parseStat, readExecutable } from '../tools/processes.ts';
import type { Process } from '../tools/processes.ts';
import type { Action } from './action.ts';
import { programStep } from './programStep.ts';
import { preconditions, requireUnit, unitStep } from './unitPlan.ts';

/** The process and when it was started, in clock ticks after the boot: its number alone may be another's by now. */
const parameters = z.strictObject({ pid: z.int().min(2), started: z.int().positive() });

/** Without these there is no session: its managers, message buses, display, login and sound. */
const essential =
    /^(?:systemd|\(sd-pam\)|dbus-|gnome-shell|gnome-session|gnome-keyring|gsd-|gdm|sddm|lightdm|mutter|Xwayland|Xorg|pipewire|wireplumber|xdg-|gvfs|at-spi|ibus|polkit|ssh-agent|gpg-agent|sshd|login$|su$|sudo$)/;

/**
 * Ends a program of the user's own that has lost its way, and gives it the time to save what it will. An application is ended
 * by its unit, in which GNOME starts each (https://systemd.io/DESKTOP_ENVIRONMENTS/): all of its processes, and no other's. Of
 * what was started otherwise, such as in a terminal, the one process is asked to end (SIGTERM of signal(7)).
 */
export const programEnd: Action<z.infer<typeof parameters>> = {
    name: 'program.end',
    parameters,
    async plan({ pid, started }, { machine, systemd, signal }) {
        const process = machine === null ? null : await findProcess(machine, pid, started);
        if (machine === null || process === null)
            throw new ReeveError('InvalidState', _('Process {pid} has ended', { pid }));
        const how = await planEnd(machine, systemd, process, signal);
        return {
            title: _('End {name}', { name: how.name }),
            steps: [how.step],
            risk: 'medium',
            riskText: _('What is not saved in it is lost.'),
            undo: null,
            authentication: false,
            preconditions: { ...how.preconditions, [`process ${pid}`]: `${process.name}, started at ${started}` },
        };
    },
};

type End = { name: string; step: Plan['steps'][number]; preconditions: Plan['preconditions'] };

/** @throws ReeveError InvalidState for what is not the user's own, and for what the session hangs on */
async function planEnd(machine: Machine, systemd: Systemd, found: Process, signal: AbortSignal): Promise<End> {
    const { pid, started, name } = found;
    const uid = process.getuid?.() ?? -1;
    const status = (await readText(machine, `/proc/${pid}/status`, 4096)) ?? '';
    // Real, effective, saved and of the filesystem: proc_pid_status(5). What has become somebody else is not ours to end.
    if (!new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm').test(status))
        throw new ReeveError('InvalidState', _('{name} is not yours to end', { name }));
    const cgroup = (await readText(machine, `/proc/${pid}/cgroup`, 8192)) ?? '';
    const own = groupOf((await readText(machine, '/proc/self/cgroup', 8192)) ?? '', uid);
    const group = groupOf(cgroup, uid);
    const owner = ownerOf(cgroup, name);
    const file = (await readExecutable(machine, pid)) ?? '';
    const isEssential = [name, file.slice(file.lastIndexOf('/') + 1)].some(each => essential.test(each));
    const isOfReeve = pid === process.pid || (group !== null && group.path === own?.path && owner.kind !== 'process');
    if (owner.kind === 'unit')
        throw new ReeveError(
            'InvalidState',
            _('{name} belongs to {unit}, which is restarted instead', { name, unit: owner.name }),
        );
    if (isEssential || isOfReeve || group?.unit === 'init.scope')
        throw new ReeveError('InvalidState', _('The session needs {name}', { name }));
    if (owner.kind === 'application' && group?.scope === 'user') {
        const unit = await requireUnit(systemd, 'user', group.unit, signal);
        const title = (await applicationName(machine, owner.name, languages(env))) ?? owner.name;
        return { name: title, step: unitStep('StopUnit', unit), preconditions: await preconditions([unit]) };
    }
    // It is looked once more, right before, whether the number is still that of the same process: proc_pid_stat(5).
    const same = [
        'grep',
        '--quiet',
        '--extended-regexp',
        `^${pid} .*\\) ([^ ]+ ){19}${started} `,
        `/proc/${pid}/stat`,
    ] as const;
    const step = {
        description: _('Ask {name} (process {pid}) to end', { name, pid }),
        ...programStep('user', ['kill', '-TERM', String(pid)], { before: [same] }),
    };
    return { name, step, preconditions: {} };
}

/** null once its number is free or another's. */
async function findProcess(machine: Machine, pid: number, started: number): Promise<Process | null> {
    const found = parseStat((await readText(machine, `/proc/${pid}/stat`, 4096)) ?? '');
    return found?.started === started ? found : null;
}
