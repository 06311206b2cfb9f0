import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.ssh/authorized_keys`;

export const scenario = standing({
    title: 'others may add keys that open the account',
    prepare: async desktop => {
        await desktop.writeFile(path, '# none yet\n');
        await desktop.user(['sh', '-c', 'chmod 700 ~/.ssh && chmod 600 "$1"', 'sh', path]);
    },
    breaks: desktop => desktop.user(['chmod', '666', path]),
    expect: { family: 'dormant', subject: path, cause: /Others can use or change/, fix: 'file.permissions' },
    mends: desktop => desktop.user(['rm', '--recursive', '--force', `${alice.home}/.ssh`]),
});
