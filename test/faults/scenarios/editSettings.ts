import { failUnit } from '../../desktop/failingUnits.ts';
import { edit } from '../edits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/etc/bench-names.conf';
const unit = 'bench-names.service';
const mistake = edit(path, 'echo "lissten-address=127.0.0.1" >>"$1"');
const service = failedService(
    'bench-names',
    `ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --user=root --conf-file=${path}`,
    { cause: /bench-names\.conf was edited .* before/, fix: 'file.revert', changes: /bench-names/ },
);

export const scenario: Scenario = {
    title: 'a mistake in the settings of a name server',
    ...service,
    files: { ...service.files, [path]: 'listen-address=127.0.0.1\nport=5397\nno-resolv\n' },
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await mistake.made(desktop);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await mistake.undone(desktop);
        await stopUnits(desktop, unit);
    },
};
