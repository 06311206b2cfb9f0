import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import type { Bus, Machine } from '../machine.ts';
import { askMethod } from '../properties.ts';
import { lazy } from '../../util/lazy.ts';

export type Inhibitor = {
    /** The program, as it calls itself. */
    who: string;
    /** In its own words; empty when it gives no reason. */
    why: string;
    /** Which sleep it prevents: any, only when idle, or only when the lid is closed. */
    what: 'sleep' | 'idle' | 'lid';
    evidence: Evidence;
};

const logind = 'org.freedesktop.login1';
const manager = { destination: logind, path: '/org/freedesktop/login1', interface: `${logind}.Manager` };
/** What ListInhibitors answers: what, who, why, mode, user, process. */
export const locks = lazy(() =>
    z.tuple([
        z
            .array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.int(), z.int()]))
            .max(1000)
            .transform(listed =>
                listed.map(([what, who, why, mode, uid]) => ({
                    what: what.split(':'),
                    who: safeText(who, 64),
                    why: safeText(why, 128),
                    // Since systemd 257 also “block-weak”, which blocks only those who do not own the lock.
                    blocks: mode.startsWith('block'),
                    uid,
                })),
            ),
    ]),
);
const kinds = [
    ['sleep', 'sleep'],
    ['idle', 'idle'],
    ['handle-lid-switch', 'lid'],
] as const;
/** gnome-session holds one lock for all of its applications, in gsm-systemd.c; it names them itself. */
const onBehalf = 'user session inhibited';

const gnome = 'org.gnome.SessionManager';
const session = { destination: gnome, path: '/org/gnome/SessionManager', interface: gnome };
const paths = lazy(() => z.tuple([z.array(z.string()).max(1000)]));
/** The limit of queries: each takes three calls. */
const inhibitorsAsked = 30;
const word = lazy(() => z.tuple([z.string()]));
const flagged = lazy(() => z.tuple([z.int()]));
/** GsmInhibitorFlag of gnome-session's gsm-inhibitor-flag.h. */
const flags = { suspend: 4, idle: 8 };

/**
 * The programs that keep the computer awake: locks of the mode “block” at logind (systemd-inhibit(1)), and inhibitors
 * that applications registered with GNOME's session. A lock of the mode “delay” only delays sleep for a few seconds.
 * Null when neither answers.
 */
export async function readInhibitors(machine: Machine, signal: AbortSignal): Promise<Inhibitor[] | null> {
    const { data: listed } = locks().safeParse(await askMethod(machine.system, manager, 'ListInhibitors', signal));
    const ofApplications = await askGnome(machine.session, signal);
    if (listed === undefined) return ofApplications;
    const ofPrograms = listed[0].flatMap(({ what: of, who, why, blocks, uid }): Inhibitor[] => {
        const what = kinds.find(([lock]) => of.includes(lock))?.[1];
        if (what === undefined || !blocks) return [];
        // A lock of another user's session stands for applications that only that session could name.
        if (why === onBehalf && uid === process.getuid?.() && ofApplications !== null) return [];
        const evidence = fact('system', `${logind} ListInhibitors`, `${who}: ${why} (${of.join(':')})`);
        return [{ who, why, what, evidence }];
    });
    return [...ofPrograms, ...(ofApplications ?? [])];
}

async function askGnome(bus: Bus | null, signal: AbortSignal): Promise<Inhibitor[] | null> {
    const { data: listed } = paths().safeParse(await askMethod(bus, session, 'GetInhibitors', signal));
    if (listed === undefined) return null;
    // All at once: if it hangs, that takes as long as one call may.
    const asked = listed[0].slice(0, inhibitorsAsked).map(path => askInhibitor(bus, path, signal));
    return (await Promise.all(asked)).filter(inhibitor => inhibitor !== null);
}

/** Null when it has ended by now, or does not keep the computer awake. */
async function askInhibitor(bus: Bus | null, path: string, signal: AbortSignal): Promise<Inhibitor | null> {
    const object = { destination: gnome, path, interface: `${gnome}.Inhibitor` };
    const [held, application, reason] = await Promise.all(
        ['GetFlags', 'GetAppId', 'GetReason'].map(member => askMethod(bus, object, member, signal)),
    );
    const { data: set } = flagged().safeParse(held);
    const { data: name } = word().safeParse(application);
    if (set === undefined || name === undefined) return null;
    const what = (set[0] & flags.suspend) !== 0 ? 'sleep' : (set[0] & flags.idle) !== 0 ? 'idle' : null;
    if (what === null) return null;
    const [who, why] = [safeText(name[0], 64), safeText(word().safeParse(reason).data?.[0] ?? '', 128)];
    return { who, why, what, evidence: fact('system', `${gnome} ${path}`, `${who}: ${why} (flags ${set[0]})`) };
}

/**
 * Whether the computer can suspend: “unable” when its hardware or kernel cannot, “off” by sleep.conf(5), a masked unit
 * or polkit. Null when logind does not answer.
 */
export async function canSleep(machine: Machine, signal: AbortSignal): Promise<'able' | 'off' | 'unable' | null> {
    // org.freedesktop.login1(5), CanSuspend(), and method_can_shutdown_or_sleep() of src/login/logind-dbus.c in systemd.
    const { data } = word().safeParse(await askMethod(machine.system, manager, 'CanSuspend', signal));
    if (data === undefined) return null;
    return data[0] === 'na' ? 'unable' : data[0] === 'no' ? 'off' : 'able';
}
