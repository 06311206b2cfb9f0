import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const path = '/etc/nginx/sites-available/default';

export const scenario: Scenario = {
    title: 'an edit breaks the configuration of nginx',
    by: 'provoked',
    packages: ['nginx-light'],
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'restart', 'nginx.service']);
    },
    provoke: async desktop => {
        await desktop.exec([
            'sh',
            '-c',
            'cp --preserve "$1" /run/bench-nginx && sed -i "s/listen 80 default_server;/listn 80;/" "$1"',
            'sh',
            path,
        ]);
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
        await desktop.exec(['cp', '--preserve', '/run/bench-nginx', path]);
        await stopUnits(desktop, 'nginx.service');
        await desktop.exec(['systemctl', 'start', 'nginx.service']);
    },
};
