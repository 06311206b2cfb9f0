import { _ } from '../core/i18n.js';
import type { Fix } from '../state/fixes.js';
import type { RequestResult } from '../remote/model.js';

const errorPrefix = 'org.reevedesktop.Reeve1.Error.';

/** What came of a fix or an undo, in a line and in the service's own words. */
export function fixText(fix: Fix & { result: RequestResult }): { title: string; detail: string } {
    const { detail } = fix.result;
    return { title: fix.kind === 'apply' ? applyTitle(fix.result) : undoTitle(fix.result), detail };
}

function applyTitle({ outcome, error, gone, stepsDone }: RequestResult): string {
    if (error === `${errorPrefix}PlanChanged` || error === `${errorPrefix}DigestMismatch`)
        return _('Nothing was done: the computer has changed since this plan was made');
    switch (outcome) {
        case 'success':
            return gone ? _('Fixed') : _('Done; whether it helped will show');
        case 'still-wrong':
            return _('Done, but it is still wrong');
        case 'refused':
            return stepsDone === 0
                ? _('Nothing was done: it was not allowed')
                : _('Not all of it was done: it was not allowed');
        case 'cancelled':
            return stepsDone === 0 ? _('Cancelled') : _('Cancelled when some of it was done');
        case 'failed':
            return stepsDone === 0 ? _('That did not work') : _('Not all of it worked');
    }
}

function undoTitle({ outcome, stepsDone }: RequestResult): string {
    switch (outcome) {
        case 'success':
        case 'still-wrong':
            return _('Taken back');
        case 'refused':
            return stepsDone === 0
                ? _('Nothing was taken back: it was not allowed')
                : _('Not all of it was taken back: it was not allowed');
        case 'cancelled':
            return stepsDone === 0 ? _('Cancelled') : _('Cancelled when some of it was taken back');
        case 'failed':
            return stepsDone === 0 ? _('It could not be taken back') : _('Not all of it could be taken back');
    }
}

/** Why there is no answer. */
export function answerFailureText({ error, detail }: RequestResult): string {
    if (error === 'org.freedesktop.DBus.Error.NoReply') return _('The service stopped before it could answer.');
    if (error === `${errorPrefix}Paused`) return _('Reeve is paused. Resume it to ask.');
    return detail === '' ? _('There is no answer, and no reason was given.') : detail;
}
