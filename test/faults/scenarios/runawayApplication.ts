import { pollAsUsual, pollEvery } from '../polling.ts';
import { started } from '../units.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'app-bench-org.example.Loop-1.scope';

export const scenario: Scenario = {
    title: 'an application keeps a processor to itself',
    by: 'provoked',
    prepare: pollEvery(5),
    provoke: async desktop => {
        // As GNOME starts an application.
        const start = `systemd-run --user --quiet --scope --unit=${unit}`;
        await desktop.user(['sh', '-c', `${start} sh -c "while :; do :; done" > /dev/null 2>&1 & ${started(unit)}`]);
    },
    patience: 45_000,
    expect: {
        family: 'runaway',
        subject: 'org.example.Loop',
        cause: /process sh/,
        fix: 'program.end',
    },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
    },
};
