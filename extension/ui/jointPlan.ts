// The fixes of many incidents, or their undo, as the card of one plan shows them.
import { ngettext } from '../core/i18n.js';
import type { Proposal } from '../remote/model.js';
import type { Fix } from '../state/fixes.js';
import type { Joint, JointFixes } from '../state/jointFixes.js';

/** As one proposal: with all of their steps. */
export function jointProposal(members: readonly Proposal[], first: Proposal, areServices: boolean): Proposal {
    const isRestart = areServices && /^unit\.(?:restart|resetAndRestart)$/.test(first.action);
    const common = (textOf: (proposal: Proposal) => string) =>
        members.every(each => textOf(each) === textOf(first)) ? textOf(first) : '';
    return {
        ...first,
        path: members.map(({ path }) => path).join(' '),
        digest: members.map(({ digest }) => digest).join(' '),
        title: isRestart
            ? ngettext('Restart {count} service', 'Restart all {count} services', members.length)
            : ngettext('Fix {count} problem', 'Fix all {count} problems', members.length),
        undoText: isRestart
            ? ngettext('Stops {count} service again', 'Stops all {count} services again', members.length)
            : ngettext('Takes back {count} change', 'Takes back all {count} changes', members.length),
        explanation: common(({ explanation }) => explanation),
        riskText: common(({ riskText }) => riskText),
        steps: members.flatMap(({ steps }) => steps),
        undoSteps: members.flatMap(({ undoSteps }) => undoSteps),
    };
}

/** What the card of a plan asks of fixes, for these. */
export function jointDriver(joint: JointFixes, members: readonly Proposal[], proposal: Proposal) {
    return {
        apply: () => {
            joint.apply(members);
        },
        undo: () => {
            joint.undo(members);
        },
        finish: () => undefined,
        cancel: () => {
            joint.cancel();
        },
        of: () => fixOf(joint.current, members, proposal),
    };
}

function fixOf(current: Joint | null, members: readonly Proposal[], proposal: Proposal): Fix | null {
    if (current?.members !== members) return null;
    const { kind, results } = current;
    const progress = ngettext('{done} of {count} done', '{done} of {count} done', members.length, {
        done: String(results.length),
    });
    return { kind, proposal, progress, result: null };
}

/** What came of it, in a line. */
export function jointOutcome({ kind, members, results }: Joint): string {
    const isSuccess = ({ outcome, gone }: Joint['results'][number]) =>
        outcome === 'success' && (kind === 'undo' || gone);
    const values = { done: String(results.filter(isSuccess).length) };
    return kind === 'undo'
        ? ngettext('{done} of {count} undone', '{done} of {count} undone', members.length, values)
        : ngettext('{done} of {count} fixed', '{done} of {count} fixed', members.length, values);
}
