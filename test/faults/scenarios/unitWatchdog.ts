import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings = `Type=notify
NotifyAccess=all
WatchdogSec=1
ExecStart=/bin/sh -c "systemd-notify --ready; test -e /run/bench-dog && while systemd-notify WATCHDOG=1; do sleep .3; done; exec sleep infinity"`;

export const scenario: Scenario = {
    title: 'a service stops giving signs of life',
    ...failedService('bench-dog', settings, { cause: /watchdog signal/, fix: 'unit.restart' }),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-dog']);
    },
};
