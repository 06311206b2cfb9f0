import { lookAsUsual, lookEvery } from '../looks.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-hanging.service';
const program = '/run/bench-hanging';
/** Whoever calls vfork(2) waits in the kernel until the child runs a program of its own, which this one never does. */
const script = `import ctypes, time
if ctypes.CDLL(None).vfork() == 0:
    while True: time.sleep(1000)
`;

export const scenario: Scenario = {
    title: 'a program waits in the kernel for ever',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['ln', '-s', '/usr/bin/python3', program]);
        await lookEvery(5)(desktop);
    },
    provoke: async desktop => {
        await desktop.user(['systemd-run', '--user', '--quiet', `--unit=${unit}`, program, '-c', script]);
    },
    patience: 40_000,
    expect: { family: 'runaway', subject: 'bench-hanging', cause: /waits for a program/, isChecked: true },
    repair: async desktop => {
        await desktop.user(['systemctl', '--user', 'stop', unit]);
    },
    clear: async desktop => {
        await lookAsUsual(desktop);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.exec(['rm', program]);
    },
};
