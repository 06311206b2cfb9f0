import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'an NVMe drive stops answering',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // nvme_reset_work() and nvme_timeout() in drivers/nvme/host/pci.c.
            kernel(
                'nvme nvme0: I/O tag 322 (1142) opcode 0x1 (I/O Cmd) QID 3 timeout, aborting req_op:WRITE(1) size:4096',
                4,
            ),
            kernel('nvme nvme0: I/O tag 322 (1142) opcode 0x1 (I/O Cmd) QID 3 timeout, reset controller', 4),
            kernel('nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10', 4),
        ),
    expect: { family: 'disk', subject: /^nvme0/, cause: /did not respond/ },
};
