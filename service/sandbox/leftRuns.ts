import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';

/** In the state directory: a folder for each run that is under way. */
export const runsFolder = 'runs';

/** After a crash: ends what still runs and deletes the copies. Hardly ever is there anything, and then nothing more is loaded. */
export async function removeLeftRuns(
    stateDirectory: string,
    commands: () => Promise<{ removeLeftovers: () => Promise<void> }>,
): Promise<void> {
    try {
        const left = await readdir(join(stateDirectory, runsFolder));
        if (left.length > 0) await (await commands()).removeLeftovers();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
        log('warning', 'Could not remove what commands left', { reason: messageOf(error) });
    }
}
