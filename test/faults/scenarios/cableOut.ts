import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a network cable comes loose',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // e1000_watchdog_task() in drivers/net/ethernet/intel/e1000e/netdev.c.
            kernel('e1000e 0000:03:00.0 enp3s0: NIC Link is Down', 6),
        ),
    expect: { family: 'link', subject: 'enp3s0', cause: /cable/ },
};
