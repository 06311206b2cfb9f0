import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import type { Client } from '../remote/client.js';
import type { Incident, Proposal, RequestResult } from '../remote/model.js';
import type { Fix, Fixes } from './fixes.js';

/** Several fixes, or their undo, that are carried out for one approval. */
export type Joint = {
    readonly kind: 'apply' | 'undo';
    readonly members: readonly Proposal[];
    /** Of those that have ended. */
    readonly results: readonly RequestResult[];
};

/** How many are carried out at the same time once the first has ended. */
const atOnce = 4;

/** Emits `changed` as its parts end, and `finished` after the last. */
export class JointFixes extends EventEmitter<{ changed: [Joint]; finished: [Joint] }> {
    readonly #client: Client;
    readonly #fixes: Fixes;
    readonly #fixed = new Set<string>();
    #current: Joint | null = null;
    #isCancelled = false;

    constructor(client: Client, fixes: Fixes) {
        super();
        this.#client = client;
        this.#fixes = fixes;
    }

    get current(): Joint | null {
        return this.#current;
    }

    /** Whether the incident was part of a joint fix. */
    has({ path }: Incident): boolean {
        return this.#fixed.has(path);
    }

    /** Whether a fix is part of the one that is being carried out. */
    isPart({ proposal, kind }: Fix): boolean {
        return this.#current?.kind === kind && this.#current.members.some(({ path }) => path === proposal.path);
    }

    apply(members: readonly Proposal[]): void {
        this.#begin('apply', members);
    }

    undo(members: readonly Proposal[]): void {
        this.#begin('undo', members);
    }

    cancel(): void {
        this.#isCancelled = true;
        for (const member of this.#current?.members ?? []) this.#fixes.cancel(member);
    }

    #begin(kind: Joint['kind'], members: readonly Proposal[]): void {
        if (this.#current !== null) return;
        this.#isCancelled = false;
        this.#current = { kind, members, results: [] };
        for (const { incident } of members) this.#fixed.add(incident);
        this.#run(kind, members)
            .catch(logError)
            .finally(() => {
                const joint = this.#current;
                this.#current = null;
                if (joint !== null) this.emit('finished', joint);
            });
    }

    async #run(kind: Joint['kind'], members: readonly Proposal[]): Promise<void> {
        const left = [...members];
        const next = async () => {
            const member = this.#isCancelled ? undefined : left.shift();
            if (member === undefined) return false;
            await this.#carryOut(kind, member);
            return true;
        };
        const toEnd = async () => {
            while (await next());
        };
        if (await next()) await Promise.all(Array.from({ length: atOnce }, toEnd));
    }

    /** One that has changed since it was shown is left out. */
    async #carryOut(kind: Joint['kind'], shown: Proposal): Promise<void> {
        const now = this.#client.snapshot.proposals.get(shown.path);
        if (now === undefined || !isAsShown(kind, shown, now)) return;
        const result = await new Promise<RequestResult>(resolve => {
            const id = this.#fixes.connect('finished', (_fixes, fix) => {
                if (fix.proposal.path !== now.path || fix.result === null) return undefined;
                this.#fixes.disconnect(id);
                resolve(fix.result);
                return undefined;
            });
            this.#fixes[kind](now);
        });
        // Nobody wants to be asked for each of them again.
        if (result.outcome === 'refused' || result.outcome === 'cancelled') this.#isCancelled = true;
        if (this.#current === null) return;
        this.#current = { ...this.#current, results: [...this.#current.results, result] };
        this.emit('changed', this.#current);
    }
}

function isAsShown(kind: Joint['kind'], shown: Proposal, now: Proposal): boolean {
    if (now.digest !== shown.digest) return false;
    return kind === 'apply'
        ? now.state === 'offered'
        : now.state === 'applied' && JSON.stringify(now.undoSteps) === JSON.stringify(shown.undoSteps);
}
