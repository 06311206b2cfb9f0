import type { Scenario } from '../scenario.ts';

const scope = ['systemd-run', '--user', '--quiet', '--scope', '--unit=app-bench-viewer-1.scope'];

export const scenario: Scenario = {
    title: 'a program of the user crashes and leaves a core dump',
    by: 'provoked',
    needs: 'machine',
    provoke: async desktop => {
        // It reads where nothing is; its shell lives on, or timeout(1) would end itself by the same signal.
        const crash = 'python3 -c "import ctypes; ctypes.string_at(0)" || true';
        await desktop.query([...scope, '--', 'sh', '-c', crash]);
    },
    expect: {
        family: 'crash',
        subject: 'python3',
        cause: /memory that does not belong to it, and was ended \(SIGSEGV\)/,
    },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'rm --force /var/lib/systemd/coredump/*']);
    },
};
