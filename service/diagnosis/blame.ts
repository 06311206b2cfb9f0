import type { Remedy } from '../actions/action.ts';
import { _ } from '../i18n/i18n.ts';
import type { Evidence } from '../model/incident.ts';
import { isRunning } from '../system/unitState.ts';
import type { UnitDetails } from '../system/systemd.ts';
import { ownText } from '../text/ownText.ts';
import { span } from '../text/span.ts';
import type { Case, Findings } from './playbook.ts';
import type { Suspect, Suspects } from './suspects.ts';

/** From this score on the first suspect is named as the probable cause, and taking it back is offered. */
const probable = 0.5;
const messageLimit = 2048;

/** Adds to what a playbook found out what was changed just before, and that it can be taken back. */
export async function blameChanges(of: Case, findings: Findings, suspects: Suspects): Promise<Findings> {
    if (findings.over) return findings;
    const { incident, systemd, signal } = of;
    const name = incident.family === 'unit' ? incident.subject : incident.facts.service;
    const unit = name === undefined ? null : await systemd.unit(incident.scope, name, { signal });
    const texts = [findings.cause, ...findings.evidence.map(({ message }) => message)];
    const found = await suspects.find({ incident, unit, texts }, signal);
    const [first] = found;
    if (first === undefined) return findings;
    const evidence = [...found.map(toEvidence), ...findings.evidence].sort(
        (one, other) => (one.time ?? 0) - (other.time ?? 0),
    );
    if (first.score < probable) return { ...findings, evidence };
    const change = _('{what} {time} before.', { what: first.entry.summary, time: span(first.before) });
    const remedy = takeBack(first, unit);
    const isTried = of.tried.some(({ action, parameters }) => {
        return action === remedy?.action && parameters.path === remedy.parameters.path;
    });
    const remedies = remedy === null || isTried ? findings.remedies : [remedy, ...findings.remedies];
    return {
        ...findings,
        cause: [change, findings.cause].filter(text => text !== '').join(' '),
        evidence,
        facts: { ...findings.facts, change: String(first.entry.id) },
        remedies,
    };
}

/** What undoes the change; null when nothing can. */
function takeBack({ entry }: Suspect, unit: UnitDetails | null): Remedy | null {
    const { before = null, after = null, mode_before: permissions } = entry.facts;
    if (entry.kind !== 'file' || before === after) return null;
    // Of a file that was there, or is there, without its contents being kept nothing can be restored.
    const isKnown =
        (entry.event === 'created' && after !== null) ||
        (entry.event === 'removed' && before !== null) ||
        (entry.event === 'edited' && before !== null && after !== null);
    if (!isKnown) return null;
    const isUnusable = unit !== null && (unit.loadState === 'bad-setting' || unit.loadState === 'error');
    const canStart =
        unit !== null && (isUnusable || (unit.canStart && !unit.refusesManualStart && unit.loadState === 'loaded'));
    const restart =
        canStart && !isRunning(unit) ? { scope: unit.scope, unit: unit.name, reset: hasGivenUp(unit) } : null;
    return {
        action: 'file.revert',
        parameters: {
            path: entry.subject,
            before,
            after,
            ...(entry.event === 'removed' && permissions !== undefined && { permissions }),
            restart,
        },
        explanation:
            before !== null
                ? _('It worked with what was there before.')
                : entry.subject === unit?.fragmentPath
                  ? _('It was not there before.')
                  : _('It was not there before, and it worked without it.'),
    };
}

function hasGivenUp({ activeState, result, process }: UnitDetails): boolean {
    return activeState === 'failed' && (result === 'start-limit-hit' || (process?.restarts ?? 0) > 0);
}

function toEvidence({ entry: { time, subject, summary, detail } }: Suspect): Evidence {
    const message = ownText(detail === '' ? summary : `${summary}\n${detail}`, messageLimit, { multiline: true });
    return { source: 'timeline', time, origin: subject, message, cursor: null, line: null };
}
