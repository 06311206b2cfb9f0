import { leakBegun, leaking, leakingFiles, prepareLeak } from '../leaking.ts';
import { pollAsUsual } from '../polling.ts';
import type { Scenario } from '../scenario.ts';

const unit = 'bench-leak.service';

export const scenario: Scenario = {
    title: 'a program takes more and more memory',
    by: 'provoked',
    files: {
        ...leakingFiles,
        [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=python3 ${leaking}\n`,
    },
    prepare: prepareLeak,
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    patience: 60_000,
    expect: { family: 'runaway', subject: unit, cause: /process python3/, fix: 'unit.restart' },
    clear: async desktop => {
        await pollAsUsual(desktop);
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['rm', '-f', leakBegun]);
    },
};
