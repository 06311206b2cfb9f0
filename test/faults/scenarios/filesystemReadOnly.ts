import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a filesystem is made read-only',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // ext4_handle_error() in fs/ext4/super.c.
            kernel(
                'EXT4-fs error (device sdc2): ext4_journal_check_start:83: comm kworker/u8:2: Detected aborted journal',
                2,
            ),
            kernel('EXT4-fs (sdc2): Remounting filesystem read-only', 2),
        ),
    expect: { family: 'filesystem', subject: 'sdc2', cause: /stopped all writing/ },
};
