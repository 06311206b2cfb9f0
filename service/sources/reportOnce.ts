import * as z from 'zod';

import { readState } from '../store/stored.ts';
import { change as changeSchema } from '../model/timelineEntry.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { readBootId } from '../machine/time/boots.ts';
import { filesOf } from '../machine/machine.ts';
import type { Outlet, Surroundings } from './definition.ts';

/** How much is remembered across a restart of the service: fewer things than this last at the same time. */
const rememberedLimit = 100;

/** What was reported while the computer has been running, by key. */
const rememberedSchema = z.object({ boot: z.string(), told: z.array(z.tuple([z.string(), changeSchema])) });

/**
 * Reports a fault once, as long as it lasts from poll to poll. As long as an incident exists, it decides whether the fault is
 * reported: its own check may have closed it at a moment when all seemed well. A fault that the user dismissed is not reported
 * again for as long as it lasts, even across a restart of the service.
 */
export class ReportOnce {
    readonly #source: string;
    readonly #incidentStatus: Surroundings['incidentStatus'];
    readonly #database: Database;
    readonly #outlet: Outlet;
    readonly #stateKey: string;
    readonly #boot: string;
    readonly #reported: Map<string, Change>;

    private constructor(
        source: string,
        { incidentStatus, database }: Surroundings,
        outlet: Outlet,
        { stateKey, boot }: { stateKey: string; boot: string },
    ) {
        this.#source = source;
        this.#incidentStatus = incidentStatus;
        this.#database = database;
        this.#outlet = outlet;
        this.#stateKey = stateKey;
        this.#boot = boot;
        this.#reported = new Map(this.#remembered().filter(([, change]) => this.#isKnown(change)));
    }

    /** @param part distinguishes sets of keys of one source */
    static async open(source: string, surroundings: Surroundings, outlet: Outlet, part = ''): Promise<ReportOnce> {
        const { root } = surroundings;
        const boot = await readBootId(filesOf(root));
        return new ReportOnce(source, surroundings, outlet, { stateKey: `told ${source} ${part}`.trim(), boot });
    }

    /** Whether `key` is reported already; "over" when it was, and its incident has been closed since. */
    state(key: string): 'unreported' | 'reported' | 'over' {
        const change = this.#reported.get(key);
        if (change === undefined) return 'unreported';
        return this.#statusOf(change) === 'over' ? 'over' : 'reported';
    }

    /** Does nothing for what is reported already, even by an incident older than this run. */
    report(key: string, change: Change): void {
        if (this.state(key) === 'reported') return;
        this.#reported.set(key, change);
        if (this.#statusOf(change) !== 'open') this.#outlet.emit(change);
        this.#remember();
    }

    /** It has gone, or must be confirmed once more: then it is reported again. */
    forget(key: string): void {
        if (this.#reported.delete(key)) this.#remember();
    }

    /** Forgets all but these. */
    keepOnly(keys: { has(key: string): boolean }): void {
        const before = this.#reported.size;
        for (const key of this.#reported.keys()) if (!keys.has(key)) this.#reported.delete(key);
        if (this.#reported.size < before) this.#remember();
    }

    /** An open fault may be dismissed before it is confirmed again. */
    #isKnown(change: Change): boolean {
        return ['open', 'dismissed'].includes(this.#statusOf(change));
    }

    #statusOf(change: Change): ReturnType<Surroundings['incidentStatus']> {
        return this.#incidentStatus({ ...change, source: this.#source });
    }

    #remembered(): [string, Change][] {
        const { boot, told } = readState(this.#database, this.#stateKey, rememberedSchema) ?? { boot: '', told: [] };
        // A fault that lasted when the computer was switched off began again, if it is there.
        return boot !== '' && boot === this.#boot ? told : [];
    }

    #remember(): void {
        const told = [...this.#reported].slice(-rememberedLimit);
        this.#database.setState(this.#stateKey, JSON.stringify({ boot: this.#boot, told }));
    }
}
