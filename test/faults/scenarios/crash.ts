import type { Scenario } from '../scenario.ts';

/**
 * The kernel of a container's host keeps core dumps to itself (core_pattern), so the crashing process waits while
 * systemd-coredump is fed one as the kernel would; what it writes to the journal is its own.
 */
const script = `
systemd-run --quiet --unit=bench-crash.scope --scope bash -c 'exec -a bench-viewer sleep 1234' &
until pid=$(pgrep --full '^bench-viewer 1234'); do sleep 0.05; done
kill -STOP "$pid"
/usr/lib/systemd/systemd-coredump "$pid" 0 0 11 "$(date +%s)" 18446744073709551615 desktop </bin/true
until journalctl --quiet --grep 'dumped core' --lines 1 --output cat COREDUMP_PID="$pid" | grep -q core; do sleep 0.1; done
kill -KILL "$pid"
`;

export const scenario: Scenario = {
    title: 'a program crashes',
    by: 'provoked',
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    expect: { family: 'crash', subject: 'sleep', cause: /./ },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'rm --force /var/lib/systemd/coredump/*']);
    },
};
