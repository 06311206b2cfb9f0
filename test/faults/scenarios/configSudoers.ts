import { alice } from '../../desktop/container.ts';
import type { Scenario } from '../scenario.ts';

const path = '/etc/sudoers.d/bench';

export const scenario: Scenario = {
    title: 'a mistake in sudoers',
    by: 'provoked',
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', 'echo "alice ALL=(ALL NOPASSWD ALL" >"$1" && chmod 440 "$1"', 'sh', path]);
        // sudo mails and logs what it cannot read when somebody uses it.
        await desktop.exec(['runuser', '-u', 'alice', '--', 'sudo', '--non-interactive', 'true'], { mayFail: true });
    },
    expect: { family: 'configuration', subject: path, cause: /sudoers\.d\/bench/ },
    clear: async desktop => {
        await desktop.exec(['rm', '--force', path]);
        await desktop.exec(['rm', '--recursive', '--force', `/run/sudo/ts/${alice.uid}`]);
    },
};
