import { readlink, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { isAbsence, readBytes, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';

/** localtime(5). */
const link = '/etc/localtime';
const database = '/usr/share/zoneinfo';
/** As the names of the tz database are. */
export const zoneName = /^[A-Za-z][\w+-]{0,31}(?:\/[\w+-]{1,31}){0,2}$/;
/** tzfile(5). */
const magic = 'TZif';
/** What programs take without a time zone is the same as these. */
const sameAsNone = /^(?:(?:Etc\/)?(?:UTC|UCT|Universal|Zulu|GMT)|posix\/UTC)$/;

/** The time zone that /etc/localtime names, and whether programs find it; null when none is set, or it is unknown. */
export async function readTimeZone(machine: Machine): Promise<{ zone: string; isThere: boolean } | null> {
    machine.onRead?.(link);
    const target = await readlink(join(machine.root, link)).catch((error: unknown) => {
        if (isAbsence(error)) return null;
        throw error;
    });
    // A file in place of the link holds the time zone itself, without its name.
    if (target === null) return null;
    const path = resolve('/etc', target);
    const zone = path.startsWith(`${database}/`) ? path.slice(database.length + 1) : '';
    if (!zoneName.test(zone)) return null;
    return { zone, isThere: sameAsNone.test(zone) || (await isZoneThere(machine, zone)) };
}

/** Whether there is such a time zone on this computer. */
export async function isZoneThere(machine: Machine, zone: string): Promise<boolean> {
    return (await readBytes(machine, `${database}/${zone}`, magic.length))?.toString('latin1') === magic;
}

/** Whether there are time zones at all: without them every computer is in UTC, and that is meant so. */
export async function hasZones(machine: Machine): Promise<boolean> {
    return (
        (await stat(join(machine.root, database, 'tzdata.zi')).catch((error: unknown) => {
            if (isAbsence(error)) return null;
            throw error;
        })) !== null
    );
}

/** By what name a time zone goes that the tz database has renamed; "L NEW OLD" of its compact form, zic(8). null when unknown. */
export async function successorOf(machine: Machine, zone: string): Promise<string | null> {
    const lines = (await readText(machine, `${database}/tzdata.zi`, 262_144))?.split('\n') ?? [];
    const successor = lines.find(line => line.startsWith('L ') && line.endsWith(` ${zone}`))?.split(' ')[1] ?? '';
    return zoneName.test(successor) && (await isZoneThere(machine, successor)) ? successor : null;
}
