import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBatteries, renewed } from '../../machine/hardware/batteries.ts';
import { readPower } from '../../machine/hardware/power.ts';
import { readTemperatures } from '../../machine/hardware/temperatures.ts';
import { isSlowedDown, isTooHot, readZones } from '../../machine/hardware/throttling.ts';

/** Below this no part of a computer is in danger. Degrees Celsius. */
const cool = 85;

export const isCool: RecoveryCheck = {
    about: `no sensor shows more than ${cool} degrees Celsius, and the kernel does not throttle anything because of heat`,
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

export const hasCharge: RecoveryCheck = {
    about: 'the computer runs on mains power, or its battery is above 10%',
    async check({ machine, signal }) {
        const power = await readPower(machine, signal);
        if (power === null) return unknown();
        return power.plugged === true || (power.battery?.level ?? 0) > lowBattery
            ? { gone: true, detail: _('The computer has power again') }
            : { gone: false, detail: _('The battery is nearly empty') };
    },
};

/** Of the reported battery, or of any other of its model that took its place. */
export const isBatteryGood: RecoveryCheck = {
    about: `every battery of that name holds at least ${renewed * 100}% of its original capacity`,
    async check({ incident, machine, signal }) {
        const batteries = await readBatteries(machine.system, signal);
        // A battery that is charged elsewhere, or a UPower that has just been started, proves nothing.
        if (batteries === null || batteries.length === 0) return unknown();
        const same = batteries.filter(({ name }) => name === incident.subject);
        if (same.length === 0) return { gone: true, detail: _('The battery is no longer there') };
        return same.every(({ health }) => health >= renewed)
            ? { gone: true, detail: _('The battery is good') }
            : { gone: false, detail: _('The battery is worn') };
    },
};
