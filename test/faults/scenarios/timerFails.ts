import type { Scenario } from '../scenario.ts';
import { failedService, stopUnits } from '../units.ts';

const failing = failedService(
    'bench-backup',
    'Type=oneshot\nExecStart=/bin/sh -c "echo the target is not there >&2; exit 2"',
    {
        cause: /the target is not there/,
        fix: 'unit.restart',
    },
);

export const scenario: Scenario = {
    title: 'a nightly task fails',
    ...failing,
    files: {
        ...failing.files,
        '/etc/systemd/system/bench-backup.timer': '[Timer]\nOnActiveSec=100ms\nAccuracySec=10ms\n',
    },
    provoke: async desktop => {
        await desktop.exec(['systemctl', 'start', 'bench-backup.timer']);
        await desktop.exec(['sh', '-c', 'until systemctl is-failed --quiet bench-backup.service; do sleep 0.05; done']);
    },
    repair: async desktop => {
        await desktop.writeFile(
            '/run/systemd/system/bench-backup.service.d/target.conf',
            '[Service]\nExecStart=\nExecStart=/bin/true\n',
        );
        await desktop.exec(['systemctl', 'daemon-reload']);
    },
    clear: async desktop => {
        await desktop.exec(['rm', '--recursive', '--force', '/run/systemd/system/bench-backup.service.d']);
        await desktop.exec(['systemctl', 'daemon-reload']);
        await stopUnits(desktop, 'bench-backup.timer', 'bench-backup.service');
    },
};
