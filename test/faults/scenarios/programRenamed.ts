import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-hooks/serve';
const unit = 'bench-hooks.service';
const service = failedService('bench-hooks', `ExecStart=${path}`, {
    cause: /\/etc\/bench-hooks\/serve was renamed to \/etc\/bench-hooks\/server .* before/,
    fix: 'file.revert',
    changes: /bench-hooks/,
});

export const scenario: Scenario = {
    title: 'the program of a service is renamed',
    ...service,
    files: { ...service.files, [path]: '#!/bin/sh\nexec sleep infinity\n' },
    prepare: async desktop => {
        await desktop.exec(['chmod', '755', path]);
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['mv', path, `${path}r`]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.exec(['mv', `${path}r`, path]);
        await desktop.exec(['chmod', '644', path]);
        await stopUnits(desktop, unit);
    },
};
