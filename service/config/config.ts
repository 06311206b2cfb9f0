import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

import { _ } from '../i18n/i18n.ts';
import { defaults, parseConfig, type ConfigProblem } from './parse.ts';
import type { Config } from './schema.ts';

export type { Config } from './schema.ts';

/** People write the file; a larger one is something else. */
const maxBytes = 64 * 1024;
/** Editors save in several steps; wait for the last one. */
const settleMs = 100;

export type LoadedConfig = { config: Config; /** in words, with file, line and setting */ problems: string[] };

/**
 * Reads the configuration file. No file means the defaults; a wrong setting keeps its value in `previous`. Never
 * throws: a service that a typo keeps from starting helps nobody.
 */
export function loadConfig(path: string, previous: Config = defaults): LoadedConfig {
    let text: string;
    try {
        const bytes = readFileSync(path);
        if (bytes.length > maxBytes) return { config: previous, problems: [`${path}: ${_('is larger than 64 KiB')}`] };
        text = bytes.toString('utf8');
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return { config: defaults, problems: [] };
        return { config: previous, problems: [`${path}: ${_('cannot be read ({code})', { code: code ?? '?' })}`] };
    }
    const { config, problems } = parseConfig(text, previous);
    return { config, problems: problems.map(problem => describe(path, problem)) };
}

function describe(path: string, { line, setting, message }: ConfigProblem): string {
    return [line === null ? path : `${path}:${line}`, setting, message].filter(part => part !== '').join(': ');
}

/**
 * The configuration as it stands, read again whenever its file changes.
 *
 * `changed` is emitted after the settings or the problems have changed.
 */
export class Configuration extends EventEmitter<{ changed: [] }> implements Disposable {
    readonly path: string;
    #loaded: LoadedConfig;
    #watcher: FSWatcher | null = null;
    #settling: NodeJS.Timeout | undefined;
    #watchError: unknown = null;

    /** Creates the file's directory if need be, to notice when the file appears. */
    constructor(path: string) {
        super();
        this.path = path;
        this.#watch();
        this.#loaded = loadConfig(path);
    }

    get current(): Config {
        return this.#loaded.config;
    }

    /** What is not as the user wanted it, in words; empty when all is well. */
    get problems(): readonly string[] {
        return this.#loaded.problems;
    }

    /** Why changes of the file go unnoticed; null while they do not. */
    get watchError(): unknown {
        return this.#watchError;
    }

    [Symbol.dispose](): void {
        clearTimeout(this.#settling);
        this.#watcher?.close();
    }

    /** Watches the directory, since editors put a new file in the place of the old one. */
    #watch(): void {
        const directory = dirname(this.path);
        try {
            mkdirSync(directory, { recursive: true, mode: 0o700 });
            this.#watcher = watch(directory, { persistent: false }, (_event, name) => {
                if (name === null || name === basename(this.path)) this.#settle();
            });
            this.#watcher.on('error', error => {
                this.#stopWatching(error);
            });
        } catch (error) {
            this.#stopWatching(error);
        }
    }

    #stopWatching(error: unknown): void {
        this.#watcher?.close();
        this.#watcher = null;
        this.#watchError = error;
        this.emit('changed');
    }

    #settle(): void {
        this.#settling ??= setTimeout(() => {
            this.#settling = undefined;
            this.reload();
        }, settleMs);
    }

    /** Reads the file now; it does so by itself soon after each change. */
    reload(): void {
        const before = JSON.stringify(this.#loaded);
        this.#loaded = loadConfig(this.path, this.#loaded.config);
        if (JSON.stringify(this.#loaded) !== before) this.emit('changed');
    }
}
