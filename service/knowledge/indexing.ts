import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Config } from '../config/schema.ts';
import { _ } from '../i18n/i18n.ts';
import type { PollClock } from '../sources/pollClock.ts';
import { safeText } from '../text/sanitise.ts';
import { documentationUnitPrefix } from '../util/names.ts';
import { completeMark } from './place.ts';

/** Milliseconds after which files are compared again. */
const fresh = 86_400_000;

type Notices = {
    setNotice(notice: { code: string; text: string; remedy: string }): void;
    clearNotice(code: string): void;
};
const code = 'documentation-index';

type Parts = {
    /** That of the index. */
    folder: string;
    /** The Node and the script of the reeve command. */
    commandLine: { node: string; script: string };
    settings: () => Config['knowledge'];
    pollClock: PollClock;
    status: Notices;
    /** The unit of the service; null where it is none. */
    unit?: string | null;
};

/**
 * Has `reeve search --update` bring the index of the documentation up to date, once a day: as a transient unit beside the service that gets
 * what others leave of processor and disk, and may be ended at any moment, since the next one goes on.
 */
export class Indexing {
    readonly #parts: Parts;
    #count = 0;

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    /** Until `signal` aborts. Never rejects. */
    async run(signal: AbortSignal): Promise<void> {
        const { pollClock, settings, status } = this.#parts;
        const isOver = () => signal.aborted;
        for (;;) {
            await pollClock.next(signal);
            if (isOver()) return;
            if (!settings().enabled || !(await this.#isDue())) continue;
            const reason = await this.#update(signal);
            if (isOver()) return;
            if (reason === null) status.clearNotice(code);
            else
                status.setNotice({
                    code,
                    text: _('The documentation on this computer is not indexed: {reason}', { reason }),
                    remedy: 'reeve search --update',
                });
        }
    }

    async #isDue(): Promise<boolean> {
        try {
            const { mtimeMs } = await stat(join(this.#parts.folder, completeMark));
            return Math.abs(Date.now() - mtimeMs) > fresh;
        } catch {
            return true;
        }
    }

    /** @returns why it could not, in words; null when it is done */
    async #update(signal: AbortSignal): Promise<string | null> {
        const { node, script } = this.#parts.commandLine;
        const command = [node, '--disable-warning=ExperimentalWarning', script, 'search', '--update'] as const;
        const { ownUnit, readUnitEnd } = await import('../inference/local/launch.ts');
        const unit = this.#parts.unit === undefined ? ownUnit() : this.#parts.unit;
        this.#count += 1;
        const name = `${documentationUnitPrefix}${process.pid}-${this.#count}.service`;
        const [program, ...argv] = unit === null ? command : inUnit(name, unit, command);
        const failure = await execute(program, argv, signal);
        // systemd-run has ended, and not what it started.
        if (signal.aborted && unit !== null)
            await execute('systemctl', ['--user', 'stop', name], AbortSignal.timeout(10_000));
        if (failure === null) return null;
        const { end, words } = readUnitEnd(failure.complaints);
        if (end?.isStarved === true)
            return _('It needs more memory than it may use ({limit}).', { limit: memoryLimit });
        const last = words.trim().split('\n').at(-1) ?? '';
        return safeText(last === '' ? (end?.how ?? failure.message) : last, 300);
    }
}

const memoryLimit = '512M';

/** After systemd.exec(5), systemd.resource-control(5). */
function inUnit(name: string, service: string, command: readonly string[]): [program: string, ...argv: string[]] {
    const properties = [
        `BindsTo=${service}`,
        'CPUSchedulingPolicy=idle',
        'IOSchedulingClass=idle',
        'CPUWeight=1',
        `MemoryMax=${memoryLimit}`,
        'OOMScoreAdjust=1000',
        'RuntimeMaxSec=1h',
        'TimeoutStopSec=2',
        'LimitCORE=0',
        'UMask=0077',
        'NoNewPrivileges=yes',
        'RestrictAddressFamilies=AF_UNIX',
        // Ended with the session. The kernel kills with SIGKILL what needs too much memory, which is no success.
        'SuccessExitStatus=130 SIGTERM',
    ];
    const variables = ['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_DIRS'].filter(
        variable => process.env[variable] !== undefined,
    );
    return [
        'systemd-run',
        ...['--user', '--pipe', '--wait', '--collect', '--service-type=exec', '--slice-inherit'],
        ...['--expand-environment=no', `--unit=${name}`, '--description=Index of the documentation, for Reeve'],
        ...properties.map(property => `--property=${property}`),
        ...variables.map(variable => `--setenv=${variable}`),
        '--',
        ...command,
    ];
}

/** @returns what it complains of when it fails; null when it does not */
async function execute(
    program: string,
    argv: readonly string[],
    signal: AbortSignal,
): Promise<{ complaints: string; message: string } | null> {
    return await new Promise(resolve => {
        execFile(program, argv, { signal, maxBuffer: 65_536 }, (error, _output, complaints) => {
            resolve(error === null ? null : { complaints, message: error.message });
        });
    });
}
