import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.bash_profile`;
const good = 'export GEARS=3\n';

export const scenario = standing({
    title: 'a shell profile of the user cannot be understood',
    files: { [path]: good },
    breaks: desktop => desktop.user(['sh', '-c', 'echo "if true; then" >>"$1"', 'sh', path]),
    expect: {
        family: 'dormant',
        subject: path,
        cause: /\.bash_profile was edited .* before/,
        fix: 'file.revert',
        changes: /\.bash_profile/,
    },
    mends: desktop => desktop.writeFile(path, good),
});
