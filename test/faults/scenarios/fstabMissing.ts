import { edit } from '../edits.ts';
import type { Scenario } from '../scenario.ts';

/** The name of a disk that was reformatted, or no longer exists. */
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
    // The source waits ten seconds for further edits.
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
