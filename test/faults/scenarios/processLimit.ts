import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a limit of processes was reached',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // pids_event() in kernel/cgroup/pids.c.
            kernel(
                'cgroup: fork rejected by pids controller in /user.slice/user-1000.slice/user@1000.service/app.slice/app-code-3120.scope',
                6,
            ),
        ),
    expect: { family: 'limits', subject: /./, cause: /process/ },
};
