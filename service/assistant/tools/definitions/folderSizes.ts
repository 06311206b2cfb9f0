import { homedir } from 'node:os';

import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { bytes } from '../figures.ts';
import { measureFolders } from '../../../machine/storage/folders.ts';
import { readablePath } from '../../../machine/readablePath.ts';
import { tool } from '../tool.ts';

/** Enough for a home folder. */
const walkLimits = { entries: 300_000, milliseconds: 8000 };

export const folderSizes = tool({
    name: 'folder_sizes',
    description: 'The largest folders below a folder: what takes up disk space.',
    parameters: z.object({ path: z.string().max(1024).optional().describe('default: the home folder') }),
    async run({ path = homedir() }, { machine, signal }, out) {
        const start = await readablePath(machine, path);
        machine.onRead?.(start);
        const { folders, entries, complete, unreadable } = await measureFolders(start, walkLimits, signal);
        out.cite(fact('file', start, `${entries} files and folders searched`));
        out.line(`${start}: ${entries} files and folders searched${complete ? '' : ', not all of them'}`);
        if (unreadable > 0) out.line(`${unreadable} folders could not be read`);
        out.list('Largest', folders, ({ path: folder, size }) => `${folder}: ${bytes(size)}`, 15);
    },
});
