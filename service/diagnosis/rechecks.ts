import type { Incidents } from '../incidents/incidents.ts';
import type { Incident } from '../model/incident.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { DiagnosedFamily } from './family.ts';

const minute = 60_000;
/** How long after an occurrence the first recovery check runs; later ones become less and less frequent. Milliseconds. */
const pauses = [minute / 2, 2 * minute, 10 * minute, 30 * minute];
const longestPause = 60 * minute;
/** The delay after a change that may have fixed the fault: long enough for the consequences of the change. */
const afterChange = 3000;

/** Events that may have fixed faults that log lines reported. */
const healing = new Set<TimelineEntry['kind']>([
    'file',
    'package',
    'device',
    'link',
    'address',
    'network',
    'power',
    'storage',
    'time',
    'setting',
]);

type Watched = { key: string; rechecks: number; timer: NodeJS.Timeout };

/**
 * Runs recovery checks of open incidents for which no manager sends a signal: soon after they occurred, when something changed,
 * and at least once an hour. While nothing is open it does nothing at all.
 */
export class Rechecks implements Disposable {
    readonly #ofUnits: ReadonlySet<string>;
    readonly #incidents: Incidents;
    readonly #timeline: Timeline;
    readonly #recheck: (id: number) => Promise<unknown>;
    readonly #watched = new Map<number, Watched>();

    /** @param dependencies.recheck closes the incident if its fault is gone; must not reject */
    constructor(dependencies: {
        families: readonly DiagnosedFamily[];
        incidents: Incidents;
        timeline: Timeline;
        recheck: (id: number) => Promise<unknown>;
    }) {
        this.#ofUnits = new Set(dependencies.families.filter(({ hasUnits }) => hasUnits).map(({ name }) => name));
        this.#incidents = dependencies.incidents;
        this.#timeline = dependencies.timeline;
        this.#recheck = dependencies.recheck;
        this.#incidents.on('added', this.#consider).on('changed', this.#consider).on('removed', this.#forget);
        this.#timeline.on('added', this.#changed);
        for (const incident of this.#incidents.list()) this.#consider(incident);
    }

    [Symbol.dispose](): void {
        this.#incidents.off('added', this.#consider).off('changed', this.#consider).off('removed', this.#forget);
        this.#timeline.off('added', this.#changed);
        for (const id of [...this.#watched.keys()]) this.#forget(id);
    }

    readonly #consider = (incident: Incident): void => {
        // systemd signals when a unit is well again.
        if (this.#ofUnits.has(incident.family) || incident.state !== 'open') {
            this.#forget(incident.id);
            return;
        }
        const key = `${incident.count} ${incident.lastSeen}`;
        if (this.#watched.get(incident.id)?.key === key) return;
        this.#forget(incident.id);
        this.#plan(incident.id, key, 0, pauses[0] ?? longestPause);
    };

    readonly #forget = (id: number): void => {
        clearTimeout(this.#watched.get(id)?.timer);
        this.#watched.delete(id);
    };

    readonly #changed = ({ kind }: TimelineEntry): void => {
        if (!healing.has(kind)) return;
        for (const [id, { key, rechecks, timer }] of this.#watched) {
            clearTimeout(timer);
            this.#plan(id, key, rechecks, afterChange);
        }
    };

    #plan(id: number, key: string, rechecks: number, pause: number): void {
        const recheck = async () => {
            await this.#recheck(id);
            const now = this.#watched.get(id);
            if (now?.timer !== timer) return;
            this.#plan(id, now.key, rechecks + 1, pauses[rechecks + 1] ?? longestPause);
        };
        const timer = setTimeout(() => void recheck(), pause);
        timer.unref();
        this.#watched.set(id, { key, rechecks, timer });
    }
}
