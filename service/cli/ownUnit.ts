/** The service's unit, for commands that need the service to rest meanwhile. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { serviceUnit } from '../util/names.ts';

async function systemctl(...words: string[]): Promise<boolean> {
    try {
        await promisify(execFile)('systemctl', ['--user', ...words, serviceUnit], { timeout: 30_000 });
        return true;
    } catch {
        return false;
    }
}

/** Stops the service where its unit runs; disposing starts it again. A service that runs otherwise stays. */
export async function restService(): Promise<AsyncDisposable> {
    const wasRunning = (await systemctl('is-active', '--quiet')) && (await systemctl('stop'));
    return {
        [Symbol.asyncDispose]: async () => {
            if (wasRunning) await systemctl('start');
        },
    };
}
