import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.config/dconf/user`;

export const scenario = standing({
    title: 'the database of the settings cannot be read',
    // Another file: what runs already has opened the first.
    breaks: desktop => desktop.user(['sh', '-c', 'mv "$1" "$1.bench" && echo lost >"$1"', 'sh', path]),
    expect: { family: 'dormant', subject: path, cause: /settings cannot be read/ },
    mends: desktop =>
        desktop.user(['sh', '-c', 'if [ -e "$1.bench" ]; then mv --force "$1.bench" "$1"; fi', 'sh', path]),
});
