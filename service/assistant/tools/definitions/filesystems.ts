import * as z from 'zod';

import { bytes, percent } from '../figures.ts';
import { readFilesystems, usedShare } from '../../../machine/storage/filesystems.ts';
import { required, tool } from '../tool.ts';

export const filesystems = tool({
    name: 'filesystems',
    description: 'Disk space: how full each filesystem is, with free space and inodes, fullest first.',
    parameters: z.object({}),
    async run(_values, { machine }, out) {
        const read = required(await readFilesystems(machine), 'The list of mounts', '/proc/self/mountinfo');
        for (const filesystem of read.filesystems) {
            const { path, type, source, size, used, available, inodesUsed, readOnly, evidence } = filesystem;
            out.cite(evidence);
            const inodes = inodesUsed === null ? '' : `, ${percent(inodesUsed)} of inodes`;
            out.line(
                `${path} (${type} on ${source}${readOnly ? ', read-only' : ''}): ${bytes(used)} of ${bytes(size)} used ` +
                    `(${percent(usedShare(filesystem))}${inodes}), ${bytes(available)} free`,
            );
        }
        if (read.remote.length > 0) out.line(`Remote, not asked: ${read.remote.map(({ path }) => path).join(', ')}`);
    },
});
