import { dirname } from 'node:path';

import { _ } from '../../i18n/i18n.ts';
import type { Scope } from '../../model/unit.ts';
import { extensionState, extensionStates } from '../../machine/desktop/shellExtensions.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { accountName, readTally } from '../../machine/desktop/faillock.ts';
import { readBatteries, renewed } from '../../machine/hardware/batteries.ts';
import { canBeChecked, findMistake } from '../../machine/configurationMistakes.ts';
import { ownerOf, readText } from '../../machine/machine.ts';
import { hasEnough, readMemory } from '../../machine/processes/memory.ts';
import { findOldLibraries } from '../../machine/packages/oldLibraries.ts';
import { readPower } from '../../machine/hardware/power.ts';
import { findSound } from '../../machine/hardware/sound.ts';
import { readTimedate } from '../../machine/time/timedate.ts';
import { readTimeZone } from '../../machine/time/timeZone.ts';
import { readTemperatures } from '../../machine/hardware/temperatures.ts';
import { isSlowedDown, isTooHot, readZones } from '../../machine/hardware/throttling.ts';
import { isWhole, readUnfinished } from '../../machine/packages/unfinishedPackages.ts';
import type { Condition } from '../care/care.ts';
import { unknown } from './quiet.ts';

/** Whether a unit runs, as far as there is such a unit. */
export function isUnitRunning(scope: Scope, name: string): Condition {
    return {
        about: `${name} runs`,
        async check({ systemd, signal }) {
            const unit = await systemd.unit(scope, name, { signal });
            return unit !== null && isRunning(unit)
                ? { gone: true, detail: _('{unit} is running', { unit: name }) }
                : { gone: false, detail: _('{unit} is not running', { unit: name }) };
        },
    };
}

/**
 * Whether the program of a unit is ready, and was started after it last told of the fault, so that it has not met with it.
 *
 * @param fact what an incident has whose fault is met with at the start; of another, such a start says nothing
 */
export function isStartedSince(scope: Scope, name: string, fact: string): Condition {
    return {
        about: `${name} was started since`,
        async check({ incident, systemd, signal }) {
            const unit = await systemd.unit(scope, name, { signal });
            const startedAt = unit?.process?.startedAt ?? 0;
            const isReady = unit?.activeState === 'active' && startedAt > incident.lastSeen;
            return isReady && incident.facts[fact] !== undefined
                ? { gone: true, detail: _('{unit} was started since, and runs', { unit: name }) }
                : { gone: false, detail: _('{unit} was not started since', { unit: name }) };
        },
    };
}

/**
 * The kernel's word for it, by way of org.freedesktop.timedate1(5). Where it is not meant to be synchronised, that it is not says
 * nothing of what was wrong.
 */
export const isClockSynchronised: Condition = {
    about: 'the clock is synchronised',
    async check({ machine, signal, afterFix }) {
        const clock = await readTimedate(machine.system, signal);
        if (clock === null) return unknown();
        if (clock.NTPSynchronized) return { gone: true, detail: _('The clock is synchronised') };
        const result = { gone: false, detail: _('The clock is not synchronised') };
        return clock.NTP || afterFix ? result : { ...result, isUnknown: true };
    },
};

/** What the hardware clock is taken for, by org.freedesktop.timedate1(5), where the log told what it was. */
export const isHardwareClockReadOtherwise: Condition = {
    about: 'the hardware clock is read in another way than before',
    async check({ incident, machine, signal }) {
        const { local } = incident.facts;
        const clock = await readTimedate(machine.system, signal);
        if (clock === null || local === undefined) return unknown();
        return clock.LocalRTC === (local === 'yes')
            ? { gone: false, detail: _('The hardware clock is still read as before') }
            : { gone: true, detail: _('The hardware clock is read in another way now') };
    },
};

/** By PipeWire itself: with an output that is not the dummy one, or without a card that could play. */
export const isHeard: Condition = {
    about: 'there is an output for sound, or no card that could have one',
    async check({ machine, signal }) {
        const sound = await findSound(machine, signal);
        if (sound === null) return unknown();
        const { isHeard: hasOutput, silence } = sound;
        if (silence !== null) return { gone: false, detail: _('There is still no output for sound') };
        return {
            gone: true,
            detail: hasOutput ? _('There is an output for sound') : _('No sound card that could play is left unused'),
        };
    },
};

export const isZoneSet: Condition = {
    about: 'the time zone that is set is there, or is another one',
    async check({ incident, machine }) {
        const set = await readTimeZone(machine);
        return set === null || set.isThere || set.zone !== incident.subject
            ? { gone: true, detail: _('The time zone that is set is there') }
            : { gone: false, detail: _('The time zone {zone} is still not there', { zone: set.zone }) };
    },
};

/** Of the account that was named; pam_faillock(8). */
export const isNotLocked: Condition = {
    about: 'the failed attempts that are counted do not lock the account',
    async check({ incident, machine, now }) {
        const { user = '' } = incident.facts;
        const tally = accountName.test(user) ? await readTally(machine, user, now / 1_000_000) : null;
        if (tally === null) return unknown();
        return tally.isLocked
            ? { gone: false, detail: _('{user} is still locked', { user }) }
            : { gone: true, detail: _('{user} may try again', { user }) };
    },
};

export const hasMemory: Condition = {
    about: 'a tenth of the memory is available',
    async check({ machine }) {
        const memory = await readMemory(machine);
        if (memory === null) return unknown();
        return hasEnough(memory)
            ? { gone: true, detail: _('There is memory again') }
            : { gone: false, detail: _('Memory is still short') };
    },
};

