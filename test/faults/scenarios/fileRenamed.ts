import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-renamed.conf';
const service = failedService('bench-renamed', `ExecStart=/bin/sh -c "cat ${path} && exec sleep infinity"`, {
    cause: /\/etc\/bench-renamed\.conf was renamed to \/etc\/bench-renamed\.conf\.old .* before/,
    fix: 'file.revert',
    changes: /bench-renamed/,
});

export const scenario: Scenario = {
    title: 'the settings of a service are renamed',
    ...service,
    files: { ...service.files, [path]: 'gears = 3\n' },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', 'bench-renamed.service']);
    },
    provoke: async desktop => {
        await desktop.exec(['mv', path, `${path}.old`]);
        await desktop.exec(['systemctl', 'stop', 'bench-renamed.service']);
        await failUnit(desktop, 'bench-renamed.service');
    },
    clear: async desktop => {
        await desktop.exec(['mv', `${path}.old`, path]);
        await stopUnits(desktop, 'bench-renamed.service');
    },
};
