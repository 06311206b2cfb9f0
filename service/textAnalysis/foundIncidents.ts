import { burst } from '../incidents/causes.ts';
import { processesOf } from '../incidents/merge.ts';
import type { IncidentDraft } from '../incidents/merge.ts';
import { isLocal } from '../model/incident.ts';
import type { Scope } from '../model/unit.ts';

type Subject = Pick<IncidentDraft, 'family' | 'scope' | 'subject'>;

/** An incident, its position among all, and the keys under which it is filed. */
type Filed = { readonly order: number; incident: IncidentDraft; terms: readonly string[]; slot: number };

export function keyOf({ family, scope, subject }: Subject): string {
    return `${family} ${scope} ${subject}`;
}

/**
 * The incidents of a log, in the order in which they were opened. Each is filed under whatever a finding may ask for, so that
 * a flood of ever new subjects does not compare each of them with all before it.
 */
export class FoundIncidents {
    readonly #all = new Map<string, Filed>();
    readonly #byTerm = new Map<string, Set<Filed>>();
    /** By the time when anything was reported last, in spans of a burst. */
    readonly #bySlot = new Map<number, Set<Filed>>();
    #latestSlot = -Infinity;
    #opened = 0;

    get(subject: Subject): IncidentDraft | undefined {
        return this.#all.get(keyOf(subject))?.incident;
    }

    set(incident: IncidentDraft): void {
        const key = keyOf(incident);
        const known = this.#all.get(key);
        if (known !== undefined) this.#unfile(known);
        const filed = known ?? { order: this.#opened++, incident, terms: [], slot: 0 };
        filed.incident = incident;
        filed.terms = termsOf(incident);
        filed.slot = slotOf(incident.lastSeen);
        this.#latestSlot = Math.max(this.#latestSlot, filed.slot);
        this.#all.set(key, filed);
        for (const term of filed.terms) add(this.#byTerm, term, filed);
        add(this.#bySlot, filed.slot, filed);
    }

    delete(subject: Subject): void {
        const known = this.#all.get(keyOf(subject));
        if (known === undefined) return;
        this.#unfile(known);
        this.#all.delete(keyOf(subject));
    }

    *entries(): Generator<[string, IncidentDraft]> {
        for (const [key, { incident }] of this.#all) yield [key, incident];
    }

    /** The first about the subject. */
    about(scope: Scope, subject: string): IncidentDraft | undefined {
        return this.#under([ofSubject(scope, subject)])[0];
    }

    /** The last that affects the subject. */
    affecting(scope: Scope, subject: string): IncidentDraft | undefined {
        return this.#under([ofAffected(scope, subject)]).at(-1);
    }

    /** The last about one of these processes. */
    ofProcess(family: string, pids: readonly string[]): IncidentDraft | undefined {
        return this.#under(pids.map(pid => ofProcess(family, pid))).at(-1);
    }

    /** The last that the unit's own processes reported. */
    reportedBy(scope: Scope, unit: string): IncidentDraft | undefined {
        return this.#under([ofReporter(scope, unit)]).at(-1);
    }

    /** Those about which anything was reported between two times, without those of local rules. Microseconds. */
    near(since: number, until: number): IncidentDraft[] {
        const near: Filed[] = [];
        for (const slot of this.#slotsFrom(slotOf(since)))
            for (const filed of this.#bySlot.get(slot) ?? []) {
                const { firstSeen, lastSeen } = filed.incident;
                if (firstSeen <= until && lastSeen >= since && !isLocal(filed.incident)) near.push(filed);
            }
        return inOrder(near);
    }

    #slotsFrom(first: number): Iterable<number> {
        const count = this.#latestSlot - first + 1;
        if (count <= 0) return [];
        // Of a log whose times jump, most spans are empty.
        if (count > this.#bySlot.size) return [...this.#bySlot.keys()].filter(slot => slot >= first);
        return Array.from({ length: count }, (_unused, index) => first + index);
    }

    #under(terms: readonly string[]): IncidentDraft[] {
        return inOrder(terms.flatMap(term => [...(this.#byTerm.get(term) ?? [])]));
    }

    #unfile(filed: Filed): void {
        for (const term of filed.terms) remove(this.#byTerm, term, filed);
        remove(this.#bySlot, filed.slot, filed);
    }
}

function inOrder(filed: Filed[]): IncidentDraft[] {
    if (filed.length > 1) filed.sort((one, other) => one.order - other.order);
    return filed.map(({ incident }) => incident);
}

function slotOf(time: number): number {
    return Math.floor(time / burst);
}

function termsOf({ family, scope, subject, affected, facts }: IncidentDraft): string[] {
    const reporters = [facts.reasonOf, facts.causeOf].filter(unit => unit !== undefined);
    return [
        ofSubject(scope, subject),
        ...affected.map(name => ofAffected(scope, name)),
        ...processesOf(facts).map(pid => ofProcess(family, pid)),
        ...reporters.map(unit => ofReporter(scope, unit)),
    ];
}

function ofSubject(scope: Scope, subject: string): string {
    return `subject ${scope} ${subject}`;
}

function ofAffected(scope: Scope, subject: string): string {
    return `affected ${scope} ${subject}`;
}

function ofProcess(family: string, pid: string): string {
    return `process ${family} ${pid}`;
}

function ofReporter(scope: Scope, unit: string): string {
    return `reporter ${scope} ${unit}`;
}

function add<Key>(files: Map<Key, Set<Filed>>, key: Key, filed: Filed): void {
    const under = files.get(key);
    if (under === undefined) files.set(key, new Set([filed]));
    else under.add(filed);
}

function remove<Key>(files: Map<Key, Set<Filed>>, key: Key, filed: Filed): void {
    const under = files.get(key);
    if (under?.delete(filed) === true && under.size === 0) files.delete(key);
}
