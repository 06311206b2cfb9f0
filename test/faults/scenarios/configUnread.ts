import { sshdMistake } from '../edits.ts';
import type { Scenario } from '../scenario.ts';

const path = '/etc/ssh/sshd_config';

export const scenario: Scenario = {
    title: 'an edit of the configuration of ssh that nothing has read yet',
    by: 'provoked',
    packages: ['openssh-server'],
    provoke: async desktop => {
        await sshdMistake.made(desktop);
    },
    // The source waits ten seconds for further edits.
    patience: 40_000,
    expect: {
        family: 'configuration',
        subject: path,
        cause: /\/etc\/ssh\/sshd_config was edited .* before/,
        fix: 'file.revert',
        changes: /\/etc\/ssh\/sshd_config/,
    },
    clear: async desktop => {
        await sshdMistake.undone(desktop);
    },
};
