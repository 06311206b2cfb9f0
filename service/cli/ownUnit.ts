/** The service's unit, for commands that need the service to rest meanwhile. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { _ } from '../i18n/i18n.ts';
import { messageOf, ReeveError } from '../util/errors.ts';
import { serviceUnit } from '../util/names.ts';

async function systemctl(...words: string[]): Promise<void> {
    await promisify(execFile)('systemctl', ['--user', ...words, serviceUnit], { timeout: 30_000 });
}

/** Also false where no systemd runs for the user. */
async function isActive(): Promise<boolean> {
    return await systemctl('is-active', '--quiet').then(
        () => true,
        () => false,
    );
}

/**
 * Stops the service where its unit runs; disposing starts it again. A service that runs otherwise stays.
 *
 * @throws ReeveError Unavailable when the unit cannot be stopped, or when disposed, started
 */
export async function restService(): Promise<AsyncDisposable> {
    const wasActive = await isActive();
    if (wasActive) await insist('stop');
    return {
        [Symbol.asyncDispose]: async () => {
            if (wasActive) await insist('start');
        },
    };
}

async function insist(verb: 'start' | 'stop'): Promise<void> {
    try {
        await systemctl(verb);
    } catch (error) {
        const { stderr } = error as { stderr?: string };
        const values = { reason: stderr?.trim() || messageOf(error) };
        const text =
            verb === 'stop'
                ? _('Reeve’s service cannot be stopped: {reason}', values)
                : _('Reeve’s service does not start again: {reason}', values);
        throw new ReeveError('Unavailable', text, { cause: error });
    }
}
