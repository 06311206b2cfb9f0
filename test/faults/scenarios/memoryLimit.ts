import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings = `MemoryMax=32M
MemorySwapMax=0
ExecStart=/bin/sh -c "test -e /run/bench-greedy && exec sleep infinity; exec tail /dev/zero"`;

export const scenario: Scenario = {
    title: 'a service uses more memory than it may',
    needs: 'machine',
    ...failedService('bench-greedy', settings, { cause: /memory/, fix: 'unit.restart' }),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-greedy']);
    },
};
