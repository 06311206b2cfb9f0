import { lookAsUsual, lookEvery } from '../looks.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-leak.service';
const program = '/usr/local/libexec/bench-leak.py';
const begun = '/run/bench-leak';

export const scenario: Scenario = {
    title: 'a program takes more and more memory',
    by: 'provoked',
    files: {
        // It forgets what it holds the first time alone, and no more than the computer can do without.
        [program]: `import os, time
if not os.path.exists('${begun}'):
    open('${begun}', 'w').close()
    total = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    held = []
    while sum(map(len, held)) < 0.37 * total:
        held.append(b'x' * int(0.0075 * total))
        time.sleep(0.5)
time.sleep(1e9)
`,
        [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=python3 ${program}\n`,
    },
    prepare: async desktop => {
        await desktop.exec(['awk', '/^MemTotal/{all=$2} /^MemAvailable/{exit $2 < 0.5 * all}', '/proc/meminfo']);
        await lookEvery(5)(desktop);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    patience: 60_000,
    expect: { family: 'runaway', subject: unit, cause: /process python3/, fix: 'unit.restart' },
    clear: async desktop => {
        await lookAsUsual(desktop);
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['rm', '-f', begun]);
    },
};
