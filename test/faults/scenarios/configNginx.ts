import { failUnit } from '../../desktop/failingUnits.ts';
import { edit } from '../edits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const mistake = edit('/etc/nginx/sites-available/default', 'sed -i "s/listen 80 default_server;/listn 80;/" "$1"');

export const scenario: Scenario = {
    title: 'an edit breaks the configuration of nginx',
    by: 'provoked',
    packages: ['nginx-light'],
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'restart', 'nginx.service']);
    },
    provoke: async desktop => {
        await mistake.made(desktop);
        await desktop.exec(['systemctl', 'stop', 'nginx.service']);
        await failUnit(desktop, 'nginx.service');
    },
    expect: {
        family: 'unit',
        subject: 'nginx.service',
        cause: /\/etc\/nginx\/sites-available\/default was edited .* before/,
        fix: 'file.revert',
        changes: /\/etc\/nginx\//,
    },
    clear: async desktop => {
        await mistake.undone(desktop);
        await stopUnits(desktop, 'nginx.service');
        await desktop.exec(['systemctl', 'start', 'nginx.service']);
    },
};
