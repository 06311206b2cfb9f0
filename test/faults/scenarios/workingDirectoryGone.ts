import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const path = '/srv/bench-gallery';
const unit = 'bench-gallery.service';
const service = failedService('bench-gallery', `WorkingDirectory=${path}\nExecStart=/bin/sleep infinity`, {
    cause: /\/srv\/bench-gallery does not exist/,
});

export const scenario: Scenario = {
    title: 'the folder in which a service works is gone',
    ...service,
    prepare: async desktop => {
        await desktop.exec(['mkdir', path]);
        await desktop.exec(['systemctl', 'start', unit]);
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['rmdir', path]);
        await failUnit(desktop, unit);
    },
    expect: { ...service.expect, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['mkdir', path]);
        await desktop.exec(['systemctl', 'start', unit]);
    },
    clear: async desktop => {
        await stopUnits(desktop, unit);
        await desktop.exec(['rm', '--recursive', '--force', path]);
    },
};
