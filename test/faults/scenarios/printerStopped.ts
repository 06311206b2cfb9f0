import { replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a printer stops',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // stop_job() and update_job() in scheduler/job.c of CUPS.
            service(
                'cups.service',
                'cupsd',
                '[Job 42] Job stopped due to backend errors; please consult the error_log file for details.',
                3,
            ),
        ),
    expect: { family: 'printing', subject: /./, cause: /./ },
};
