// reeved: the service of one user's session. Exits with 0 when asked to stop or when the session's bus has gone, with 1 when it
// cannot start, and with 75 (EX_TEMPFAIL of sysexits.h) to be started again, now that its state can be stored.
//
//   reeved [--journal FILE|DIRECTORY | --text FILE]    searches that log instead of this machine's journal
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BusError } from './dbus/connection.ts';
import { cacheDirectory, configurationFile, dataDirectory, stateDirectory } from './util/directories.ts';
import { ReeveError } from './util/errors.ts';
import { useLocale } from './i18n/locale.ts';
import { log } from './util/log.ts';
import { startService, type ServiceOptions } from './service.ts';

const isBundled = import.meta.filename.endsWith('.mjs');

/** systemd kills the service after ten seconds; it logs what has not stopped by then while it still can. */
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

useLocale(join(import.meta.dirname, 'locale'), { isolate: true });
try {
    const { values } = parseArgs({ options: { journal: { type: 'string' }, text: { type: 'string' } } });
    const service = await startService({
        session: 'session',
        system: 'system',
        ...logs(values),
        root: '/',
        home: homedir(),
        stateDirectory: stateDirectory(),
        dataDirectory: dataDirectory(),
        cacheDirectory: cacheDirectory(),
        configurationFile: configurationFile(),
        commandLine: {
            node: process.execPath,
            script: join(import.meta.dirname, isBundled ? 'reeve.mjs' : 'cli/main.ts'),
        },
    });
    const reason = await Promise.race([stopSignal(), service.ended]);
    if (reason === 'storage-returned') process.exitCode = 75;
    log('info', 'Stopping', { reason });
    setTimeout(() => {
        log('error', 'Stopping took too long');
        process.exit(1);
    }, longestStop).unref();
    await service[Symbol.asyncDispose]();
} catch (error) {
    const isExpected =
        error instanceof BusError ||
        error instanceof ReeveError ||
        (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    const reason = error instanceof Error ? (isExpected ? error.message : error.stack) : undefined;
    log('error', 'Reeve cannot run', { reason: reason ?? String(error) });
    process.exitCode = 1;
}

function logs({ journal, text }: { journal?: string; text?: string }): Pick<ServiceOptions, 'journal' | 'text'> {
    if (text !== undefined) return { journal: null, text };
    if (journal === undefined) return { journal: { kind: 'machine' }, text: null };
    const kind = statSync(journal).isDirectory() ? 'directory' : 'file';
    return { journal: { kind, path: journal }, text: null };
}
