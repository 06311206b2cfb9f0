import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings = `Type=notify
NotifyAccess=all
TimeoutStartSec=1
ExecStart=/bin/sh -c "test -e /run/bench-slow && systemd-notify --ready; exec sleep infinity"`;

export const scenario: Scenario = {
    title: 'a service does not get ready in time',
    ...failedService('bench-slow', settings, { cause: /was not ready (?:in time|within)/, fix: 'unit.restart' }),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-slow']);
    },
};
