import { leakBegun, leaking, leakingFiles, prepareLeak } from '../leaking.ts';
import { pollAsUsual } from '../polling.ts';
import { started } from '../units.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'vte-spawn-bench.scope';

export const scenario: Scenario = {
    title: 'a program that was started in a terminal takes more and more memory',
    by: 'provoked',
    files: leakingFiles,
    prepare: prepareLeak,
    provoke: async desktop => {
        // As a terminal does for each of its tabs.
        const tab = `systemd-run --user --quiet --scope --unit=${unit}`;
        await desktop.user(['sh', '-c', `${tab} python3 ${leaking} > /dev/null 2>&1 & ${started(unit)}`]);
    },
    patience: 60_000,
    expect: {
        family: 'runaway',
        subject: 'python3',
        cause: /process python3/,
        fix: 'program.end',
        changes: /vte-spawn-bench/,
    },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.exec(['rm', '-f', leakBegun]);
    },
};
