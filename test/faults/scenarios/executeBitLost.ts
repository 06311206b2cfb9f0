import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-bit/run';
const unit = 'bench-bit.service';
const service = failedService('bench-bit', `ExecStart=${path}`, {
    cause: /permissions of \/etc\/bench-bit\/run changed from 0755 to 0644 .* before/,
    fix: 'file.permissions',
    changes: /bench-bit/,
});

export const scenario: Scenario = {
    title: 'the program of a service loses its execute bit',
    ...service,
    files: { ...service.files, [path]: '#!/bin/sh\nexec sleep infinity\n' },
    prepare: async desktop => {
        await desktop.exec(['chmod', '755', path]);
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['chmod', 'a-x', path]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.exec(['chmod', '644', path]);
        await stopUnits(desktop, unit);
    },
};
