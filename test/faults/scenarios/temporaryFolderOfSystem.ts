import { standing } from '../standing.ts';

export const scenario = standing({
    title: 'only root may write to /var/tmp',
    breaks: desktop => desktop.exec(['chmod', '0755', '/var/tmp']),
    expect: { family: 'dormant', subject: '/var/tmp', cause: /wrong permissions/ },
    mends: desktop => desktop.exec(['chmod', '1777', '/var/tmp']),
});
