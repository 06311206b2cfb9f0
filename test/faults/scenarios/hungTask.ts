import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a program hangs in the kernel',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // check_hung_task() in kernel/hung_task.c.
            kernel('INFO: task tar:4187 blocked for more than 120 seconds.'),
            kernel('      Not tainted 6.12.48+deb13-amd64 #1 Debian 6.12.48-1'),
            kernel('"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.'),
        ),
    expect: { family: 'runaway', subject: /tar/, cause: /./ },
};
