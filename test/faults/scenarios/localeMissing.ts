import { edit } from '../edits.ts';
import { standing } from '../standing.ts';

const unknown = edit('/etc/locale.conf', 'echo LANG=fr_FR.UTF-8 >"$1"');

export const scenario = standing({
    title: 'a language is set that is not installed',
    breaks: unknown.made,
    expect: {
        family: 'dormant',
        subject: 'fr_FR.utf8',
        cause: /\/etc\/locale\.conf was edited .* before/,
        fix: 'file.revert',
        changes: /locale\.conf/,
    },
    mends: unknown.undone,
});
