import { stat } from 'node:fs/promises';
import * as z from 'zod';
import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { scope } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';
import type { BusCall, CheckResult, Plan, Step, UndoStep } from '../../model/proposal.ts';
import { busOf, manager } from '../../machine/units/systemd.ts';
import type { Systemd, UnitDetails } from '../../machine/units/systemd.ts';
import { isUnitName } from '../../model/unitName.ts';
import { isRestarting, isRunning } from '../../machine/units/unitState.ts';
import type { Surroundings } from '../surroundings.ts';
import { operand } from '../../text/operand.ts';

/** Shared by the actions on units: parameters, steps, and the state that a plan requires. */

export const unitName = z.string().refine(isUnitName, { error: 'is not the name of a unit' });
export const unitParameters = z.strictObject({ scope, unit: unitName });

/** Methods of the manager that plans may call, with the verb of systemctl(1) that does the same. */
const verbs = {
    StartUnit: 'start',
    StopUnit: 'stop',
    RestartUnit: 'restart',
    ResetFailedUnit: 'reset-failed',
    KillUnit: 'kill --signal=KILL',
} as const;
type Method = keyof typeof verbs;

export function unitStep(method: Method, { scope: of, name }: Pick<UnitDetails, 'scope' | 'name'>): Step {
    return {
        description: describeStep(method, name),
        command: commandLine(of, verbs[method], name),
        call: unitCall(method, of, name),
    };
}

/** Has a manager read its unit files again; Reload() of org.freedesktop.systemd1(5). */
export function reloadStep(of: Scope): Step {
    return {
        description: _('Reload the unit files'),
        command: ['systemctl', ...(of === 'user' ? ['--user'] : []), 'daemon-reload'].join(' '),
        call: { bus: busOf[of], ...manager, member: 'Reload', signature: '', arguments: [] },
    };
}

/** Whether a step changes the unit that it names. */
export function isUnitStep({ call }: Pick<Step, 'call'>): boolean {
    return call.interface === manager.interface && call.member in verbs;
}

/** Whether a step leaves no trace of its own. */
export function onlyResets({ call }: Step): boolean {
    return call.interface === manager.interface && ['ResetFailedUnit', 'Reload'].includes(call.member);
}

export function startsUnit(step: Step): boolean {
    return isUnitStep(step) && ['StartUnit', 'RestartUnit'].includes(step.call.member);
}

/** Whether a step stops a unit, and with it all that the unit does by now. */
export function stopsUnit(step: Step): boolean {
    return isUnitStep(step) && step.call.member === 'StopUnit';
}

/** The steps of undo, of a plan whose steps come later in a longer one. @param by how many come before them there */
export function shifted(undo: Plan['undo'] | undefined, by: number): UndoStep[] {
    return (undo?.steps ?? []).map(step => ({ ...step, undoes: by + (step.undoes ?? 0) }));
}

/** The unit that a step changes. */
export function unitOf({ call }: Pick<Step, 'call'>): { scope: Scope; name: string } {
    const [name] = call.arguments;
    return { scope: call.bus === busOf.system ? 'system' : 'user', name: typeof name === 'string' ? name : '' };
}

const actions: Readonly<Record<string, string>> = {
    StartUnit: 'unit.start',
    StopUnit: 'unit.stop',
    RestartUnit: 'unit.restart',
};

/** The change that a step makes, as if it had been asked for alone. */
export function unitChangeOf(step: Step): { action: string; parameters: { scope: Scope; unit: string } } | null {
    const action = isUnitStep(step) ? actions[step.call.member] : undefined;
    const { scope: of, name } = unitOf(step);
    return action === undefined ? null : { action, parameters: { scope: of, unit: name } };
}

/** What systemctl(1) has to be given to make the call; null for one that it does not make. */
export function systemctlArguments(call: BusCall): string[] | null {
    if (call.interface !== manager.interface) return null;
    if (call.member === 'Reload') return ['daemon-reload'];
    const verb = Object.entries(verbs).find(([method]) => method === call.member)?.[1];
    const [name] = call.arguments;
    return verb === undefined || typeof name !== 'string' ? null : [...verb.split(' '), '--', name];
}

