/** How far a call got whose end nobody saw, because what made it was killed: the system is looked at. */
import { setTimeout as delay } from 'node:timers/promises';
import { uptime } from 'node:os';

import { joinCalls } from '../actions/joinedCalls.ts';
import { isUnitStep, startsUnit, unitOf } from '../actions/units/unitPlan.ts';
import type { Connection } from '../dbus/connection.ts';
import type { JournalReader } from '../journal/query.ts';
import { filesOf } from '../machine/machine.ts';
import { readProcess } from '../machine/processes/processes.ts';
import { ownEntries } from '../machine/units/restarts.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import { isRestarting } from '../machine/units/unitState.ts';
import type { BusCall, Step } from '../model/proposal.ts';
import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import { fileStanding } from './fileStanding.ts';

/** `done`: so many of the steps are done. `isUnsure`: whether the next one is done as well cannot be known. */
export type Standing = { done: number; isUnsure: boolean };

export type Looked = {
    open: (bus: BusCall['bus']) => Promise<Connection>;
    systemd: Systemd;
    journal: JournalReader;
};

type Look = 'done' | 'not' | 'unknown';

/** How often to look whether a unit has come to rest. Milliseconds. */
const interval = 250;

/** Of systemd's src/systemd/sd-messages.h. */
const messages = {
    starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
    started: '39f53479d3a045ac8e11786248231fbf',
    failed: 'be02cf6855d2428ba40df7e9d022f03d',
};

/**
 * How far the steps got that one call was to carry out. Programs of theirs that still run are waited for.
 *
 * @param steps of one call, as `joinCalls` joins them
 * @param since when the change was approved, in microseconds since the Unix epoch
 * @throws the reason of `signal`
 */
export async function standingOf(
    steps: readonly Step[],
    since: number,
    system: Looked,
    signal: AbortSignal,
): Promise<Standing> {
    const [joined] = joinCalls(steps);
    if (joined === undefined) return { done: 0, isUnsure: false };
    const ran = await orUnknown(() => programsRan(joined.call, since, system, signal), signal);
    if (ran !== 'unknown') return { done: ran === 'done' ? steps.length : 0, isUnsure: false };
    const looks: Look[] = [];
    for (const step of steps) looks.push(await orUnknown(() => lookAt(step, since, system, signal), signal));
    // They are carried out in order.
    const done = looks.lastIndexOf('done') + 1;
    return { done, isUnsure: looks[done] === 'unknown' };
}

async function orUnknown(look: () => Promise<Look>, signal: AbortSignal): Promise<Look> {
    try {
        return await look();
    } catch (error) {
        signal.throwIfAborted();
        log('warning', 'Could not find out how far a change got', { reason: messageOf(error) });
        return 'unknown';
    }
}

/** Whether the programs of a transient unit have run to a good end, or none of them has begun, as the journal has it. */
async function programsRan(
    call: BusCall,
    since: number,
    { systemd, journal }: Looked,
    signal: AbortSignal,
): Promise<Look> {
    if (call.member !== 'StartTransientUnit') return 'unknown';
    const { scope, name } = unitOf({ call });
    for (;;) {
        const unit = await systemd.unit(scope, name, { signal });
        if (unit === null || ['inactive', 'failed'].includes(unit.activeState)) break;
        await delay(interval, undefined, { signal });
    }
    const { by, unit } = ownEntries[scope];
    const ids = Object.values(messages).map(id => `MESSAGE_ID=${id}`);
    const [entry] = await journal.query({ matches: [`${unit}=${name}`, ...ids, ...by], lines: 1, signal });
    if (entry !== undefined && (entry.time ?? 0) >= since)
        return entry.messageId === messages.started ? 'done' : 'unknown';
    // A power cut may have taken the last minutes of the journal with it.
    const isOfThisBoot = since / 1000 > Date.now() - uptime() * 1000;
    const access = await journal.access();
    return isOfThisBoot && (access === 'system' || (access === 'own' && scope === 'user')) ? 'not' : 'unknown';
}

async function lookAt(step: Step, since: number, system: Looked, signal: AbortSignal): Promise<Look> {
    const { call, ends } = step;
    const ofFile = await fileStanding(step);
    if (ofFile !== null) return ofFile === 'after' ? 'done' : ofFile === 'before' ? 'not' : 'unknown';
    if (ends !== undefined) {
        const found = await readProcess(filesOf('/'), ends.pid);
        return found?.started === ends.started && !['Z', 'X'].includes(found.state) ? 'not' : 'done';
    }
    if (isUnitStep(step)) return await lookAtUnit(step, since, system.systemd, signal);
    if (call.interface === 'org.freedesktop.DBus.Properties' && call.member === 'Set')
        return await lookAtProperty(call, system);
    return 'unknown';
}

async function lookAtUnit(step: Step, since: number, systemd: Systemd, signal: AbortSignal): Promise<Look> {
    const { scope, name } = unitOf(step);
    let unit = await systemd.unit(scope, name, { signal });
    while (unit !== null && unit.activeState.endsWith('ing') && !isRestarting(unit)) {
        await delay(interval, undefined, { signal });
        unit = await systemd.unit(scope, name, { signal });
    }
    const state = unit?.activeState ?? 'inactive';
    if (step.call.member === 'ResetFailedUnit') return state === 'failed' ? 'not' : 'done';
    if (!startsUnit(step)) return state === 'inactive' || state === 'failed' ? 'done' : 'not';
    if (step.call.member === 'StartUnit' && state === 'active') return 'done';
    const times = await systemd.times(scope, name, { signal });
    if (state === 'active') return times.activeSince >= since ? 'done' : 'not';
    const ago = BigInt(Date.now()) * 1000n - BigInt(since);
    const begun = process.hrtime.bigint() / 1000n - ago;
    if (begun < 0n || BigInt(times.begunMonotonic) < begun) return 'not';
    // A service that runs once is inactive again when it has done its work. One that failed may have run well before that.
    return state === 'inactive' ? 'done' : 'unknown';
}

async function lookAtProperty({ bus, destination, path, arguments: values }: BusCall, { open }: Looked): Promise<Look> {
    const [of, name, wanted] = values;
    if (typeof of !== 'string' || typeof name !== 'string' || typeof wanted !== 'object' || !('value' in wanted))
        return 'unknown';
    await using connection = await open(bus);
    const found = await connection.getProperty(destination, path, of, name);
    return JSON.stringify(found) === JSON.stringify(wanted.value) ? 'done' : 'not';
}
