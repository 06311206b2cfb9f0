import type { Scenario } from '../scenario.ts';

const scope = ['systemd-run', '--user', '--quiet', '--scope', '--unit=app-bench-viewer-1.scope'];

export const scenario: Scenario = {
    title: 'a program of the user crashes and leaves a core dump',
    by: 'provoked',
    needs: 'machine',
    provoke: async desktop => {
        // Reads where nothing is.
        const crash = ['python3', '-c', 'import ctypes; ctypes.string_at(0)'];
        await desktop.look([...scope, '--', ...crash], { mayFail: true });
    },
    expect: { family: 'crash', subject: 'python3', cause: /memory that is not its own, and was ended \(SIGSEGV\)/ },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'rm --force /var/lib/systemd/coredump/*']);
    },
};
