import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a disk cannot read some sectors',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // blk_print_req_error() in block/blk-mq.c, buffer_io_error() in fs/buffer.c, scsi_log_print_sense() in drivers/scsi.
            kernel('sd 2:0:0:0: [sdd] tag#16 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=3s', 6),
            kernel('sd 2:0:0:0: [sdd] tag#16 Sense Key : Medium Error [current] ', 6),
            kernel('sd 2:0:0:0: [sdd] tag#16 Add. Sense: Unrecovered read error - auto reallocate failed', 6),
            kernel('I/O error, dev sdd, sector 1953525160 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2'),
            kernel('Buffer I/O error on dev sdd, logical block 244190645, async page read'),
        ),
    expect: { family: 'disk', subject: 'sdd', cause: /wears out|damaged/ },
};
