import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../../i18n/i18n.ts';
import type { Outlet, Surroundings } from '../definition.ts';
import { examine } from './examine.ts';
import type { Seen } from './examine.ts';
import { hasOtherPermissions, hasSameContents, toChanges } from './fileChange.ts';
import type { Observation } from './fileChange.ts';
import { FileIndex } from './fileIndex.ts';
import type { Indexed } from './fileIndex.ts';
import { Inotify } from './inotify.ts';
import type { InotifyLimit } from './inotify.ts';
import { isSelfWritten } from './places.ts';
import type { Place } from './places.ts';

/** A file is examined once it has been quiet for this long, and after the longest wait in any case. Milliseconds. */
const quietTime = 250;
const longestWait = 2000;
/** If more names than this were touched in a directory, the whole directory is examined. */
const namesLimit = 1000;
/** A file that changes during every read is recorded without its contents after this many attempts. */
const attemptsLimit = 8;
/** Each file that is kept must reach the disk: those of several at once do so together. */
const atOnce = 8;
const watchLimitCode = 'watch-limit';

/**
 * Follows the files of some places. The index holds their earlier states, and inotify says which to examine again. The content
 * of an event is not trusted; the file itself is compared with the index.
 */
export class FileWatch implements Disposable {
    readonly #places: readonly Place[];
    readonly #surroundings: Surroundings;
    readonly #outlet: Outlet;
    readonly #index: FileIndex;
    readonly #inotify = new Inotify();
    /** Places whose directory does not exist, by the directory in which the next one on the way to it will appear. */
    readonly #awaited = new Map<string, Set<Place>>();
    /** What to examine again: names in a directory, or all of it. */
    #touched = new Map<string, Set<string> | null>();
    readonly #attempts = new Map<string, number>();
    #wake = Promise.withResolvers<undefined>();
    #lastTouch = 0;
    /** What keeps some directories from being watched. */
    #reached: InotifyLimit | null = null;
    /** While the places are examined for the first time since the start. */
    #isStarting = true;
    #isStopped = false;
    /** Whether entries were forgotten since the last sweep, and with them the need for some contents. */
    #isPruned = false;
    readonly #notePruned = () => {
        this.#isPruned = true;
    };

    constructor(places: readonly Place[], surroundings: Surroundings, outlet: Outlet) {
        this.#places = places;
        this.#surroundings = surroundings;
        this.#outlet = outlet;
        this.#index = new FileIndex(surroundings);
        surroundings.timeline.on('pruned', this.#notePruned);
        this.#inotify.on('touched', (directory, name) => {
            this.#touch(directory, name);
        });
        this.#inotify.on('overflow', () => {
            outlet.lose(1);
            for (const directory of this.#inotify.directories) this.#touch(directory, null);
        });
    }

    [Symbol.dispose](): void {
        this.#surroundings.timeline.off('pruned', this.#notePruned);
        this.#inotify[Symbol.dispose]();
    }

    async run(signal: AbortSignal): Promise<void> {
        const stop = () => {
            this.#isStopped = true;
            this.#wake.resolve(undefined);
        };
        signal.addEventListener('abort', stop, { once: true });
        if (signal.aborted) stop();
        await this.#scan(signal);
        this.#isStarting = false;
        this.#reportState();
        while (!signal.aborted) {
            if (this.#touched.size === 0) {
                await this.#wake.promise;
                this.#wake = Promise.withResolvers();
                continue;
            }
            await this.#settle(signal);
            const touched = this.#touched;
            this.#touched = new Map();
            const observations: Observation[] = [];
            for (const [directory, names] of touched) {
                if (this.#isStopped) break;
                await this.#examineTouched(directory, names, observations);
            }
            await this.#keep(observations);
            if (this.#isPruned && this.#surroundings.contents.isFull) await this.#sweep();
            this.#reportState();
        }
    }

    /** Reports what is new since the last time; a place that was never examined before is only recorded. */
    async #scan(signal: AbortSignal): Promise<void> {
        const known = this.#index.knownPlaces;
        for (const place of this.#places) {
            if (signal.aborted) return;
            const observations: Observation[] = [];
            await this.#enter(place, place.path, observations);
            // What was not looked at has not vanished.
            if (this.#isStopped) return;
            await this.#scanVanished(place, observations);
            if (known.has(place.path)) await this.#keep(observations);
            else this.#index.set(new Map(observations.map(({ path, after }) => [path, after])));
        }
        if (signal.aborted) return;
        this.#index.knownPlaces = new Set(this.#places.map(({ path }) => path));
        await this.#sweep();
    }

    async #sweep(): Promise<void> {
        const { contents, timeline } = this.#surroundings;
        this.#isPruned = false;
        await contents.sweep(new Set([...this.#index.hashes(), ...timeline.contents()]));
    }

    /** Waits for a pause in the writing. */
    async #settle(signal: AbortSignal): Promise<void> {
        const began = performance.now();
        let left = quietTime;
        while (left > 0 && !signal.aborted && performance.now() - began < longestWait) {
            await delay(left, undefined, { signal }).catch(() => undefined);
            left = this.#lastTouch + quietTime - performance.now();
        }
    }

    #touch(directory: string, name: string | null): void {
        const place = this.#placeOf(directory);
        // Others write in the home directory all the time; that must not keep the service awake for longer than this.
        if (name !== null && !this.#awaits(directory, name) && !this.#isRelevant(place, join(directory, name))) return;
        this.#lastTouch = performance.now();
        const names = this.#touched.get(directory);
        if (names === null) return;
        if (name === null || (names?.size ?? 0) >= namesLimit) this.#touched.set(directory, null);
        else if (names === undefined) this.#touched.set(directory, new Set([name]));
        else names.add(name);
        this.#wake.resolve(undefined);
    }

    /** Files of directories that no longer exist were in none of the examined ones. */
    async #scanVanished(place: Place, observations: Observation[]): Promise<void> {
        for (const path of this.#index.below(place.path)) {
            if (!this.#inotify.has(dirname(path))) await this.#examine(place, path, observations);
        }
    }

    /** Watches a directory of a place, and examines all that is in it. */
    async #enter(place: Place, directory: string, observations: Observation[]): Promise<void> {
        const inode = await inodeOf(directory);
        const state = inode === null ? 'absent' : this.#inotify.watch(directory, inode);
        if (state === 'absent') {
            this.#inotify.unwatchTree(directory);
            for (const path of this.#index.below(directory)) await this.#examine(place, path, observations);
            if (directory === place.path) await this.#await(place, observations);
            return;
        }
        if (state !== 'watching') this.#reached = state;
        const paths = [...new Set([...(await list(directory)), ...this.#index.in(directory)])];
        for (let begin = 0; begin < paths.length && !this.#isStopped; begin += atOnce) {
            const some = paths.slice(begin, begin + atOnce).map(async path => {
                const seen: Observation[] = [];
                return { path, folder: await this.#look(place, path, seen), seen };
            });
            for (const { path, folder, seen } of await Promise.all(some)) {
                observations.push(...seen);
                if (folder !== null) await this.#examineDirectory(place, path, folder, observations);
            }
        }
    }

    /** Watches for the first missing directory on the way to the place. */
    async #await(place: Place, observations: Observation[]): Promise<void> {
        let ancestor = dirname(place.path);
        let inode = await inodeOf(ancestor);
        while (inode === null && ancestor !== dirname(ancestor)) {
            ancestor = dirname(ancestor);
            inode = await inodeOf(ancestor);
        }
        if (inode === null || this.#inotify.watch(ancestor, inode) === 'absent') return;
        const waiting = this.#awaited.get(ancestor) ?? new Set();
        this.#awaited.set(ancestor, waiting.add(place));
        const next = join(ancestor, relative(ancestor, place.path).split(sep)[0] ?? '');
        // It may have appeared before the watch began.
        if ((await inodeOf(next)) === null || !waiting.delete(place)) return;
        await this.#enter(place, place.path, observations);
    }

    async #examineTouched(
        directory: string,
        names: ReadonlySet<string> | null,
        observations: Observation[],
    ): Promise<void> {
        for (const awaiting of [...(this.#awaited.get(directory) ?? [])]) {
            if (names !== null && ![...names].some(name => leadsTo(awaiting, directory, name))) continue;
            this.#awaited.get(directory)?.delete(awaiting);
            await this.#enter(awaiting, awaiting.path, observations);
        }
        const place = this.#placeOf(directory);
        if (place === undefined) return;
        if (names === null) await this.#enter(place, directory, observations);
        else for (const name of names) await this.#examine(place, join(directory, name), observations);
    }

    async #examine(place: Place, path: string, observations: Observation[]): Promise<void> {
        const folder = await this.#look(place, path, observations);
        if (folder !== null) await this.#examineDirectory(place, path, folder, observations);
    }

    /** @returns the inode of a directory, whose entries are still to be examined; null for anything else */
    async #look(place: Place, path: string, observations: Observation[]): Promise<number | null> {
        if (!this.#isRelevant(place, path)) return null;
        const before = this.#index.get(path);
        const isWanted = place.includes?.(relative(place.path, path)) ?? true;
        const keep = place.keep && isWanted && (this.#attempts.get(path) ?? 0) < attemptsLimit;
        const examined = await examine(path, { known: before?.stamp, keep });
        if (examined === 'changing') {
            this.#tryAgain(path);
            return null;
        }
        this.#attempts.delete(path);
        // A path that cannot be seen keeps its last known state.
        if (examined === 'unchanged' || examined === 'closed') return null;
        if (typeof examined === 'object' && 'directory' in examined) return examined.directory;
        if (examined === 'absent') {
            if (this.#inotify.has(path)) this.#inotify.unwatchTree(path);
            for (const below of this.#index.below(path)) await this.#examine(place, below, observations);
            if (before !== null) this.#observe(observations, place, path, before, null, Date.now() * 1000);
            return null;
        }
        if (!isWanted) return null;
        const after = await this.#indexed(examined);
        this.#observe(observations, place, path, before, after, examined.changed);
        return null;
    }

    async #examineDirectory(place: Place, path: string, inode: number, observations: Observation[]): Promise<void> {
        if (place.folders && dirname(path) === place.path) {
            const folder = { stamp: 'directory', mode: 0, owner: 0, group: 0, hash: null, note: 'special' };
            if (this.#index.get(path) === null)
                this.#observe(observations, place, path, null, folder, Date.now() * 1000);
        }
        const level = relative(place.path, path).split(sep).length;
        if (level > place.depth || this.#placeOf(path) !== place || this.#inotify.isWatching(path, inode)) return;
        // Another directory has replaced a watched one.
        this.#inotify.unwatchTree(path);
        await this.#enter(place, path, observations);
    }

    #observe(
        observations: Observation[],
        place: Place,
        path: string,
        before: Indexed | null,
        after: Indexed | null,
        time: number,
    ): void {
        observations.push({ place, path, before, after, time, unseen: this.#isStarting });
    }

    async #indexed({ stamp, mode, owner, group, contents, note }: Seen): Promise<Indexed> {
        const file = { stamp, mode, owner, group };
        if (contents === null) return { ...file, hash: null, note };
        const hash = await this.#surroundings.contents.putWithinLimit(contents);
        return { ...file, hash, note: hash === null ? 'full' : note };
    }

    /**
     * Reports what was seen, and remembers it once the report is stored: if the service is killed in between, the report comes
     * twice but is not lost.
     */
    async #keep(observations: readonly Observation[]): Promise<void> {
        if (observations.length === 0) return;
        const real = observations.filter(({ before, after }) => !isSame(before, after));
        for (const change of await toChanges(real, this.#surroundings.contents)) this.#outlet.emit(change);
        await this.#outlet.kept();
        this.#index.set(new Map(observations.map(({ path, after }) => [path, after])));
    }

    #tryAgain(path: string): void {
        this.#attempts.set(path, (this.#attempts.get(path) ?? 0) + 1);
        this.#touch(dirname(path), path.slice(dirname(path).length + 1));
    }

    #awaits(directory: string, name: string): boolean {
        const awaiting = this.#awaited.get(directory);
        return awaiting !== undefined && [...awaiting].some(place => leadsTo(place, directory, name));
    }

    #isRelevant(place: Place | undefined, path: string): boolean {
        if (place === undefined) return false;
        const below = relative(place.path, path);
        if (isSelfWritten(below)) return false;
        return place.includes === undefined || place.includes(below) || place.depth > 0;
    }

    /** The innermost place that a directory belongs to. */
    #placeOf(directory: string): Place | undefined {
        let found: Place | undefined;
        for (const place of this.#places) {
            const isIn = directory === place.path || directory.startsWith(`${place.path}/`);
            if (!isIn || place.path.length < (found?.path.length ?? 0)) continue;
            const level = directory === place.path ? 0 : relative(place.path, directory).split(sep).length;
            if (level <= place.depth) found = place;
        }
        return found;
    }

    #reportState(): void {
        if (this.#reached === null) {
            this.#outlet.watching();
            return;
        }
        this.#outlet.notice({
            code: watchLimitCode,
            text: _('The kernel allows no more watches, so changes of some files go unnoticed'),
            remedy: _('Raise {setting}, then restart Reeve', { setting: `fs.inotify.${this.#reached}` }),
        });
        this.#outlet.watching(_('Some directories cannot be watched'));
    }
}

/** Whether an entry of a directory is on the way to a place. */
function leadsTo(place: Place, directory: string, name: string): boolean {
    const path = join(directory, name);
    return place.path === path || place.path.startsWith(`${path}/`);
}

/** Nothing relevant has changed: a file was written with its previous contents, or only touched. */
function isSame(before: Indexed | null, after: Indexed | null): boolean {
    if (before === null || after === null) return before === after;
    return hasSameContents(before, after) && !hasOtherPermissions(before, after);
}

async function inodeOf(directory: string): Promise<number | null> {
    try {
        const stats = await stat(directory);
        return stats.isDirectory() ? stats.ino : null;
    } catch {
        // It is gone, or we may not access it.
        return null;
    }
}

/** The paths in a directory; none when it cannot be read. */
async function list(directory: string): Promise<string[]> {
    try {
        return (await readdir(directory)).map(name => join(directory, name));
    } catch {
        return [];
    }
}
