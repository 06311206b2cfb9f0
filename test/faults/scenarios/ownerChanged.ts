import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

/** Of a user of the system. Reeve has root give a file to nobody else, such as the user “nobody”. */
const path = '/etc/bench-owner.conf';
const unit = 'bench-owner.service';
const service = failedService('bench-owner', `User=daemon\nExecStart=/bin/sh -c "cat ${path} && exec sleep infinity"`, {
    cause: /owner of \/etc\/bench-owner\.conf changed from daemon to root .* before/,
    fix: 'file.permissions',
    changes: /bench-owner/,
});

export const scenario: Scenario = {
    title: 'the settings of a service get another owner',
    ...service,
    files: { ...service.files, [path]: 'gears = 3\n' },
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', 'chown daemon "$1" && chmod 600 "$1"', 'sh', path]);
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['chown', 'root', path]);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'chown root "$1" && chmod 644 "$1"', 'sh', path]);
        await stopUnits(desktop, unit);
    },
};
