import type { AuditLog } from '../audit/auditLog.ts';
import type { Watcher } from '../detection/watcher.ts';
import type { Inference } from '../inference/inference.ts';
import type { Database } from '../store/database.ts';
import type { Status } from './status.ts';
import type { Watch } from './watch.ts';

type Parts = {
    database: Database;
    status: Status;
    audit: AuditLog;
    requests: { cancelAll(): Promise<void> };
    watch: Watch;
    watcher: Watcher;
    inference: Inference;
};

/** Pauses all watching and answering at a user's request, until a user resumes it. The audit log names the caller. */
export class Pause {
    readonly #parts: Parts;

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    /** Resolves when nothing is watched any more. */
    async pause(actor: string): Promise<void> {
        const { requests, watch, inference } = this.#parts;
        if (!this.#set(true, actor)) return;
        // Work that must not be interrupted ends on its own; it has been asked to.
        void requests.cancelAll();
        await Promise.all([watch.stop(), inference.unload('asked')]);
    }

    /** Lines logged during the pause stay unread. */
    resume(actor: string): void {
        if (!this.#set(false, actor)) return;
        this.#parts.watcher.forget();
        this.#parts.watch.start();
    }

    #set(isPaused: boolean, actor: string): boolean {
        const { database, status, audit } = this.#parts;
        return database.transaction(() => {
            const changed = status.setPaused(isPaused);
            if (changed) audit.append({ event: isPaused ? 'paused' : 'resumed', actor, subject: 'reeve', detail: '' });
            return changed;
        });
    }
}
