import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../../../i18n/i18n.ts';
import { filesOf, isAbsence } from '../../../machine/machine.ts';
import { readRestartRequest, restartMark } from '../../../machine/packages/restartRequest.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { Inotify } from '../../../sources/files/inotify.ts';

const mark = basename(restartMark);
/** Several packages of one upgrade request a restart, one after the other. Milliseconds. */
const usualSettle = 2000;
const stateKey = 'restart-needed';

/** Upgrades that take effect only after a restart of the computer, as marked by Debian and its derivatives. */
export const restart: SourceDefinition = restartSource();

export function restartSource(settle = usualSettle): SourceDefinition {
    return {
        name: 'restart',
        async run({ root, database }, outlet, signal) {
            const directory = join(root, 'run');
            const [place, dpkg] = await Promise.all([identify(directory), identify(join(root, 'var/lib/dpkg'))]);
            if (place === null || dpkg === null) {
                throw new SourceUnavailable(_('Packages do not report here that they need a restart'));
            }
            using inotify = new Inotify();
            let wake = Promise.withResolvers<undefined>();
            const awake = () => {
                wake.resolve(undefined);
            };
            inotify.on('touched', (_directory, name) => {
                if (name === null || name === mark) awake();
            });
            inotify.on('overflow', awake);
            const watched = inotify.watch(directory, place.ino);
            if (watched !== 'watching') throw new Error(_('{path} cannot be watched', { path: directory }));
            signal.addEventListener('abort', awake, { once: true });

            const isStopped = () => signal.aborted;
            while (!isStopped()) {
                const found = await identify(join(directory, mark));
                const key = found === null ? '' : `${found.ino} ${found.birthtimeMs}`;
                if (key !== (database.getState(stateKey) ?? '')) {
                    if (found !== null)
                        outlet.emit(toChange(found.mtimeMs, (await readRestartRequest(filesOf(root))) ?? []));
                    await outlet.kept();
                    database.setState(stateKey, key);
                }
                outlet.watching();
                await wake.promise;
                await delay(settle, undefined, { signal }).catch(() => undefined);
                wake = Promise.withResolvers();
            }
        },
    };
}

function toChange(milliseconds: number, packages: readonly string[]) {
    return {
        time: Math.round(milliseconds * 1000),
        kind: 'package' as const,
        event: 'restart-needed',
        subject: 'system',
        summary: _('The computer should be restarted'),
        detail: packages.join('\n'),
        facts: { packages: packages.join(' ') },
    };
}

async function identify(path: string) {
    try {
        return await stat(path);
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}
