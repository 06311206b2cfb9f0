import { EventEmitter } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';

/** /proc/sys/fs/inotify/max_queued_events, inotify(7); its default in the kernel's fs/notify/inotify/inotify_user.c. */
const usualQueue = 16_384;

type EventMap = {
    /** Something happened to `name` in the directory; to the directory itself or to anything in it when null. */
    touched: [directory: string, name: string | null];
    /** Events were lost: everything has to be examined again. */
    overflow: [];
};

export type InotifyLimit = 'max_user_watches' | 'max_user_instances';

/** The limit behind an error of watch(): ENOSPC of inotify_add_watch(2), EMFILE of inotify_init(2). Null for any other. */
export function inotifyLimit(error: unknown): InotifyLimit | null {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') return 'max_user_watches';
    return code === 'EMFILE' ? 'max_user_instances' : null;
}

/** All share one queue: libuv opens one descriptor for an event loop (init_inotify() in its src/unix/linux.c). */
const instances = new Set<Inotify>();
/** Events that came at once. */
let seen = 0;

/**
 * Watches single directories with inotify, through fs.watch() of Node, which is libuv's.
 *
 * Not its `recursive` mode: on Linux that walks the tree and takes a watch for each file as well (1213 instead of 152 for
 * an /etc, with 5 MB instead of 1 MB of memory; Node 24).
 */
export class Inotify extends EventEmitter<EventMap> implements Disposable {
    readonly #watchers = new Map<string, { watcher: FSWatcher; inode: number }>();
    readonly #queueLength = queueLength();

    constructor() {
        super();
        instances.add(this);
    }

    get directories(): string[] {
        return [...this.#watchers.keys()];
    }

    has(directory: string): boolean {
        return this.#watchers.has(directory);
    }

    /** Whether this directory is the watched one, and not an earlier one of the same name. */
    isWatching(directory: string, inode: number): boolean {
        return this.#watchers.get(directory)?.inode === inode;
    }

    /** @returns the limit of inotify(7) that the kernel enforced; 'absent' when there is no such directory that we may watch */
    watch(directory: string, inode: number): 'watching' | 'absent' | InotifyLimit {
        if (this.isWatching(directory, inode)) return 'watching';
        this.unwatch(directory);
        try {
            const watcher = watch(directory, (event, name) => {
                this.#count();
                // Events of the directory itself carry its own name. If it was removed, the watch went with it.
                const isItself = name === basename(directory);
                if (isItself && event === 'rename') this.unwatch(directory);
                this.emit('touched', directory, isItself ? null : name);
            });
            watcher.on('error', () => {
                this.unwatch(directory);
                this.emit('touched', directory, null);
            });
            this.#watchers.set(directory, { watcher, inode });
            return 'watching';
        } catch (error) {
            return inotifyLimit(error) ?? 'absent';
        }
    }

    unwatch(directory: string): void {
        this.#watchers.get(directory)?.watcher.close();
        this.#watchers.delete(directory);
    }

    /** Also what is below it. */
    unwatchTree(directory: string): void {
        for (const path of [...this.#watchers.keys()]) {
            if (path === directory || path.startsWith(`${directory}/`)) this.unwatch(path);
        }
    }

    [Symbol.dispose](): void {
        instances.delete(this);
        for (const { watcher } of this.#watchers.values()) watcher.close();
        this.#watchers.clear();
    }

    /**
     * libuv ignores IN_Q_OVERFLOW (uv__inotify_read() in its src/unix/linux.c finds no watcher for it). A full queue therefore
     * shows only by as many events at once as it holds: all of it is read before anything else runs.
     */
    #count(): void {
        if (seen === 0) {
            setImmediate(() => {
                const came = seen;
                seen = 0;
                for (const each of instances) if (came >= each.#queueLength) each.emit('overflow');
            });
        }
        seen += 1;
    }
}

function queueLength(): number {
    try {
        return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) || usualQueue;
    } catch {
        return usualQueue;
    }
}
