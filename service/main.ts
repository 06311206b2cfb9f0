// reeved: the service of one user's session. Ends with 0 when it is told to or the session's bus has gone, with 1 when it
// cannot start.
import { join } from 'node:path';
import { BusError } from './bus/connection.ts';
import { configurationFile, stateDirectory } from './directories.ts';
import { useLocale } from './i18n/locale.ts';
import { log } from './log.ts';
import { startService } from './service.ts';

const isBundled = import.meta.filename.endsWith('.mjs');

/** systemd kills the service after ten seconds; what has not stopped by then is told so while it still can be. */
const longestStop = 8000;

function stopSignal(): Promise<string> {
    return new Promise(resolve => {
        for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
            process.once(signal, () => {
                resolve(signal);
            });
        }
    });
}

useLocale(join(import.meta.dirname, 'locale'));
try {
    const service = await startService({
        session: 'session',
        system: 'system',
        journal: { kind: 'machine' },
        stateDirectory: stateDirectory(),
        configurationFile: configurationFile(),
        commandLine: {
            node: process.execPath,
            script: join(import.meta.dirname, isBundled ? 'reeve.mjs' : 'cli/main.ts'),
        },
    });
    const reason = await Promise.race([stopSignal(), service.ended.then(() => 'the session bus has gone')]);
    log('info', 'Stopping', { reason });
    setTimeout(() => {
        log('error', 'Stopping took too long');
        process.exit(1);
    }, longestStop).unref();
    await service[Symbol.asyncDispose]();
} catch (error) {
    log('error', 'Reeve cannot run', { error: error instanceof BusError ? error.message : String(error) });
    process.exitCode = 1;
}
