import { countsInJournals } from '../detection/faultRule.ts';
import { wholeGuide } from '../diagnosis/guide.ts';
import { remediationFor } from '../diagnosis/reported.ts';
import type { Family } from './family.ts';
import { families } from './index.ts';
import { unitRemedies } from './unit/remedies.ts';

/** What can be done about a kind of fault, whatever changed before it. */
export type Remedy = {
    family: string;
    kind: string;
    fixes: readonly string[];
    steps: readonly string[];
    advice: string;
};

/** Of every kind of fault that can open an incident. Those that local rules add are not among them. */
export function everyRemedy(): Remedy[] {
    return families.flatMap(family => (family.playbook === undefined ? reported(family) : unitRemedyList(family.name)));
}

function unitRemedyList(family: string): Remedy[] {
    return unitRemedies.map(([kind, { fixes, advice }]) => ({ family, kind, fixes, steps: [], advice: advice() }));
}

function reported(family: Family): Remedy[] {
    const logged = family.rules.filter(rule => countsInJournals(rule) && rule.isPrecursor !== true);
    const kinds = new Set([...logged, ...Object.values(family.changes ?? {})].map(({ kind }) => kind));
    return [...kinds].map(kind => {
        const remediation = remediationFor(family, kind);
        const fixes = new Set(remediation?.fixes?.map(({ action }) => action));
        const steps = wholeGuide(remediation?.guide ?? []).map(({ text }) => text());
        return { family: family.name, kind, fixes: [...fixes], steps, advice: remediation?.advice() ?? '' };
    });
}
