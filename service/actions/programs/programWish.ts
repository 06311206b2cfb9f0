/** How people name the program that is to end: by its name, its number, or the port that it uses. */
import { env, getuid } from 'node:process';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { languages } from '../../i18n/locale.ts';
import type { Machine } from '../../machine/machine.ts';
import { listApplications, runningApplications } from '../../machine/desktop/applications.ts';
import { readPortHolder } from '../../machine/network/portHolder.ts';
import { listProcesses, readProcess } from '../../machine/processes/processes.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Phrases, Wish } from '../wish.ts';
import type { ProcessParameters } from './ownProgram.ts';

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
type Slots = Readonly<Record<string, string>>;

/** @param verbs what is done to it, as patterns */
export function programWishes(verbs: Phrases): Wish<ProcessParameters>[] {
    return [
        {
            phrases: {
                en: verbs.en.flatMap(verb => [
                    `${verb} (process|pid|process number) {number}`,
                    `${verb} process with pid {number}`,
                ]),
                de: verbs.de.map(verb => `${verb} (prozess|pid|prozess nummer) {number}`),
                ar: verbs.ar.map(verb => `${verb} (عملية|عملية رقم) {number}`),
            },
            parameters: byNumber,
        },
        {
            phrases: {
                en: verbs.en.flatMap(verb => [
                    `${verb} [program|process|application|app] [that] (uses|using|on|has|holds|is using|listening on|listens on|blocking|blocks) [tcp|udp] port {number}`,
                    `${verb} whatever [is] (uses|using|on|has|blocks) port {number}`,
                ]),
                de: verbs.de.flatMap(verb => [
                    `${verb} [programm|prozess|anwendung] [das|der|was] [an|auf] port {number} [benutzt|belegt|verwendet|nutzt|hat|blockiert]`,
                ]),
                ar: verbs.ar.map(verb => `${verb} (برنامج|عملية) [الذي|التي] [يستخدم|تستخدم|على] منفذ {number}`),
            },
            parameters: byPort,
        },
        {
            phrases: {
                en: verbs.en.map(
                    verb => `${verb} [program|application|app|process] {program} [program|application|app]`,
                ),
                de: verbs.de.map(verb => `${verb} [programm|anwendung|app|prozess] {program}`),
                ar: verbs.ar.map(verb => `${verb} [برنامج|تطبيق] {program}`),
            },
            parameters: ({ program = '' }, asked) => programCalled(program, asked),
        },
    ];
}

async function byNumber({ number }: Slots, { machine }: Asked): Promise<ProcessParameters[]> {
    const pid = Number(number);
    const found = machine === null ? null : await readProcess(machine, pid);
    if (found === null) throw new ReeveError('InvalidState', _('There is no process {pid}', { pid }));
    return [{ pid, started: found.started }];
}

async function byPort({ number }: Slots, { machine, signal }: Asked): Promise<ProcessParameters[]> {
    const port = Number(number);
    const holder =
        machine === null || port > 65_535 ? null : await readPortHolder(machine.run, { number: port }, signal);
    if (machine === null || holder === null)
        throw new ReeveError('InvalidState', _('I found no one program that uses port {port}', { port }));
    const { name, unit, pid } = holder;
    if (unit !== null)
        throw new ReeveError(
            'InvalidState',
            _('Port {port} is used by {unit}. To stop that, say: stop {unit}', { port, unit: unit.unit }),
        );
    const found = pid === null ? null : await readProcess(machine, pid);
    if (pid === null || found === null)
        throw new ReeveError(
            'InvalidState',
            _('Port {port} is used by {name}, which does not belong to you', { port, name }),
        );
    return [{ pid, started: found.started }];
}

/** Applications as the desktop knows them; other programs by the name that their process has. */
/** Those that people call so. */
export async function programCalled(
    program: string,
    { machine }: Pick<Asked, 'machine'>,
): Promise<ProcessParameters[]> {
    if (machine === null) return [];
    const uid = getuid?.() ?? -1;
    const wanted = program.toLowerCase();
    const [installed, running] = await Promise.all([
        listApplications(machine, languages(env)),
        runningApplications(machine, uid, languages(env)),
    ]);
    const known = installed.filter(({ called }) => called.includes(wanted));
    const meant = new Set(known.map(({ id }) => id));
    const isMeant = ({ id, name }: { id: string; name: string }) =>
        meant.has(id) || [id, name, id.split('.').at(-1) ?? ''].some(each => each.toLowerCase() === wanted);
    const pids = running.filter(isMeant).map(({ pid }) => pid);
    // One that D-Bus started is in the unit of the bus.
    const programs = [program, ...known.map(each => each.program)].filter(each => each !== '');
    const found = pids.length > 0 ? await identified(machine, pids) : await processesCalled(machine, programs);
    const [first] = known;
    if (found.length === 0 && first !== undefined)
        throw new ReeveError('InvalidState', _('{name} is not running', { name: first.name }));
    return found;
}

async function identified(machine: Machine, pids: readonly number[]): Promise<ProcessParameters[]> {
    const read = await Promise.all(pids.map(pid => readProcess(machine, pid)));
    return read.flatMap(process => (process === null ? [] : [{ pid: process.pid, started: process.started }]));
}

/** The oldest first: a program that has started others of its name comes before them. */
async function processesCalled(machine: Machine, names: readonly string[]): Promise<ProcessParameters[]> {
    // The kernel keeps 15 bytes of a name: proc_pid_comm(5).
    const wanted = names.map(name => name.toLowerCase().slice(0, 15));
    const all = await Promise.all((await listProcesses(machine)).map(pid => readProcess(machine, pid)));
    return all
        .flatMap(process => (process === null || !wanted.includes(process.name.toLowerCase()) ? [] : [process]))
        .sort((one, other) => one.started - other.started)
        .map(({ pid, started }) => ({ pid, started }));
}
