import type { Incidents } from '../incidents/incidents.ts';
import type { Machine } from '../machine/machine.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Incident } from '../model/incident.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { DiagnosedFamily } from './family.ts';
import { wholeGuide } from './guide.ts';
import type { GuidedStep, ShownStep } from './guide.ts';
import { remediationFor } from './reported.ts';

/** The fact that says which steps were done when they were last checked: a digit for each, 1 for done. */
const fact = 'stepsSeen';
/** The time limit of a check, in milliseconds. */
const timeLimit = 10_000;
const gone: ReadonlySet<Incident['state']> = new Set(['fixed', 'recovered', 'removed']);

/** The guided fixes of incidents: which steps there are, and which of them a person has done. */
export class Guides {
    readonly #families: ReadonlyMap<string, DiagnosedFamily>;
    readonly #incidents: Incidents;
    readonly #systemd: Systemd;
    readonly #machine: Machine | null;
    readonly #timeline: Pick<Timeline, 'query'>;

    /** @param dependencies.machine null when the watched system is not this computer, so that no step can be seen */
    constructor(dependencies: {
        families: readonly DiagnosedFamily[];
        incidents: Incidents;
        systemd: Systemd;
        machine: Machine | null;
        timeline: Pick<Timeline, 'query'>;
    }) {
        this.#families = new Map(dependencies.families.map(family => [family.name, family]));
        this.#incidents = dependencies.incidents;
        this.#systemd = dependencies.systemd;
        this.#machine = dependencies.machine;
        this.#timeline = dependencies.timeline;
    }

    /** The steps as they were when they were last checked; none where the kind has no guide. */
    steps(incident: Incident): ShownStep[] {
        const seen = incident.facts[fact] ?? '';
        return this.#guide(incident).map((step, index) => ({
            text: step.text(incident),
            isSeen: step.seen === undefined ? gone.has(incident.state) : seen[index] === '1',
            panel: step.panel ?? null,
        }));
    }

    /** Checks which steps of an open incident are done. Never rejects. */
    async look(id: number): Promise<void> {
        const incident = this.#incidents.get(id);
        if (incident?.state !== 'open') return;
        const guide = this.#guide(incident);
        if (guide.length === 0 || this.#machine === null) return;
        const done = await Promise.all(guide.map(step => this.#isDone(step, incident, this.#machine)));
        const seen = done.map(isDone => (isDone ? '1' : '0')).join('');
        const now = this.#incidents.get(id);
        if (now?.state !== 'open' || now.kind !== incident.kind || now.facts[fact] === seen) return;
        this.#incidents.update(id, { facts: { ...now.facts, [fact]: seen } });
    }

    async #isDone({ seen }: GuidedStep, incident: Incident, machine: Machine | null): Promise<boolean> {
        if (seen === undefined || machine === null) return false;
        try {
            const result = await seen.check({
                incident,
                machine,
                systemd: this.#systemd,
                timeline: this.#timeline,
                afterFix: false,
                now: Date.now() * 1000,
                signal: AbortSignal.timeout(timeLimit),
            });
            return result.gone;
        } catch (error) {
            log('warning', 'Could not check a step', { incident: incident.id, error: messageOf(error) });
            return false;
        }
    }

    #guide({ family, kind }: Incident): readonly GuidedStep[] {
        const known = this.#families.get(family);
        const guide = known === undefined ? undefined : remediationFor(known, kind)?.guide;
        return guide === undefined ? [] : wholeGuide(guide);
    }
}
