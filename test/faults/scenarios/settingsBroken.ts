import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-lectern.json';
const unit = 'bench-lectern.service';
const service = failedService(
    'bench-lectern',
    `ExecStart=/usr/bin/python3 -c "import json, time; json.load(open('${path}')); time.sleep(9999)"`,
    { cause: /bench-lectern\.json was edited .* before/, fix: 'file.revert', changes: /bench-lectern/ },
);
const good = '{ "gears": 3 }\n';

export const scenario: Scenario = {
    title: 'a bracket is missing in the settings of a service',
    ...service,
    files: { ...service.files, [path]: good },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['sed', '--in-place', 's/}//', path]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await stopUnits(desktop, unit);
    },
};
