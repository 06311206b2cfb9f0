import { stepUnitPrefix } from '../actions/programStep.ts';
import { _ } from '../i18n/i18n.ts';

/**
 * Why a job did not do what it was queued for.
 *
 * @param result as JobRemoved tells it: org.freedesktop.systemd1(5), and job_result_table in systemd's src/core/job.c
 */
export function jobFailure(result: string, subject: unknown): string {
    const unit = typeof subject === 'string' ? subject : '';
    if (result === 'failed' && unit.startsWith(stepUnitPrefix)) {
        return _('The program that was to do it failed; the log has its words');
    }
    switch (result) {
        case 'failed':
            return _('{unit} failed again while it was being started', { unit });
        case 'timeout':
            return _('{unit} took too long', { unit });
        case 'dependency':
            return _('Something that {unit} needs failed', { unit });
        case 'canceled':
            return _('Something else cancelled the start of {unit}', { unit });
        case 'skipped':
            return _('{unit} had nothing to do in its present state', { unit });
        case 'assert':
            return _('A condition that {unit} asserts does not hold', { unit });
        default:
            return _('systemd could not do it for {unit} ({result})', { unit, result });
    }
}
