import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/systemd/system/bench-setting.service';
const unit = 'bench-setting.service';
const good = '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n';
const failing = failedService('bench-setting', '', {
    cause: /bench-setting\.service was edited .* before/,
    fix: 'file.revert',
    changes: /bench-setting/,
});

export const scenario: Scenario = {
    title: 'a mistake in a unit file that systemd refuses',
    ...failing,
    // The unit has not failed: it cannot even be loaded.
    expect: { ...failing.expect, family: 'configuration' },
    files: { [path]: good },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['sed', '--in-place', 's/ExecStart/ExecStrat/', path]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, unit);
    },
};
