import { standing } from '../standing.ts';

export const scenario = standing({
    title: '/tmp loses its sticky bit',
    breaks: desktop => desktop.exec(['chmod', '0777', '/tmp']),
    expect: { family: 'dormant', subject: '/tmp', cause: /wrong permissions/ },
    mends: desktop => desktop.exec(['chmod', '1777', '/tmp']),
});
