import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/default/bench-surroundings';
const unit = 'bench-surroundings.service';
const service = failedService('bench-surroundings', `EnvironmentFile=${path}\nExecStart=/bin/sleep infinity`, {
    cause: /\/etc\/default\/bench-surroundings was (?:deleted|removed) .* before/,
    fix: 'file.revert',
    changes: /bench-surroundings/,
});

export const scenario: Scenario = {
    title: 'the file with the environment of a service is deleted',
    ...service,
    files: { ...service.files, [path]: 'GEARS=3\n' },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['rm', path]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.writeFile(path, 'GEARS=3\n');
        await stopUnits(desktop, unit);
    },
};
