import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const unit = 'bench-stubborn.service';
const settings = `TimeoutStopSec=1
ExecStart=/bin/sh -c "trap true TERM; touch /run/bench-stubborn; while :; do sleep 1; done"`;
const failing = failedService('bench-stubborn', settings, {
    cause: /did not stop in time/,
    fix: 'unit.reset',
});

export const scenario: Scenario = {
    title: 'a service does not stop when it is told to',
    ...failing,
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
        await desktop.exec(['sh', '-c', 'until test -e /run/bench-stubborn; do sleep 0.05; done']);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'stop', unit]);
    },
};