/** Below this no part of a computer is in danger. Degrees Celsius. */
const cool = 85;

export const isCool: Condition = {
    about: `no sensor shows more than ${cool} degrees Celsius, and nothing is so warm that the kernel slows it down`,
    async check({ machine }) {
        const slowed = (await readZones(machine)).find(zone => isTooHot(zone) || isSlowedDown(zone));
        if (slowed !== undefined) {
            const values = { name: slowed.name, celsius: Math.round(slowed.celsius) };
            return { gone: false, detail: _('{name} is at {celsius} °C', values) };
        }
        const [hottest] = await readTemperatures(machine);
        if (hottest === undefined || hottest.celsius <= cool) return { gone: true, detail: _('It has cooled down') };
        const values = { name: hottest.label || hottest.chip, celsius: Math.round(hottest.celsius) };
        return { gone: false, detail: _('{name} is at {celsius} °C', values) };
    },
};

const lowBattery = 0.1;

export const hasCharge: Condition = {
    about: 'the computer runs on mains power, or its battery holds more than a tenth',
    async check({ machine, signal }) {
        const power = await readPower(machine, signal);
        if (power === null) return unknown();
        return power.plugged === true || (power.battery?.level ?? 0) > lowBattery
            ? { gone: true, detail: _('There is power again') }
            : { gone: false, detail: _('The battery is nearly empty') };
    },
};

/** Of the battery that was told of, or of any other of its model that took its place. */
export const isBatteryGood: Condition = {
    about: `no battery of that name takes less than ${renewed * 100} % of what it took when it was new`,
    async check({ incident, machine, signal }) {
        const batteries = await readBatteries(machine.system, signal);
        // One that is charged elsewhere, or a UPower that has just been started, says nothing.
        if (batteries === null || batteries.length === 0) return unknown();
        const same = batteries.filter(({ name }) => name === incident.subject);
        if (same.length === 0) return { gone: true, detail: _('The battery is no longer there') };
        return same.every(({ health }) => health >= renewed)
            ? { gone: true, detail: _('The battery is good') }
            : { gone: false, detail: _('The battery is worn') };
    },
};

export const arePackagesWhole: Condition = {
    about: 'the package manager has nothing left to finish',
    async check({ incident, machine, afterFix, signal }) {
        const unfinished = await readUnfinished(machine, signal);
        if (unfinished === null) return unknown();
        if (unfinished.isInterrupted) return { gone: false, detail: _('An installation is still unfinished') };
        // Of an upgrade that was refused as a whole dpkg knows nothing: that it has nothing left to do is no sign that it went well.
        const isRefused = incident.kind === 'broken' && incident.facts.manager === undefined && !afterFix;
        if (isWhole(unfinished) && isRefused) return unknown();
        return isWhole(unfinished)
            ? { gone: true, detail: _('All packages are installed as they should be') }
            : { gone: false, detail: _('Some packages are not installed as they should be') };
    },
};

/** Debian's update-notifier and unattended-upgrades write it, and /run is empty after a start. */
export const needsNoRestart: Condition = {
    about: 'nothing asks for a restart any more',
    async check({ machine }) {
        return (await readText(machine, '/run/reboot-required', 64)) === null
            ? { gone: true, detail: _('Nothing asks for a restart any more') }
            : { gone: false, detail: _('The computer was not started since') };
    },
};

/**
 * Of a file that may not be written because it belongs to somebody else. One that is not there, or cannot be seen, says nothing by
 * itself: a program that ran as root may have left the folder as its own, and then the folder is what is in the way.
 */
export const isOwn: Condition = {
    about: 'what could not be written belongs to the user',
    async check({ incident, machine }) {
        const { path = '', reason = '' } = incident.facts;
        if (!path.startsWith('/') || !/permission denied/i.test(reason)) return unknown();
        let place = path;
        let owner = await ownerOf(machine, place);
        while (owner === null && place !== dirname(place)) {
            place = dirname(place);
            owner = await ownerOf(machine, place);
        }
        if (owner === null) return unknown();
        return owner === process.getuid?.()
            ? { gone: true, detail: _('{path} is yours again', { path }) }
            : { gone: false, detail: _('{path} still belongs to somebody else', { path: place }) };
    },
};

export const isExtensionWell: Condition = {
    about: 'the Shell reports no error of the extension',
    async check({ incident, machine, signal }) {
        const state = await extensionState(machine.session, incident.subject, signal);
        if (machine.session === null) return unknown();
        return state === extensionStates.error
            ? { gone: false, detail: _('The extension still has an error') }
            : { gone: true, detail: _('The extension has no error any more') };
    },
};

/** What reads the file is asked again. */
export const isUnderstood: Condition = {
    about: 'what reads the file understands it',
    async check({ incident, machine, signal }) {
        const { path = '', message: told } = incident.facts;
        if (!canBeChecked(path)) return unknown();
        // Other lines of fstab may have been wrong for long.
        return (await findMistake(machine.run, path, signal, ({ message }) => [undefined, message].includes(told))) ===
            null
            ? { gone: true, detail: _('There is no mistake in {path} any more', { path }) }
            : { gone: false, detail: _('The mistake in {path} is still there', { path }) };
    },
};

/** Of this user's own programs; those of others cannot be looked into. */
export const usesNoOldLibraries: Condition = {
    about: 'none of your programs uses a library that was replaced',
    async check({ machine, signal }) {
        const [first] = await findOldLibraries(machine, signal);
        return first === undefined
            ? { gone: true, detail: _('All your programs use what is installed now') }
            : { gone: false, detail: _('{program} still uses a library that was replaced', { program: first[0] }) };
    },
};
