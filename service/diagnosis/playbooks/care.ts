import type { Remedy } from '../../actions/action.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import type { Care } from '../care/care.ts';
import { careFor, cares } from '../care/index.ts';
import { isAskedToEnd } from '../care/programs.ts';
import type { Case, Findings, Playbook, Tried } from '../playbook.ts';

/** A fix that did not help twice is not what it needs. */
const attemptsLimit = 2;

/** For the families that lines of the log tell of: the cause is what the line says, and the rest is in their `Care`. */
export const carePlaybooks: readonly Playbook[] = [...cares.keys()].map(family => ({
    family,
    // The title says what happened.
    glance: () => '',
    diagnose: of => Promise.resolve(diagnose(of)),
}));

function diagnose({ incident, tried }: Case): Findings {
    const care = careFor(incident);
    const remedies = care === null || tried.length >= attemptsLimit ? [] : remediesOf(care, incident, tried);
    // A change that was blamed stands in front of the cause; this begins again from what the log said.
    const { logCause } = incident.facts;
    const cause = logCause !== undefined && incident.cause.endsWith(logCause) ? logCause : incident.cause;
    const sentences: string[] = [];
    if (incident.affected.length > 0)
        sentences.push(_('It also hurt: {names}.', { names: incident.affected.slice(0, 8).join(', ') }));
    // It has not happened since the fix of which nothing could be looked at.
    const isWaiting = incident.stillWrong === '' && incident.facts.lastBeforeFix === String(incident.lastSeen);
    if (isWaiting) sentences.push(_('Whether what was done helped will show: it has not happened since.'));
    else if (tried.length > 0) sentences.push(failureText(incident, tried));
    if (care !== null) sentences.push(care.advice(incident));
    return {
        summary: sentences.join(' '),
        cause,
        // What was changed before is looked for anew.
        evidence: incident.evidence.filter(({ source }) => source !== 'timeline'),
        facts: { logCause: cause },
        remedies,
    };
}

function failureText(incident: Incident, tried: readonly Tried[]): string {
    const isAsked = tried.every(each => isAskedToEnd(incident, each));
    return isAsked ? _('It was asked to end, and is still there.') : _('What was tried did not help.');
}

function remediesOf({ fixes = [] }: Care, incident: Incident, tried: readonly Tried[]): Remedy[] {
    return fixes.flatMap(({ action, parameters, explanation }) => {
        const values = parameters(incident, tried);
        const isTried = tried.some(
            other => other.action === action && JSON.stringify(other.parameters) === JSON.stringify(values),
        );
        return values === null || isTried ? [] : [{ action, parameters: values, explanation: explanation() }];
    });
}
