import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { Connection } from '../dbus/connection.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import { run } from './run.ts';
import type { Run } from './run.ts';

/** The part of a bus connection that reading needs. */
export type Bus = Pick<Connection, 'call' | 'nameOwner'>;

/** What the tools read from. An absent bus is null, and its data is then unknown. */
export type Machine = {
    /** Where /proc, /sys, /etc and /var are: "/", or a recorded tree. */
    root: string;
    system: Bus | null;
    session: Bus | null;
    /** Starts programs that only read. */
    run: Run;
    /** Called for each file and folder that is read, so that an answer can name its sources. */
    onRead?: (path: string) => void;
};

/** This computer. Its system bus comes and goes with the connection. */
export type ThisMachine = Machine & { readonly session: Connection; readonly system: Connection | null };

export function thisMachine(session: Connection, systemBus: SystemBus | null): ThisMachine {
    return {
        root: '/',
        run,
        session,
        get system() {
            return systemBus?.connection ?? null;
        },
    };
}

/** The files under `root`, and programs to read with, without its buses. */
export function filesOf(root: string): Machine {
    return { root, system: null, session: null, run };
}

/** Expected reasons why a file could not be read: it is missing, or not for us. ESRCH: its process has ended. */
const absences = new Set([
    'ENOENT',
    'ENOTDIR',
    'EACCES',
    'EPERM',
    'ESRCH',
    'ENODEV',
    'ENXIO',
    'EINVAL',
    'EIO',
    'ENODATA',
    'EAGAIN',
    'EBUSY',
    'ETIMEDOUT',
    'EREMOTEIO',
    'EOPNOTSUPP',
]);

const errorCode = z.object({ code: z.string() });

/** Whether `error` only means that there is nothing for us to read; a sensor of sysfs may also be asleep or busy. */
export function isAbsence(error: unknown): boolean {
    const { data } = errorCode.safeParse(error);
    return data !== undefined && absences.has(data.code);
}

/** Whether `error` means that nothing can have this name, which a user may have typed or a program printed. */
export function isNoName(error: unknown): boolean {
    const { data } = errorCode.safeParse(error);
    return data?.code === 'ELOOP' || data?.code === 'ENAMETOOLONG';
}

/** The first `limit` bytes of a file (which may have no size, as those of /proc), or null when there is nothing to read. */
export async function readText(machine: Machine, path: string, limit = 65_536): Promise<string | null> {
    return (await readBytes(machine, path, limit))?.toString('utf8') ?? null;
}

/** As `readText`, for binary files. */
export async function readBytes(machine: Machine, path: string, limit: number): Promise<Buffer | null> {
    machine.onRead?.(path);
    try {
        await using file = await open(join(machine.root, path));
        const buffer = Buffer.allocUnsafe(limit);
        let length = 0;
        while (length < limit) {
            const { bytesRead } = await file.read(buffer, length, limit - length);
            if (bytesRead === 0) break;
            length += bytesRead;
        }
        return buffer.subarray(0, length);
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** The owner of a file or folder, not of a link's target; null when it does not exist. */
export async function ownerOf(machine: Machine, path: string): Promise<number | null> {
    machine.onRead?.(path);
    try {
        return (await lstat(join(machine.root, path))).uid;
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** null when the file does not exist. @param path of this computer */
export async function inodeOf(path: string): Promise<number | null> {
    try {
        return (await stat(path)).ino;
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** Whole lines from the last `limit` bytes of a file, or null when there is nothing to read. */
export async function readLastLines(machine: Machine, path: string, limit = 262_144): Promise<string[] | null> {
    machine.onRead?.(path);
    try {
        await using file = await open(join(machine.root, path));
        const { size } = await file.stat();
        const start = Math.max(0, size - limit);
        const buffer = Buffer.allocUnsafe(size - start);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
        if (start > 0) lines.shift();
        return lines.filter(line => line !== '');
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** The names in a directory; empty when we cannot read it. */
export async function listNames(machine: Machine, path: string): Promise<string[]> {
    machine.onRead?.(path);
    try {
        return await readdir(join(machine.root, path));
    } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
    }
}
