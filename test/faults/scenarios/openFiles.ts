import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'no more files can be opened',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // alloc_empty_file() in fs/file_table.c.
            kernel('VFS: file-max limit 9223372 reached', 6),
        ),
    expect: { family: 'limits', subject: 'open files', cause: /./ },
};
