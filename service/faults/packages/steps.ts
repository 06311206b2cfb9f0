import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { noted } from '../../diagnosis/guide.ts';
import type { StepCheck } from '../../diagnosis/guide.ts';
import { readPower } from '../../machine/hardware/power.ts';
import { isAbsence, readText } from '../../machine/machine.ts';
import type { Machine } from '../../machine/machine.ts';

/** Files that dpkg and APT lock by fcntl(2): dpkg_acquire_lock() and GetLock(). */
const locked = ['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock'];
/** A file that is there while pacman works: its alpm_dblock(). */
const present = '/var/lib/pacman/db.lck';

export const isUnlocked: StepCheck = {
    about: 'no program holds the lock of dpkg, APT or pacman',
    async check({ machine }) {
        if ((await inodeOf(machine, present)) !== null) return { gone: false, detail: '' };
        const inodes = await Promise.all(locked.map(path => inodeOf(machine, path)));
        if (inodes.every(inode => inode === null)) return { gone: false, detail: '' };
        // Each line has "MAJOR:MINOR:INODE": proc_locks(5).
        const held = new Set(
            [...((await readText(machine, '/proc/locks', 1_048_576)) ?? '').matchAll(/:(\d+) /g)].map(
                ([, inode]) => inode,
            ),
        );
        return { gone: inodes.every(inode => inode === null || !held.has(String(inode))), detail: '' };
    },
};

async function inodeOf({ root }: Machine, path: string): Promise<number | null> {
    try {
        return (await stat(join(root, path))).ino;
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

export const hasPower: StepCheck = {
    about: 'the computer runs on mains power, or has no battery',
    async check({ machine, signal }) {
        const power = await readPower(machine, signal);
        return { gone: power !== null && power.plugged !== false, detail: '' };
    },
};

export const isTriedAgain = noted('that firmware was updated', ['device'], ({ event }) => event === 'firmware-updated');
