import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const { files, ...rest } = failedService('bench-forbidden', 'ExecStart=/usr/local/bin/bench-forbidden', {
    cause: /permission|execut/i,
    fix: 'file.permissions',
    changes: /bench-forbidden/,
});

export const scenario: Scenario = {
    title: 'a service may not run its program',
    ...rest,
    // Written without the right to execute it.
    files: { ...files, '/usr/local/bin/bench-forbidden': '#!/bin/sh\nexec sleep infinity\n' },
};
