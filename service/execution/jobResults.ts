import { startsUnit, unitOf } from '../actions/units/unitPlan.ts';
import { _ } from '../i18n/i18n.ts';
import type { Step } from '../model/proposal.ts';

/**
 * Why a job failed.
 *
 * @param step that it carries out
 * @param result from JobRemoved: org.freedesktop.systemd1(5), and job_result_table in systemd's src/core/job.c
 */
export function jobFailure(result: string, step: Step): string {
    const { name: unit } = unitOf(step);
    if (result === 'failed' && !startsUnit(step)) return _('The program that makes the change failed; see the log');
    switch (result) {
        case 'failed':
            return _('{unit} failed again while starting', { unit });
        case 'timeout':
            return _('{unit} took too long', { unit });
        case 'dependency':
            return _('A dependency of {unit} failed', { unit });
        case 'canceled':
            return _('Something else cancelled the start of {unit}', { unit });
        case 'skipped':
            return _('There is nothing to do for {unit} in its current state', { unit });
        case 'assert':
            return _('A condition that {unit} requires is not met', { unit });
        default:
            return _('systemd could not complete the job for {unit} ({result})', { unit, result });
    }
}
