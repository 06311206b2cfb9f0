import { standing } from '../standing.ts';

const path = '/etc/resolv.conf';
const kept = '/run/bench-resolv.conf';

export const scenario = standing({
    title: 'resolv.conf is a link that leads nowhere',
    breaks: desktop =>
        desktop.exec(['sh', '-c', 'mv "$1" "$2" && ln --symbolic /run/bench/resolv.conf "$1"', 'sh', path, kept]),
    expect: { family: 'dormant', subject: path, cause: /a link to a file that does not exist/ },
    mends: desktop => desktop.exec(['sh', '-c', 'test ! -e "$2" || mv --force "$2" "$1"', 'sh', path, kept]),
});
