import type { KnownFix } from '../actions/actions.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incident } from '../model/incident.ts';
import type { DiagnosedFamily } from './family.ts';
import type { Case, Findings, Tried } from './playbook.ts';
import type { Remediation } from './remediation.ts';

/** A fix that failed twice is the wrong one. */
const attemptsLimit = 2;

/** The remediation of a kind of fault; null for a family with a diagnosis of its own. */
export function remediationFor(
    { remediation }: Pick<DiagnosedFamily, 'remediation'>,
    kind: string,
): Remediation | null {
    return remediation === undefined ? null : (remediation.kinds?.[kind] ?? remediation.otherwise);
}

/** The diagnosis of what a log line or a source reported: the report gives the cause, the family knows the rest. */
export function diagnoseReported(family: DiagnosedFamily, { incident, tried }: Case): Findings {
    const remediation = remediationFor(family, incident.kind);
    const fixes = remediation === null || tried.length >= attemptsLimit ? [] : fixesOf(remediation, incident, tried);
    // The cause may begin with a change that was blamed; this starts again from the cause in the log.
    const { logCause } = incident.facts;
    const cause = logCause !== undefined && incident.cause.endsWith(logCause) ? logCause : incident.cause;
    const sentences: string[] = [];
    if (incident.affected.length > 0)
        sentences.push(_('Also affected: {names}.', { names: incident.affected.slice(0, 8).join(', ') }));
    // The fault has not recurred since the fix, for which no state could be checked.
    const isWaiting = incident.stillWrong === '' && incident.facts.lastBeforeFix === String(incident.lastSeen);
    if (isWaiting) sentences.push(_('It has not happened again since the fix.'));
    else if (tried.length > 0) sentences.push(family.describeFailure?.(incident, tried) ?? _('The fix did not help.'));
    if (remediation !== null && remediation.guide === undefined) sentences.push(remediation.advice(incident));
    return {
        summary: sentences.join(' '),
        cause,
        // Earlier changes are searched for again.
        evidence: incident.evidence.filter(({ source }) => source !== 'timeline'),
        facts: { logCause: cause },
        fixes,
    };
}

function fixesOf({ fixes = [] }: Remediation, incident: Incident, tried: readonly Tried[]): KnownFix[] {
    return fixes.flatMap(({ action, parameters, explanation }) => {
        const values = parameters(incident, tried);
        const isTried = tried.some(
            other => other.action === action && JSON.stringify(other.parameters) === JSON.stringify(values),
        );
        // The type of a fix has parameters that fit its action.
        const fix = { action, parameters: values, explanation: explanation() } as KnownFix;
        return values === null || isTried ? [] : [fix];
    });
}
