import { open } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { parseDpkgLog, parsePacmanLog } from '../../machine/packages/packages.ts';
import { isAbsence } from '../../machine/machine.ts';
import type { PollContext, PackageEvent, PackageManager } from './manager.ts';
import { readJson } from '../../store/stored.ts';

/** How much of a log is read at most: the first time, or after a long absence, its end. */
const readLimit = 1_048_576;

const place = z.object({ inode: z.number(), offset: z.number() });
type Place = z.infer<typeof place>;

/** dpkg(1) writes to its log whatever front end is used; it renames files in its directory after each change. */
export const dpkg = logged({
    name: 'dpkg',
    log: 'var/log/dpkg.log',
    directory: 'var/lib/dpkg',
    parse: parseDpkgLog,
});

/** pacman(8) takes and releases a lock in its directory. */
export const pacman = logged({
    name: 'pacman',
    log: 'var/log/pacman.log',
    directory: 'var/lib/pacman',
    parse: parsePacmanLog,
});

function logged({
    name,
    log,
    directory,
    parse,
}: {
    name: string;
    log: string;
    directory: string;
    parse: (lines: readonly string[]) => PackageEvent[];
}): PackageManager {
    return {
        name,
        directories: ({ root }) => [join(root, directory)],
        async poll({ root, remembered }: PollContext) {
            const before = remembered === null ? null : readJson(remembered, place, name);
            const path = join(root, log);
            const current = await readOn(path, before);
            if (current === null) return null;
            // logrotate(8) has renamed the file that was read last; its rest is in the older file.
            const rest =
                before !== null && current.place.inode !== before.inode ? await readOn(`${path}.1`, before) : null;
            const isRest = rest !== null && rest.place.inode === before?.inode;
            const lines = [...(isRest ? rest.lines : []), ...current.lines];
            return { events: parse(lines), remember: JSON.stringify(current.place) };
        },
    };
}

/** The complete lines of a file after `before`, or its last ones when it is another file. */
async function readOn(path: string, before: Place | null): Promise<{ lines: string[]; place: Place } | null> {
    try {
        await using file = await open(path);
        const { size, ino } = await file.stat();
        const isSame = before?.inode === ino && before.offset <= size;
        const from = isSame ? before.offset : 0;
        const start = Math.max(from, size - readLimit);
        const buffer = Buffer.allocUnsafe(size - start);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        const end = buffer.lastIndexOf(0x0a, bytesRead - 1) + 1;
        const lines = buffer.toString('utf8', 0, end).split('\n');
        if (start > from) lines.shift();
        return { lines: lines.filter(line => line !== ''), place: { inode: ino, offset: start + end } };
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
