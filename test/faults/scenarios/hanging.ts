import { pollAsUsual, pollEvery } from '../polling.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-hanging.service';
const program = '/run/bench-hanging';
/** It hangs the first time alone. */
const begun = '/run/user/1000/bench-hanging-begun';
/** A process that calls vfork(2) waits in the kernel until the child executes a program, which this one never does. */
const script = `import ctypes, os, time
if not os.path.exists('${begun}'):
    open('${begun}', 'w').close()
    ctypes.CDLL(None).vfork()
while True: time.sleep(1000)
`;

export const scenario: Scenario = {
    title: 'a program waits in the kernel for ever',
    by: 'provoked',
    files: {
        [`/etc/systemd/user/${unit}`]: `[Service]
ExecStart=${program} /usr/local/libexec/bench-hanging.py
`,
        '/usr/local/libexec/bench-hanging.py': script,
    },
    prepare: async desktop => {
        await desktop.exec(['ln', '-s', '/usr/bin/python3', program]);
        await pollEvery(5)(desktop);
    },
    provoke: async desktop => {
        await desktop.user(['systemctl', '--user', 'start', unit]);
    },
    patience: 40_000,
    expect: { family: 'runaway', subject: 'bench-hanging', cause: /waiting for a program/, fix: 'unit.restart' },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.user(['systemctl', '--user', 'stop', unit], { mayFail: true });
        await desktop.exec(['rm', '-f', program, begun]);
    },
};
