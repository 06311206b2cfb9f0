import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-ledger.json';
const unit = 'bench-ledger.service';
const service = failedService(
    'bench-ledger',
    `ExecStart=/usr/bin/python3 -c "import json, time; json.load(open('${path}')); time.sleep(9999)"`,
    { cause: /bench-ledger\.json was edited .* before/, fix: 'file.revert', changes: /bench-ledger/ },
);
const good = '{ "gears": 3 }\n';

export const scenario: Scenario = {
    title: 'the settings of a service are emptied',
    ...service,
    files: { ...service.files, [path]: good },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['truncate', '--size=0', path]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.writeFile(path, good);
        await stopUnits(desktop, unit);
    },
};
