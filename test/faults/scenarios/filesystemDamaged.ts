import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a filesystem is damaged (ext4)',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // __ext4_error_inode() in fs/ext4/super.c.
            kernel(
                'EXT4-fs error (device sdb1): ext4_lookup:1855: inode #131073: comm nautilus: iget: bad extra_isize 65535 (inode size 256)',
                2,
            ),
        ),
    expect: { family: 'filesystem', subject: 'sdb1', cause: /damaged|structure/ },
};
