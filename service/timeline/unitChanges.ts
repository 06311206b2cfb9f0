import { BoundedMap } from '../util/boundedMap.ts';
import { _, ngettext } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Scope, UnitState } from '../model/unit.ts';
import type { Timeline } from './timeline.ts';
import { messageOf } from '../util/errors.ts';

/** The units to report: not those that come and go with sessions and applications. */
const told = /\.(?:service|socket|timer)$/;
const passing = /^(?:app-|run-|session-|user@|user-runtime-dir@|dbus-:)/;

/** Whether a unit has a name of its own each time, or goes with a login. */
export function comesAndGoes(unit: string): boolean {
    return passing.test(unit);
}
const unitsLimit = 2048;
/** A unit that ended and is active within this was restarted; one that is active later was started for a reason of its own. */
const ofRestart = 2000;
/** Simultaneous changes are reported together: more than this at once is one entry. */
const settleTime = 2000;
const mostApart = 5;
const listed = 100;
const shutdownTime = 120_000_000;

type Event = 'stopped' | 'restarted' | 'started';
type Known = {
    state: string;
    /** When it left the state "active", or ended after that; null while it has not. Milliseconds of the clock. */
    left: number | null;
    /** A job stopped it, and nothing has started it since. */
    isStopped: boolean;
};

/**
 * Services that somebody or something stopped, restarted or started again. Those that end by themselves, or start on
 * demand, are not reported: there are dozens of those each hour. A failure is an incident.
 */
export class UnitChanges implements Disposable {
    readonly #timeline: Timeline;
    readonly #clock: () => number;
    readonly #units = new BoundedMap<string, Known>(unitsLimit);
    #pending: { event: Event; unit: string; scope: Scope; time: number }[] = [];
    #timer: NodeJS.Timeout | undefined;

    /** @param dependencies.clock milliseconds that never jump */
    constructor({ timeline, clock = () => performance.now() }: { timeline: Timeline; clock?: () => number }) {
        this.#timeline = timeline;
        this.#clock = clock;
    }

    [Symbol.dispose](): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#pending = [];
    }

    /** Takes note of the state that the manager says a unit is in. */
    state(scope: Scope, { name, activeState }: Pick<UnitState, 'name' | 'activeState'>): void {
        if (!told.test(name) || comesAndGoes(name)) return;
        const known = this.#units.getOrInsert(`${scope} ${name}`, () => ({ state: '', left: null, isStopped: false }));
        const now = this.#clock();
        const isOver = activeState === 'inactive' || activeState === 'failed';
        // Of a unit that has not been heard of before, to be deactivating proves that it was active.
        if (activeState === 'deactivating' && (known.state === 'active' || known.state === '')) known.left = now;
        if (isOver && (known.state === 'active' || known.left !== null)) known.left = now;
        if (activeState === 'activating' && known.left !== null && now - known.left > ofRestart) known.left = null;
        known.state = activeState;
    }

    /**
     * Records a job that ended, after the signal with the unit's state: job_finish_and_invalidate() of systemd's job.c.
     */
    jobEnded(scope: Scope, unit: string, result: string): void {
        const known = this.#units.get(`${scope} ${unit}`);
        if (result !== 'done' || known === undefined) return;
        const { state, left } = known;
        known.left = null;
        const event = eventOf(known, left);
        if (event === null) return;
        known.isStopped = state === 'inactive';
        this.#pending.push({ event, unit, scope, time: Date.now() * 1000 });
        this.#timer ??= setTimeout(() => {
            try {
                this.#flush();
            } catch (error) {
                const reason = messageOf(error);
                log('error', 'Could not store the state of units', { reason });
            }
        }, settleTime).unref();
    }

    #flush(): void {
        this.#timer = undefined;
        const pending = this.#pending;
        this.#pending = [];
        const [first] = pending;
        if (first === undefined) return;
        // When the computer is shut down everything stops.
        const boots = this.#timeline.query({ since: first.time - shutdownTime, kinds: ['boot'], limit: 10 });
        if (boots.some(({ event }) => event === 'shutdown')) return;
        const together = pending.length > mostApart;
        const changes = together ? [manyChange(pending)] : pending.map(change => oneChange(change));
        for (const change of changes) this.#timeline.add({ ...change, source: 'units' });
    }
}

function eventOf({ state, isStopped }: Known, left: number | null): Event | null {
    if (state === 'inactive') return left === null ? null : 'stopped';
    if (state !== 'active') return null;
    if (left !== null) return 'restarted';
    return isStopped ? 'started' : null;
}

type Pending = { event: Event; unit: string; scope: Scope; time: number };

function oneChange({ event, unit, scope, time }: Pending): Change {
    const texts = {
        stopped: _('{unit} was stopped', { unit }),
        restarted: _('{unit} was restarted', { unit }),
        started: _('{unit} was started again', { unit }),
    };
    return { time, kind: 'unit', event, subject: unit, summary: texts[event], detail: '', facts: { scope } };
}

function manyChange(pending: readonly Pending[]): Change {
    const count = pending.length;
    return {
        time: pending[0]?.time ?? 0,
        kind: 'unit',
        event: 'many',
        subject: 'services',
        summary: ngettext(
            '{count} service was stopped or restarted',
            '{count} services were stopped or restarted',
            count,
        ),
        detail: pending
            .slice(0, listed)
            .map(change => oneChange(change).summary)
            .join('\n'),
        facts: { count: String(count) },
    };
}
