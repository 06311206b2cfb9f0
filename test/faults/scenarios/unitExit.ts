import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

export const scenario: Scenario = {
    title: 'a service ends with an error',
    ...failedService(
        'bench-exit',
        'ExecStart=/bin/sh -c "test -e /run/bench-exit && exec sleep infinity; echo the gears are stuck >&2; exit 3"',
        {
            cause: /the gears are stuck/,
            fix: 'unit.restart',
        },
    ),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-exit']);
    },
};
