import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const path = '/etc/sysctl.d/90-bench.conf';
const unit = 'systemd-sysctl.service';

export const scenario: Scenario = {
    title: 'a mistake in a file of sysctl',
    by: 'provoked',
    files: { [path]: '# net.ipv4.ip_forward = 1\n' },
    provoke: async desktop => {
        await desktop.writeFile(path, 'net.ipv4.ip_forward 1\n');
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /90-bench\.conf was edited .* before/,
        fix: 'file.revert',
        changes: /90-bench/,
    },
    clear: async desktop => {
        await desktop.writeFile(path, '# net.ipv4.ip_forward = 1\n');
        await stopUnits(desktop, unit);
        await desktop.exec(['systemctl', 'start', unit], { mayFail: true });
    },
};
