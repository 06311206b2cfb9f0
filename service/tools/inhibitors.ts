import * as z from 'zod';

import type { Evidence } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';
import { fact } from './evidence.ts';
import type { Bus, Machine } from './machine.ts';
import { askMethod } from './properties.ts';

export type Inhibitor = {
    /** The program, as it calls itself. */
    who: string;
    /** In its own words; empty when it gives no reason. */
    why: string;
    /** What it prevents: any sleep, only sleep for want of use, or only sleep because the lid was closed. */
    what: 'sleep' | 'idle' | 'lid';
    evidence: Evidence;
};

const logind = 'org.freedesktop.login1';
const manager = { destination: logind, path: '/org/freedesktop/login1', interface: `${logind}.Manager` };
/** ListInhibitors: what, who, why, mode, user, process. */
const locks = z.tuple([z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.int(), z.int()])).max(1000)]);
const kinds = [
    ['sleep', 'sleep'],
    ['idle', 'idle'],
    ['handle-lid-switch', 'lid'],
] as const;
/** gnome-session holds one lock for all of its applications, in gsm-systemd.c; it names them itself. */
const onBehalf = 'user session inhibited';

const gnome = 'org.gnome.SessionManager';
const session = { destination: gnome, path: '/org/gnome/SessionManager', interface: gnome };
const paths = z.tuple([z.array(z.string()).max(200)]);
const word = z.tuple([z.string()]);
const flagged = z.tuple([z.int()]);
/** GsmInhibitorFlag of gnome-session's gsm-inhibitor-flag.h. */
const flags = { suspend: 4, idle: 8 };

/**
 * The programs that keep the computer awake: locks of the mode “block” at logind (systemd-inhibit(1)), and what applications
 * told the session of GNOME. A lock of the mode “delay” holds sleep up for some seconds only. Null where nobody knows.
 */
export async function readInhibitors(machine: Machine, signal: AbortSignal): Promise<Inhibitor[] | null> {
    const { data: listed } = locks.safeParse(await askMethod(machine.system, manager, 'ListInhibitors', signal));
    const ofApplications = await askGnome(machine.session, signal);
    if (listed === undefined) return ofApplications;
    const ofPrograms = listed[0].flatMap(([of, who, why, mode]): Inhibitor[] => {
        const what = kinds.find(([lock]) => of.split(':').includes(lock))?.[1];
        if (what === undefined || !mode.startsWith('block')) return [];
        if (why === onBehalf && ofApplications !== null) return [];
        const evidence = fact('system', `${logind} ListInhibitors`, `${who}: ${why} (${of}, ${mode})`);
        return [{ who: safeText(who, 64), why: safeText(why, 128), what, evidence }];
    });
    return [...ofPrograms, ...(ofApplications ?? [])];
}

async function askGnome(bus: Bus | null, signal: AbortSignal): Promise<Inhibitor[] | null> {
    const { data: listed } = paths.safeParse(await askMethod(bus, session, 'GetInhibitors', signal));
    if (listed === undefined) return null;
    const found: Inhibitor[] = [];
    for (const path of listed[0]) {
        const object = { destination: gnome, path, interface: `${gnome}.Inhibitor` };
        const ask = (member: string) => askMethod(bus, object, member, signal);
        const { data: held } = flagged.safeParse(await ask('GetFlags'));
        const { data: who } = word.safeParse(await ask('GetAppId'));
        const { data: why } = word.safeParse(await ask('GetReason'));
        // It may be over by now.
        if (held === undefined || who === undefined) continue;
        const what = (held[0] & flags.suspend) !== 0 ? 'sleep' : (held[0] & flags.idle) !== 0 ? 'idle' : null;
        if (what === null) continue;
        const reason = why?.[0] ?? '';
        const evidence = fact('system', `${gnome} ${path}`, `${who[0]}: ${reason} (flags ${held[0]})`);
        found.push({ who: safeText(who[0], 64), why: safeText(reason, 128), what, evidence });
    }
    return found;
}

/** Whether the hardware and the kernel can sleep at all; null when logind cannot tell. */
export async function canSleep(machine: Machine, signal: AbortSignal): Promise<boolean | null> {
    // org.freedesktop.login1(5), CanSuspend(): "na" when hardware, kernel or drivers cannot.
    const { data } = word.safeParse(await askMethod(machine.system, manager, 'CanSuspend', signal));
    return data === undefined ? null : data[0] !== 'na';
}