function unitCall(method: Method, of: Scope, name: string): BusCall {
    const call = { bus: busOf[of], ...manager, member: method };
    if (method === 'ResetFailedUnit') return { ...call, signature: 's', arguments: [name] };
    // All of its processes: KillUnit() of org.freedesktop.systemd1(5). SIGKILL has this number everywhere: signal(7).
    if (method === 'KillUnit') return { ...call, signature: 'ssi', arguments: [name, 'all', 9] };
    // systemctl uses the mode "replace": a job that is queued for the unit gives way to this one.
    return { ...call, signature: 'ss', arguments: [name, 'replace'] };
}

function describeStep(method: Method, unit: string): string {
    switch (method) {
        case 'StartUnit':
            return _('Start {unit}', { unit });
        case 'StopUnit':
            return _('Stop {unit}', { unit });
        case 'RestartUnit':
            return _('Restart {unit}', { unit });
        case 'ResetFailedUnit':
            return _('Reset the failed state and the start count of {unit}', { unit });
        case 'KillUnit':
            return _('End all processes of {unit} immediately', { unit });
    }
}

/** What a person could type. */
function commandLine(of: Scope, verb: string, name: string): string {
    return ['systemctl', ...(of === 'user' ? ['--user'] : []), verb, operand(name)].join(' ');
}

/** @throws ReeveError InvalidState when the unit is not there or its file is unusable */
export async function requireStartable(
    systemd: Systemd,
    of: Scope,
    name: string,
    signal: AbortSignal,
): Promise<UnitDetails> {
    const unit = await requireUnit(systemd, of, name, signal);
    if (unit.loadState === 'masked')
        throw new ReeveError('InvalidState', _('{unit} is masked: it was disabled on purpose', { unit: name }));
    if (unit.loadState !== 'loaded') throw new ReeveError('InvalidState', _('{unit} cannot be loaded', { unit: name }));
    if (unit.refusesManualStart || !unit.canStart)
        throw new ReeveError('InvalidState', _('{unit} cannot be started manually', { unit: name }));
    return unit;
}

/** @throws ReeveError InvalidState when there is no such unit */
export async function requireUnit(
    systemd: Systemd,
    of: Scope,
    name: string,
    signal: AbortSignal,
): Promise<UnitDetails> {
    const unit = await systemd.unit(of, name, { signal });
    if (unit === null) throw new ReeveError('InvalidState', _('There is no unit {unit}', { unit: name }));
    return unit;
}

/** Whether a unit that was started runs, or has done what it does. */
export async function verifyStarted(
    { scope: of, unit: name }: z.infer<typeof unitParameters>,
    { systemd, signal }: Surroundings & { signal: AbortSignal },
): Promise<CheckResult> {
    const unit = await requireUnit(systemd, of, name, signal);
    if (unit.activeState === 'inactive' && !unit.conditionsMet) {
        const conditions = unit.unmetConditions.join(', ');
        return {
            gone: false,
            detail: _('It was not started because a condition was not met: {conditions}', { conditions }),
        };
    }
    const gone = unit.activeState !== 'failed' && (isRunning(unit) || unit.result === 'success');
    return { gone, detail: gone ? '' : _('{unit} has failed', { unit: name }) };
}

/** What the plan requires of the system: the state of each unit, its run, and its files. */
export async function preconditions(units: readonly UnitDetails[]): Promise<Record<string, string>> {
    const each = await Promise.all(
        units.map(async unit => {
            // A unit that keeps restarting is a new run each time; that alone changes nothing.
            const state: Record<string, string> = isRestarting(unit)
                ? { state: 'restarting' }
                : { state: unit.activeState, invocation: unit.invocationId ?? '' };
            return Object.entries({ ...state, files: await describeFiles(unit) });
        }),
    );
    return Object.fromEntries(
        each.flatMap((entries, index) =>
            entries.map(([name, value]) => [`${units[index]?.name ?? ''} ${name}`, value]),
        ),
    );
}

async function describeFiles(unit: UnitDetails): Promise<string> {
    const paths = [unit.fragmentPath, unit.sourcePath, ...unit.dropInPaths].filter(path => path !== '');
    const described = await Promise.all(paths.map(async path => `${path} ${await modificationTime(path)}`));
    return [unit.loadState, ...described].join(', ');
}

/** Nanoseconds since the Unix epoch, or the reason why they are missing. */
async function modificationTime(path: string): Promise<string> {
    try {
        return String((await stat(path, { bigint: true })).mtimeNs);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? 'unreadable';
    }
}
