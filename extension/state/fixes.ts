import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import type { Client } from '../remote/client.js';
import type { Proposal, RequestResult } from '../remote/model.js';
import type { Request } from '../remote/request.js';

/** A fix, the rest of one, or an undo that was requested here. */
export type Fix = {
    readonly kind: 'apply' | 'finish' | 'undo';
    readonly proposal: Proposal;
    /** Lines of progress. */
    readonly progress: string;
    /** Null while it goes on. */
    readonly result: RequestResult | null;
};

/** Emits `changed` with each line of progress, and `finished` once for each fix. */
export class Fixes extends EventEmitter<{ changed: [Fix]; finished: [Fix] }> {
    readonly #client: Client;
    readonly #fixes = new Map<string, { fix: Fix; request: Request }>();

    constructor(client: Client) {
        super();
        this.#client = client;
    }

    get isBusy(): boolean {
        return [...this.#fixes.values()].some(({ fix }) => fix.result === null);
    }

    /** The last one for a proposal. */
    of(proposal: Proposal): Fix | null {
        return this.#fixes.get(proposal.path)?.fix ?? null;
    }

    ofIncident(path: string): Fix[] {
        return [...this.#fixes.values()].map(({ fix }) => fix).filter(({ proposal }) => proposal.incident === path);
    }

    /** @param confirmation what the user typed, for a plan of high risk */
    apply(proposal: Proposal, confirmation: string | null = null): void {
        if (this.of(proposal)?.result === null) return;
        this.#follow('apply', proposal, this.#client.apply(proposal, confirmation));
    }

    finish(proposal: Proposal): void {
        if (this.of(proposal)?.result === null) return;
        this.#follow('finish', proposal, this.#client.finish(proposal));
    }

    undo(proposal: Proposal): void {
        if (this.of(proposal)?.result === null) return;
        this.#follow('undo', proposal, this.#client.undo(proposal));
    }

    cancel(proposal: Proposal): void {
        this.#fixes.get(proposal.path)?.request.cancel();
    }

    #follow(kind: Fix['kind'], proposal: Proposal, request: Request): void {
        this.#forgetOld();
        const keep = (result: RequestResult | null): Fix => {
            const fix = { kind, proposal, progress: request.text.trimEnd(), result };
            this.#fixes.set(proposal.path, { fix, request });
            this.emit('changed', fix);
            return fix;
        };
        request.connect('text', () => {
            keep(null);
            return undefined;
        });
        request.connect('finished', (_request, result) => {
            this.emit('finished', keep(result));
            return undefined;
        });
        keep(null);
    }

    /** Outcomes are kept for as long as the service keeps their proposals. */
    #forgetOld(): void {
        for (const [path, { fix }] of this.#fixes)
            if (fix.result !== null && !this.#client.snapshot.proposals.has(path)) this.#fixes.delete(path);
    }
}
