import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const lock = '/run/bench-lock.pid';
const unit = 'bench-lock.service';
const { files, ...rest } = failedService('bench-lock', 'ExecStart=/bin/sh /usr/local/lib/bench-lock', {
    cause: /\/run\/bench-lock\.pid/,
    fix: 'unit.restart',
});

export const scenario: Scenario = {
    title: 'a service finds the lock of a process that is gone',
    ...rest,
    files: {
        ...files,
        '/usr/local/lib/bench-lock': `test ! -e ${lock} || { echo "cannot lock ${lock}: File exists" >&2; exit 1; }; exec sleep infinity\n`,
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', `sleep 0 & echo $! >${lock}; wait`]);
        await failUnit(desktop, unit);
    },
    // Whether the process that made it is gone is for a person to say.
    repair: async desktop => {
        await desktop.exec(['rm', lock]);
    },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', lock]);
        await stopUnits(desktop, unit);
    },
};
