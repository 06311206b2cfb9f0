import * as z from 'zod';

import { amount } from '../amount.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import { findRecentFiles } from '../../../machine/storage/recentFiles.ts';
import { isSecretPath, readablePath } from '../../../machine/readablePath.ts';
import { tool } from '../tool.ts';

const hour = 3_600_000_000;

export const changedFiles = tool({
    name: 'changed_files',
    description: 'Configuration files that were changed recently, newest first.',
    parameters: z.object({
        folder: z.string().max(1024).optional().describe('default: /etc'),
        hours: amount(8760).optional().describe('how far back; default 168, a week'),
    }),
    async run({ folder = '/etc', hours = 168 }, { machine, clock, signal }, out) {
        const start = await readablePath(machine, folder);
        machine.onRead?.(start);
        const { files, complete } = await findRecentFiles(machine, start, clock() - hours * hour, signal);
        const shown = files.filter(({ path }) => !isSecretPath(path));
        out.cite(fact('file', start, `${files.length} files changed in ${hours} hours`));
        if (!complete) out.line('Not all files were searched.');
        out.list(
            `Changed below ${start} in the last ${hours} hours`,
            shown,
            ({ path, time }) => {
                return `${path}: ${moment(time, clock())}`;
            },
            25,
        );
    },
});
