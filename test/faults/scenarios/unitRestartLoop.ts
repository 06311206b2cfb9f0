import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings = `Restart=always
RestartSec=50ms
ExecStart=/bin/sh -c "test -e /run/bench-loop && exec sleep infinity; echo no licence found >&2; exit 1"`;

export const scenario: Scenario = {
    title: 'a service dies again and again',
    ...failedService('bench-loop', settings, { cause: /no licence found/, fix: 'unit.resetAndRestart' }),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-loop']);
    },
};
