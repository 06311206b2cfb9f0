import { edit } from '../edits.ts';
import { standing } from '../standing.ts';

const path = '/etc/nsswitch.conf';
const nowhere = edit(path, 'sed --in-place "s/^hosts:.*/hosts: myhostname/" "$1"');

export const scenario = standing({
    title: 'host names are looked up nowhere',
    breaks: nowhere.made,
    expect: {
        family: 'dormant',
        subject: path,
        cause: /nsswitch\.conf was edited .* before/,
        fix: 'file.revert',
        changes: /nsswitch/,
    },
    mends: nowhere.undone,
});
