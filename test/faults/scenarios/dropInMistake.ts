import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/systemd/system/bench-dropin.service.d/limits.conf';
const unit = 'bench-dropin.service';
const good = '[Service]\nGroup=nogroup\n';
const service = failedService('bench-dropin', 'ExecStart=/bin/sleep infinity', {
    cause: /limits\.conf was edited .* before/,
    fix: 'file.revert',
    changes: /bench-dropin/,
});

export const scenario: Scenario = {
    title: 'a mistake in the drop-in of a unit',
    ...service,
    files: { ...service.files, [path]: good },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['sed', '--in-place', 's/nogroup/nobodys/', path]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, unit);
    },
};
