import type { Evidence, Incident } from '../remote/model.js';
import { isOpen } from './cards.js';

/** Incidents that began together, for one card; one that stands for itself is a group of one. */
export type Group = readonly [Incident, ...Incident[]];

/** Fewer are each worth a card. */
const fewest = 5;
/** Microseconds: what failed for one reason failed one close after the other. */
const together = 60_000_000;

/**
 * Many faults of one family that began together have one cause as far as a person is concerned, unless it is known that they
 * do not, and get one card in the place of the first. What has closed by itself is grouped apart from what is open, below it;
 * what was fixed keeps its card, which leads back.
 *
 * @param ordered as the cards are
 * @param grouped whether an incident was in a group until now: what is left of one does not fall apart while somebody works on it
 * @param joint whether it was fixed together with others, so that one card leads back
 */
export function groupsOf(
    ordered: readonly Incident[],
    grouped: (incident: Incident) => boolean = () => false,
    joint: (incident: Incident) => boolean = () => false,
): Group[] {
    const runs = new Map<Incident, Incident[]>();
    const isJoint = (incident: Incident) => incident.state === 'fixed' && joint(incident);
    const kindOf = (incident: Incident) => (isJoint(incident) ? `fixed ${incident.family}` : kindOfUnaided(incident));
    for (const kind of new Set(ordered.map(kindOf))) {
        const members = ordered.filter(incident => kind !== '' && kindOf(incident) === kind);
        for (const run of runsOf(members).flatMap(byCause)) {
            const stays = run.filter(incident => grouped(incident) || isJoint(incident)).length > 1;
            if (run.length >= fewest || stays) for (const member of run) runs.set(member, run);
        }
    }
    const groups: Group[] = [];
    const over: Group[] = [];
    const placed = new Set<Incident[]>();
    for (const incident of ordered) {
        const run = runs.get(incident);
        if (run === undefined) groups.push([incident]);
        else if (!placed.has(run)) {
            placed.add(run);
            const [first = incident, ...others] = ordered.filter(other => runs.get(other) === run);
            (isOpen(first) ? groups : over).push([first, ...others]);
        }
    }
    return [...groups, ...over];
}

function kindOfUnaided(incident: Incident): string {
    const { family, state } = incident;
    if (isOpen(incident)) return `open ${family}`;
    return state === 'recovered' || state === 'removed' ? `${state} ${family}` : '';
}

function runsOf(incidents: readonly Incident[]): Incident[][] {
    const runs: Incident[][] = [];
    for (const incident of [...incidents].sort((a, b) => a.began - b.began)) {
        const run = runs.at(-1);
        if (run !== undefined && incident.began - (run.at(-1)?.began ?? 0) <= together) run.push(incident);
        else runs.push([incident]);
    }
    return runs;
}

/** Those with a cause of their own are apart from the many that one change broke; what is not explained yet stays with these. */
function byCause(run: Incident[]): Incident[][] {
    const changes = run.map(incident => keyOf(blamedChange(incident)));
    const times = (key: string) => changes.filter(each => each === key).length;
    const most = changes.filter(key => key !== '').reduce((one, key) => (times(key) > times(one) ? key : one), '');
    if (most === '' || times(most) < fewest) return [run];
    const isOfMost = (incident: Incident) => !isExplained(incident) || keyOf(blamedChange(incident)) === most;
    const others = run.filter(incident => !isOfMost(incident));
    return [run.filter(isOfMost), ...(others.length > 0 ? [others] : [])];
}

/** Whether more is known of it than the log says. */
function isExplained({ evidence }: Incident): boolean {
    return evidence.some(({ source }) => source !== 'journal' && source !== 'text');
}

/** The change that the cause names. */
function blamedChange({ cause, evidence }: Incident): Evidence | null {
    return evidence.find(({ source, message }) => source === 'timeline' && cause.includes(summaryOf(message))) ?? null;
}

function keyOf(change: Evidence | null): string {
    return change === null ? '' : `${change.time} ${summaryOf(change.message)}`;
}

/** The first line of a change; its differences follow. */
export function summaryOf(message: string): string {
    return message.split('\n', 1)[0] ?? '';
}

/** The change that broke all of them, as far as they are explained; null for none. */
export function commonChange(group: Group): Evidence | null {
    const [change = null, ...others] = group.filter(isExplained).map(blamedChange);
    return others.every(other => keyOf(other) === keyOf(change)) ? change : null;
}

/** What is known of all of them; empty where they differ. */
export function commonCause([{ cause }, ...others]: Group): string {
    return others.every(other => other.cause === cause) ? cause : '';
}

/** Whether all are services. */
export function areServices(group: Group): boolean {
    return group.every(({ subject }) => subject.endsWith('.service'));
}
