import type { ProposedFix } from '../actions/action.ts';
import type { ActionName, KnownFix, ParametersOf } from '../actions/actions.ts';
import { permissionText } from '../actions/files/fileStep.ts';
import { _ } from '../i18n/i18n.ts';
import type { Evidence } from '../model/incident.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import { stoppedUnits } from '../machine/units/stoppedUnits.ts';
import type { UnitDetails } from '../machine/units/systemd.ts';
import { ownText } from '../text/ownText.ts';
import { span } from '../text/span.ts';
import { debianPackage, debianVersion } from '../machine/packages/aptSimulation.ts';
import type { Case, Findings } from './playbook.ts';
import { restartOf } from './restartOf.ts';
import type { Restart } from './restartOf.ts';
import { isFileOf } from './suspects.ts';
import type { Suspect, Suspects } from './suspects.ts';

/** From this score on, the first suspect is named as the probable cause, and reverting it is offered. */
const probable = 0.5;
const messageLimit = 2048;

/**
 * Adds to the findings what was changed just before, and that it can be reverted.
 *
 * @param about.isUnit whether the incident's subject is a unit
 */
export async function blameChanges(
    of: Case,
    findings: Findings,
    suspects: Suspects,
    { isUnit }: { isUnit: boolean },
): Promise<Findings> {
    if (findings.over) return findings;
    const { incident, systemd, signal } = of;
    const name = isUnit ? incident.subject : incident.facts.service;
    const unit = name === undefined ? null : await systemd.unit(incident.scope, name, { signal });
    // What Reeve says of a unit's state names the file of each.
    const messages = findings.evidence.filter(({ source }) => source !== 'systemd').map(({ message }) => message);
    const texts = [findings.cause, ...messages];
    const found = await suspects.find({ incident, unit, texts }, signal);
    const [first] = found;
    if (first === undefined) return findings;
    const evidence = [...found.map(toEvidence), ...findings.evidence].sort(
        (one, other) => (one.time ?? 0) - (other.time ?? 0),
    );
    const made = found.find(({ entry }) => entry.event === 'created' && isFileOf(unit, entry.subject));
    const blamed = first.score < probable ? made : first;
    const needing = unit === null ? [] : await stoppedUnits(systemd, incident.scope, incident.affected, signal);
    const fix = blamed === undefined ? null : takeBack(blamed, restartOf(unit, needing), unit);
    const fixes = withFix(of, findings, fix);
    if (first.score < probable) return { ...findings, evidence, fixes };
    const values = { what: first.entry.summary, time: span(first.before), subject: incident.subject };
    const change = isUnit
        ? _('{what} {time} before {subject} failed.', values)
        : _('{what} {time} before this began.', values);
    return {
        ...findings,
        cause: [change, findings.cause].filter(text => text !== '').join(' '),
        evidence,
        facts: {
            ...findings.facts,
            change: String(first.entry.id),
            ...(first.entry.kind === 'file' && { changed: first.entry.subject }),
        },
        fixes,
    };
}

/**
 * Reverting an edit comes first. An earlier package lacks the corrections of the newer one, so that comes last. To delete what
 * somebody has made is no repair: it comes last, too, and is never the only fix.
 */
function withFix({ tried }: Case, { fixes }: Findings, fix: KnownFix | null): Findings['fixes'] {
    if (fix === null || tried.some(other => isOfSame(other, fix))) return fixes;
    const isDeletion = fix.action === 'file.revert' && fix.parameters.before === null;
    if (isDeletion && fixes.length === 0) return fixes;
    const others = fixes.filter(other => !isOfSame(other, fix));
    return isDeletion || fix.action === 'packages.revert' ? [...others, fix] : [fix, ...others];
}

/** Whether both act on the same file or package. */
function isOfSame(one: ProposedFix, other: ProposedFix): boolean {
    const { path, name }: ProposedFix['parameters'] = other.parameters;
    const { parameters }: ProposedFix = one;
    const isOnSame = (path ?? name) !== undefined && parameters.path === path && parameters.name === name;
    return one.action === other.action && isOnSame;
}

/** The action that undoes the change; null when there is none. */
function takeBack({ entry, isMissed }: Suspect, restart: Restart, unit: UnitDetails | null): KnownFix | null {
    if (entry.kind === 'package') return packageBack(entry, restart);
    if (entry.kind !== 'file') return null;
    const back = contentsBack(entry, { isMissed, restart }) ?? permissionsBack(entry, restart);
    if (back === null) return null;
    const explanation =
        back.parameters.before !== null
            ? _('It worked with the previous content.')
            : unit !== null && isFileOf(unit, entry.subject)
              ? _('Only if {unit} is not wanted any more: this does not repair it.', { unit: unit.name })
              : _('Only if the file is not wanted any more: its content is lost.');
    return { ...back, explanation };
}

type Back<Name extends ActionName> = { action: Name; parameters: ParametersOf<Name> };
/** Restores the contents of a file. If its contents were not kept, a file that was there, or is there, cannot be restored. */
function contentsBack(
    { event, subject, facts, time }: TimelineEntry,
    { isMissed, restart }: { isMissed: boolean; restart: Restart },
): Back<'file.revert'> | null {
    const { before = null, after = null, mode_before: permissions, from } = facts;
    const action = 'file.revert';
    const made = { restart, ...(permissions !== undefined && { permissions }) };
    switch (event) {
        case 'created':
            return after === null
                ? null
                : { action, parameters: { path: subject, before: null, after, created: time, restart } };
        case 'edited':
            return before === null || after === null || before === after
                ? null
                : { action, parameters: { path: subject, before, after, restart } };
        case 'removed':
            return before === null ? null : { action, parameters: { path: subject, before, after: null, ...made } };
        case 'renamed':
            // A reader of the old name would find the file again, but the file also stays under its new name. If the failure
            // comes from the new name, as when renaming switched something on, renaming back would not help.
            return from === undefined || after === null || !isMissed
                ? null
                : { action, parameters: { path: from, before: after, after: null, ...made } };
        default:
            return null;
    }
}

/** Restores the permissions and owner of a file, if nothing else about it was changed. */
function permissionsBack({ event, subject, facts }: TimelineEntry, restart: Restart): Back<'file.permissions'> | null {
    const { mode_before: before = '', mode_after: after = '' } = facts;
    const isKnown = [before, after].every(text => permissionText.safeParse(text).success);
    if (event !== 'permissions' || !isKnown) return null;
    return { action: 'file.permissions', parameters: { path: subject, before, after, restart } };
}

/** Other package managers cannot say beforehand what a downgrade would change. */
function packageBack({ event, subject: name, facts }: TimelineEntry, restart: Restart): KnownFix | null {
    const { manager, from: before = '', to = '' } = facts;
    const after = event === 'removed' ? null : to;
    const isVersion = (version: string | null) => version === null || debianVersion.test(version);
    if (manager !== 'dpkg' || !['upgraded', 'removed'].includes(event) || !debianPackage.test(name)) return null;
    if (!isVersion(before) || !isVersion(after)) return null;
    return {
        action: 'packages.revert',
        parameters: { name, before, after, restart },
        explanation: after === null ? _('It worked while this existed.') : _('It worked with that version.'),
    };
}

/**
 * The unit to start with the restored file, and those that failed because of it; null when it runs, or cannot be started.
 *
 * @param needing those that are stopped
 */
function toEvidence({ entry: { time, subject, summary, detail } }: Suspect): Evidence {
    const message = ownText(detail === '' ? summary : `${summary}\n${detail}`, messageLimit, { multiline: true });
    return { source: 'timeline', time, origin: subject, message, cursor: null, line: null };
}
