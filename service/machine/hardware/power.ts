import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { readBatteries } from './batteries.ts';
import { fact } from '../evidence.ts';
import { listNames, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readProperties } from '../properties.ts';
import { lazy } from '../../util/lazy.ts';

export type BatteryState = 'charging' | 'discharging' | 'empty' | 'full' | 'waiting' | 'unknown';

export type Battery = {
    state: BatteryState;
    /** 0 to 1. */
    level: number;
    /** Seconds until empty or full, as UPower estimates it; null when it gives none. */
    remaining: number | null;
    /**
     * The share of its design capacity that a full charge still holds, 0 to 1, of the most worn battery; null when
     * unknown.
     */
    health: number | null;
};

export type Power = {
    /** Null when the computer has none. */
    battery: Battery | null;
    /** Whether it runs on mains power; null when unknown. */
    plugged: boolean | null;
    evidence: Evidence[];
};

const upower = 'org.freedesktop.UPower';
const daemonObject = { destination: upower, path: '/org/freedesktop/UPower', interface: upower };
const deviceObject = {
    destination: upower,
    path: '/org/freedesktop/UPower/devices/DisplayDevice',
    interface: `${upower}.Device`,
};
/** UpDeviceState and UpDeviceKind of libupower-glib, up-types.h. */
const states: readonly BatteryState[] = ['unknown', 'charging', 'discharging', 'empty', 'full', 'waiting', 'waiting'];
const batteryKind = 2;

const daemonProperties = lazy(() => z.object({ OnBattery: z.boolean() }));
const deviceProperties = lazy(() =>
    z.object({
        Type: z.number(),
        IsPresent: z.boolean(),
        State: z.number(),
        Percentage: z.number(),
        TimeToEmpty: z.number(),
        TimeToFull: z.number(),
    }),
);

/** UPower's battery for the whole computer, else the kernel's; null when neither knows one. */
export async function readPower(machine: Machine, signal: AbortSignal): Promise<Power | null> {
    return (await askUpower(machine, signal)) ?? (await readSysfs(machine));
}

async function askUpower({ system }: Machine, signal: AbortSignal): Promise<Power | null> {
    const { data: daemon } = daemonProperties().safeParse(await readProperties(system, daemonObject, signal));
    const { data: device } = deviceProperties().safeParse(await readProperties(system, deviceObject, signal));
    if (daemon === undefined || device === undefined) return null;
    const cited = `OnBattery ${daemon.OnBattery}; DisplayDevice ${JSON.stringify(device)}`;
    const hasBattery = device.Type === batteryKind && device.IsPresent;
    const state = states[device.State] ?? 'unknown';
    const healths = hasBattery ? ((await readBatteries(system, signal)) ?? []).map(({ health }) => health) : [];
    const remaining = state === 'charging' ? device.TimeToFull : device.TimeToEmpty;
    return {
        battery: hasBattery
            ? {
                  state,
                  level: device.Percentage / 100,
                  remaining: remaining > 0 ? remaining : null,
                  health: healths.length === 0 ? null : Math.min(...healths),
              }
            : null,
        plugged: hasBattery ? !daemon.OnBattery : null,
        evidence: [fact('system', upower, cited)],
    };
}

const sysfsStates: Record<string, BatteryState> = {
    Charging: 'charging',
    Discharging: 'discharging',
    Full: 'full',
    'Not charging': 'waiting',
};

/** @see Documentation/ABI/testing/sysfs-class-power; batteries of mice and the like have the scope "Device" */
async function readSysfs(machine: Machine): Promise<Power | null> {
    const supplies = await listNames(machine, '/sys/class/power_supply');
    if (supplies.length === 0) return null;
    const power: Power = { battery: null, plugged: null, evidence: [] };
    for (const supply of supplies.sort()) {
        const directory = `/sys/class/power_supply/${supply}`;
        const read = async (file: string) => (await readText(machine, `${directory}/${file}`, 4096))?.trim() ?? '';
        const type = await read('type');
        if ((await read('scope')) === 'Device') continue;
        if (type === 'Mains') {
            const online = await read('online');
            power.plugged = power.plugged === true || online === '1';
            power.evidence.push(fact('file', `${directory}/online`, online));
        } else if (type === 'Battery' && power.battery === null) {
            const [status, capacity] = [await read('status'), await read('capacity')];
            if (!/^\d+$/.test(capacity)) continue;
            const state = sysfsStates[status] ?? 'unknown';
            power.battery = { state, level: Number(capacity) / 100, remaining: null, health: null };
            power.evidence.push(fact('file', `${directory}/capacity`, `${capacity} %, ${status}`));
        }
    }
    return power;
}

/** What the kernel says of the battery, without asking UPower; null where there is none. */
export async function readKernelBattery(machine: Machine): Promise<{ level: number; discharging: boolean } | null> {
    const battery = (await readSysfs(machine))?.battery ?? null;
    return battery === null ? null : { level: battery.level, discharging: battery.state === 'discharging' };
}
