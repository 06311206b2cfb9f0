import { _ } from '../core/i18n.js';
import { isOfTask } from '../state/cards.js';
import type { Fix } from '../state/fixes.js';
import type { RequestResult } from '../remote/model.js';

const errorPrefix = 'org.reevedesktop.Reeve1.Error.';

/** The outcome of a fix or an undo, in a line and in the service's own words. */
export function fixText(fix: Fix & { result: RequestResult }): { title: string; detail: string } {
    const { detail } = fix.result;
    return {
        title: fix.kind === 'undo' ? undoTitle(fix.result) : applyTitle(fix.result, isOfTask(fix.proposal)),
        detail,
    };
}

/** @param isWish nothing was broken that could be fixed */
function applyTitle({ outcome, error, gone, stepsDone }: RequestResult, isWish: boolean): string {
    if (error === `${errorPrefix}PlanChanged` || error === `${errorPrefix}DigestMismatch`)
        return _('Nothing was changed: the computer has changed since this plan was made');
    switch (outcome) {
        case 'success':
            if (isWish) return _('Done');
            return gone ? _('Fixed') : _('Done. Reeve is watching whether it helped');
        case 'still-wrong':
            return isWish ? _('Done, but it had no effect') : _('Done, but it is still broken');
        case 'refused':
            return stepsDone === 0 ? _('Nothing was changed: not allowed') : _('Only part of it was done: not allowed');
        case 'cancelled':
            return stepsDone === 0 ? _('Cancelled') : _('Cancelled after part of it was done');
        case 'failed':
            return stepsDone === 0 ? _('That did not work') : _('Only part of it worked');
    }
}

function undoTitle({ outcome, stepsDone }: RequestResult): string {
    switch (outcome) {
        case 'success':
        case 'still-wrong':
            return _('Undone');
        case 'refused':
            return stepsDone === 0
                ? _('Nothing was undone: not allowed')
                : _('Only part of it was undone: not allowed');
        case 'cancelled':
            return stepsDone === 0 ? _('Cancelled') : _('Cancelled after part of it was undone');
        case 'failed':
            return stepsDone === 0 ? _('Could not undo it') : _('Could only undo part of it');
    }
}

/** Why there is no answer. */
export function answerFailureText({ error, detail }: RequestResult): string {
    if (error === 'org.freedesktop.DBus.Error.NoReply') return _('The service stopped before it could answer.');
    if (error === `${errorPrefix}Paused`) return _('Reeve is paused. Resume it to ask questions.');
    return detail === '' ? _('No answer, and no reason given.') : detail;
}
