import { failUnit } from '../../desktop/failingUnits.ts';
import { sshdMistake } from '../edits.ts';
import type { Scenario } from '../scenario.ts';
import { stopUnits } from '../units.ts';

export const scenario: Scenario = {
    title: 'an edit breaks the configuration of ssh',
    by: 'provoked',
    packages: ['openssh-server'],
    prepare: async desktop => {
        await desktop.exec(['systemctl', 'restart', 'ssh.service']);
    },
    provoke: async desktop => {
        await sshdMistake.made(desktop);
        await desktop.exec(['systemctl', 'stop', 'ssh.service']);
        await failUnit(desktop, 'ssh.service');
    },
    expect: {
        family: 'unit',
        subject: 'ssh.service',
        cause: /\/etc\/ssh\/sshd_config was edited .* before/,
        fix: 'file.revert',
        changes: /\/etc\/ssh\/sshd_config/,
    },
    clear: async desktop => {
        await sshdMistake.undone(desktop);
        await stopUnits(desktop, 'ssh.service');
        await desktop.exec(['systemctl', 'start', 'ssh.service']);
    },
};
