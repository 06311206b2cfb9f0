import { edit } from '../edits.ts';
import { standing } from '../standing.ts';

const path = '/etc/profile.d/bench.sh';
const mistake = edit(path, 'echo "if true; then" >>"$1"');

export const scenario = standing({
    title: 'a shell profile of the system cannot be understood',
    files: { [path]: 'export COGS=3\n' },
    breaks: mistake.made,
    expect: {
        family: 'dormant',
        subject: path,
        cause: /profile\.d\/bench\.sh was edited .* before/,
        fix: 'file.revert',
        changes: /profile\.d/,
    },
    mends: mistake.undone,
});
