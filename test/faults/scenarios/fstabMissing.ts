import { edit } from '../edits.ts';
import type { Scenario } from '../scenario.ts';

/** As a disk is called that was formatted anew, or is no longer there. */
const forgotten = edit(
    '/etc/fstab',
    'echo "UUID=3b7e6f0a-5f0e-4c1c-9d2a-0f5d1f7a2b11 /srv/bench-photos ext4 defaults 0 2" >>"$1"',
);

export const scenario: Scenario = {
    title: 'an edit of fstab that the next start would stop at',
    by: 'provoked',
    provoke: async desktop => {
        await forgotten.made(desktop);
    },
    // Whoever edits a file is given ten seconds to go on.
    patience: 25_000,
    expect: {
        family: 'configuration',
        subject: '/etc/fstab',
        cause: /\/etc\/fstab was edited .* before.*UUID=3b7e6f0a-\S+ does not exist/,
        fix: 'file.revert',
        changes: /\/etc\/fstab/,
    },
    clear: async desktop => {
        await forgotten.undone(desktop);
        await desktop.exec(['systemctl', 'daemon-reload']);
    },
};
