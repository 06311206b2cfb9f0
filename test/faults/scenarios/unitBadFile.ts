import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/systemd/system/bench-typo.service';
const good = '[Service]\nUser=nobody\nExecStart=/bin/sleep infinity\n';
const failing = failedService('bench-typo', '', {
    cause: /bench-typo\.service was edited|User=/,
    fix: 'file.revert',
    changes: /bench-typo/,
});

export const scenario: Scenario = {
    title: 'an edit of a unit file breaks the service',
    ...failing,
    files: { [path]: good },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', 'bench-typo.service']);
    },
    provoke: async desktop => {
        await desktop.exec(['sed', '--in-place', 's/nobody/nobodyy/', path]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await desktop.exec(['systemctl', 'stop', 'bench-typo.service']);
        await failUnit(desktop, 'bench-typo.service');
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, 'bench-typo.service');
    },
};
