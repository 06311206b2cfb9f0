import type { Scenario } from '../scenario.ts';
import { failedService } from '../units.ts';

const settings =
    'ExecStart=/bin/sh -c "test -e /run/bench-dump && exec sleep infinity; exec python3 -c \'import ctypes; ctypes.string_at(0)\'"';
const failing = failedService('bench-dump', settings, { cause: /crash/, fix: 'unit.restart' });

export const scenario: Scenario = {
    title: 'a service crashes and leaves a core dump',
    needs: 'machine',
    ...failing,
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-dump']);
    },
    clear: async desktop => {
        await failing.clear?.(desktop);
        await desktop.exec(['sh', '-c', 'rm --force /var/lib/systemd/coredump/*']);
    },
};
