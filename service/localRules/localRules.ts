import { EventEmitter } from 'node:events';
import { existsSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

import type { Verdict } from '../detection/verdict.ts';
import { nothing } from '../detection/verdict.ts';
import type { DiagnosedFamily } from '../diagnosis/family.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { log } from '../util/log.ts';
import type { LoadedRules } from './loadedRules.ts';
import type { LocalFamily } from './localRule.ts';
import { findRuleFiles } from './ruleFolders.ts';
import type { RuleFolder } from './ruleFolders.ts';

/** Editors save in several steps; the states in between are not meant to be read. Milliseconds. */
const settleTime = 100;

/**
 * The rules that people added to this computer. The code that reads and applies them is loaded with the first file, so that it
 * costs nothing without one.
 *
 * `changed` is emitted after the rules or the problems have changed.
 */
export class LocalRules extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #folders: readonly RuleFolder[];
    readonly #uid: number | null;
    readonly #reserved: ReadonlySet<string>;
    readonly #watchers = new Map<string, FSWatcher>();
    #loaded: LoadedRules | null = null;
    #settling: NodeJS.Timeout | undefined;
    #reading: Promise<void> = Promise.resolve();
    #isDisposed = false;

    /**
     * @param options.reserved the names of Reeve's own families
     * @param options.uid the user whose own units are watched; null for those of every user in the journal
     */
    constructor(options: { folders: readonly RuleFolder[]; reserved: readonly string[]; uid: number | null }) {
        super();
        this.#folders = options.folders;
        this.#uid = options.uid;
        this.#reserved = new Set(options.reserved);
        for (const { path } of this.#folders) this.#watch(path);
    }

    get families(): readonly LocalFamily[] {
        return this.#loaded?.families ?? [];
    }

    /** The problems of the files, each with file, line and field; empty when there are none. */
    get problems(): readonly string[] {
        return this.#loaded?.problems ?? [];
    }

    /** What diagnosis needs for the incidents of a family; undefined when no file in use has it. */
    readonly diagnosed = (family: string): DiagnosedFamily | undefined => this.#loaded?.diagnosed(family);

    /** Whether a file exists that an incident may come from, though it could not be read since the start. */
    mayHave(family: string, kind: string): boolean {
        return this.#loaded?.mayHave(family, kind) ?? false;
    }

    /** What an entry of the journal reports by these rules. */
    feed(entry: LogEntry): readonly Verdict[] {
        return this.#loaded?.feed(entry) ?? nothing;
    }

    /** The journal is read again from an earlier position: state from its entries is dropped. */
    forget(): void {
        this.#loaded?.forget();
    }

    /** Reads the files now; this also happens by itself soon after each change. */
    reload(): Promise<void> {
        this.#reading = this.#reading.then(() => this.#read());
        return this.#reading;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#isDisposed = true;
        clearTimeout(this.#settling);
        for (const watcher of this.#watchers.values()) watcher.close();
        await this.#reading;
    }

    async #read(): Promise<void> {
        const found = findRuleFiles(this.#folders);
        if (this.#isDisposed || (found.length === 0 && this.#loaded === null)) return;
        const { LoadedRules: Loaded } = await import('./loadedRules.ts');
        this.#loaded ??= new Loaded({ reserved: this.#reserved, uid: this.#uid });
        if (this.#loaded.update(found)) this.emit('changed');
    }

    /** Watches the folder, or the nearest existing one above it. */
    #watch(folder: string): void {
        this.#watchers.get(folder)?.close();
        this.#watchers.delete(folder);
        let place = folder;
        let awaited: string | null = null;
        while (!existsSync(place) && place !== dirname(place)) {
            awaited = basename(place);
            place = dirname(place);
        }
        try {
            const watcher = watch(place, { persistent: false }, (_event, name) => {
                if (awaited === null || name === null || name === awaited) this.#settle();
            });
            watcher.on('error', () => {
                watcher.close();
            });
            this.#watchers.set(folder, watcher);
        } catch (error) {
            log('warning', 'Changes of local rules go unnoticed', { folder, error: String(error) });
        }
    }

    #settle(): void {
        this.#settling ??= setTimeout(() => {
            this.#settling = undefined;
            // A folder may have appeared, disappeared, or been replaced.
            for (const { path } of this.#folders) this.#watch(path);
            void this.reload();
        }, settleTime);
    }
}
