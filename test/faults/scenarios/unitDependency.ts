import { failUnit } from '../../desktop/failingUnits.ts';
import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const root = failedService(
    'bench-store',
    'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c "test -e /run/bench-store || { echo the store is locked >&2; exit 1; }"',
    {
        cause: /the store is locked/,
        fix: 'unit.startDependency',
        changes: /bench-shop/,
    },
);
const shop = '/etc/systemd/system/bench-shop.service';

export const scenario: Scenario = {
    title: 'a service is down because of another',
    ...root,
    files: {
        ...root.files,
        [shop]: '[Unit]\nRequires=bench-store.service\nAfter=bench-store.service\n[Service]\nExecStart=/bin/sleep infinity\n',
    },
    provoke: desktop => failUnit(desktop, 'bench-shop.service'),
    repair: async desktop => {
        await desktop.exec(['touch', '/run/bench-store']);
    },
    clear: desktop => stopUnits(desktop, 'bench-shop.service', 'bench-store.service'),
};
