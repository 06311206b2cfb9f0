import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.ssh/id_ed25519`;

export const scenario = standing({
    title: 'others may read a private key of SSH',
    prepare: async desktop => {
        await desktop.writeFile(path, '-----BEGIN OPENSSH PRIVATE KEY-----\n');
        await desktop.user(['sh', '-c', 'chmod 700 ~/.ssh && chmod 600 "$1"', 'sh', path]);
    },
    breaks: desktop => desktop.user(['chmod', '644', path]),
    expect: {
        family: 'dormant',
        subject: path,
        cause: /Others can use or change|read or replace/,
        fix: 'file.permissions',
    },
    mends: desktop => desktop.user(['rm', '--recursive', '--force', `${alice.home}/.ssh`]),
});
