import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.ssh`;

export const scenario = standing({
    title: 'others may write to the folder of the SSH keys',
    prepare: desktop => desktop.user(['mkdir', '--mode=700', path]),
    breaks: desktop => desktop.user(['chmod', '777', path]),
    expect: { family: 'dormant', subject: path, cause: /Others can change your SSH keys/ },
    mends: desktop => desktop.user(['rm', '--recursive', '--force', path]),
});
