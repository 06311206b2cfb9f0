import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings = 'ExecStart=/bin/sh -c "test -e /run/bench-segv && exec sleep infinity; kill -SEGV $$$$"';

export const scenario: Scenario = {
    title: 'a service crashes',
    ...failedService('bench-segv', settings, { cause: /crash/, fix: 'unit.restart' }),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-segv']);
    },
};
