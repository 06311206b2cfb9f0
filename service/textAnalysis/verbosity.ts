import { verbosity as programs } from '../faults/generated/heads.text.ts';
import { BoundedMap } from '../util/boundedMap.ts';

/**
 * How much the words of a program weigh, as the heads of the families' rules have it:
 *
 * - `session` programs run in somebody's session and write about themselves: no word of theirs says that the system has a fault.
 * - `loud` programs call every little thing a failure. Only what they themselves call fatal counts.
 * - `talkative` programs often do so. Only unambiguous words count.
 * - `serving` programs also report errors of their clients: what is fatal to one connection is not fatal to the service.
 */
export type Verbosity = keyof typeof programs;

const whole = new Map<string, Set<Verbosity>>();
const beginnings = new Map<string, Set<Verbosity>>();
const ends = new Map<string, Set<Verbosity>>();
for (const verbosity of Object.keys(programs) as Verbosity[]) {
    for (const name of programs[verbosity].split(' ')) {
        const table = name.endsWith('*') ? beginnings : name.startsWith('*') ? ends : whole;
        const key = name.replace(/^\*|\*$/g, '');
        table.set(key, (table.get(key) ?? new Set()).add(verbosity));
    }
}

/** By requested name, as the same few programs write most of a log. */
const known = new BoundedMap<string, ReadonlySet<Verbosity>>(512);

/** Identifiers of applications: `org.gnome.Shell`. */
const ofApplications = /^(?:org|io|net|app|dev|com)\.(?!apple\.|docker\.)[a-z][\w-]*\.[a-z]/;

/** @param program as `programName` returns it */
export function verbosityOf(program: string): ReadonlySet<Verbosity> {
    return known.getOrInsert(program, () => {
        const verbosity = new Set(whole.get(program));
        for (const [beginning, of] of beginnings)
            if (program.startsWith(beginning)) for (const one of of) verbosity.add(one);
        for (const [end, of] of ends) if (program.endsWith(end)) for (const one of of) verbosity.add(one);
        if (ofApplications.test(program)) verbosity.add('session');
        return verbosity;
    });
}
