import { alice } from '../../desktop/container.ts';
import { standing } from '../standing.ts';

const path = `${alice.home}/.profile`;
const good = 'export GEARS=3\n';

export const scenario = standing({
    title: 'a shell profile ends the log-in',
    files: { [path]: good },
    breaks: desktop => desktop.user(['sh', '-c', 'echo "exit 1" >>"$1"', 'sh', path]),
    expect: {
        family: 'dormant',
        subject: path,
        cause: /\.profile was edited .* before/,
        fix: 'file.revert',
        changes: /\.profile/,
    },
    mends: desktop => desktop.writeFile(path, good),
});
