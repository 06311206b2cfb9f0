import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

export const scenario = standing({
    title: 'others may write to the home folder',
    breaks: desktop => desktop.user(['chmod', 'o+w', alice.home]),
    expect: { family: 'dormant', subject: alice.home, cause: /Others can change your home folder/ },
    mends: desktop => desktop.user(['chmod', 'o-w', alice.home]),
});
