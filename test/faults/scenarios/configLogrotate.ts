import { failUnit } from '../../desktop/failingUnits.ts';
import { edit } from '../edits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

const path = '/etc/logrotate.conf';
const unit = 'logrotate.service';
const mistake = edit(path, 'echo "rotate many" >>"$1"');

export const scenario: Scenario = {
    title: 'a mistake stops the nightly rotation of logs',
    by: 'provoked',
    packages: ['logrotate'],
    provoke: async desktop => {
        await mistake.made(desktop);
        await desktop.exec(['systemctl', 'stop', unit]);
        await failUnit(desktop, unit);
    },
    expect: {
        family: 'unit',
        subject: unit,
        cause: /logrotate\.conf was edited .* before/,
        fix: 'file.revert',
        changes: /logrotate\.conf/,
    },
    clear: async desktop => {
        await mistake.undone(desktop);
        await stopUnits(desktop, unit);
    },
};
