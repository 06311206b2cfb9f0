import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

export const scenario: Scenario = {
    title: 'the program of a service is missing',
    ...failedService('bench-missing', 'ExecStart=/usr/bin/nonexistent --serve', {
        cause: /\/usr\/bin\/nonexistent.*not/,
    }),
};
