import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-reader.conf';
const service = failedService(
    'bench-reader',
    `User=nobody\nExecStart=/bin/sh -c "cat ${path} && exec sleep infinity"`,
    {
        cause: /permissions of \/etc\/bench-reader\.conf changed from 0644 to 0600 .* before/,
        fix: 'file.permissions',
        changes: /bench-reader/,
    },
);

export const scenario: Scenario = {
    title: 'a service may no longer read its settings',
    ...service,
    files: { ...service.files, [path]: 'gears = 3\n' },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', 'bench-reader.service']);
    },
    provoke: async desktop => {
        await desktop.exec(['chmod', '600', path]);
        await desktop.exec(['systemctl', 'stop', 'bench-reader.service']);
        await failUnit(desktop, 'bench-reader.service');
    },
    clear: async desktop => {
        await desktop.exec(['chmod', '644', path]);
        await stopUnits(desktop, 'bench-reader.service');
    },
};
