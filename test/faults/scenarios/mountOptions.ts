import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const unit = 'srv-data.mount';

export const scenario: Scenario = {
    title: 'a filesystem cannot be mounted (fstab)',
    by: 'provoked',
    provoke: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'mkdir -p /srv/data && cp --preserve /etc/fstab /run/bench-fstab && echo "tmpfs /srv/data tmpfs size=banana,nofail 0 0" >>/etc/fstab',
        ]);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await failUnit(desktop, unit);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /\/etc\/fstab was edited|size|banana/,
        fix: 'file.revert',
        changes: /\/etc\/fstab/,
    },
    clear: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['cp', '--preserve', '/run/bench-fstab', '/etc/fstab']);
        await desktop.exec(['rmdir', '/srv/data']);
        await desktop.exec(['systemctl', 'daemon-reload']);
    },
};
