import type { Scenario } from '../scenario.ts';

/** The kernel looks for a victim as when nothing is left (sysrq_handle_moom() in drivers/tty/sysrq.c), and takes the likeliest. */
const script = `
runuser -u alice -- env XDG_RUNTIME_DIR=/run/user/1000 systemd-run --user --quiet --scope --unit=app-bench-hog.scope choom --adjust 1000 -- sleep 4321 >/dev/null 2>&1 &
until pgrep --full '^sleep 4321'; do sleep 0.2; done
echo f >/proc/sysrq-trigger
while pgrep --full '^sleep 4321'; do sleep 0.2; done
`;

export const scenario: Scenario = {
    title: 'memory runs out, and a program is ended for it',
    by: 'provoked',
    needs: 'machine',
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', script]);
    },
    expect: { family: 'memory', subject: 'sleep', cause: /ran out of memory/ },
    clear: async desktop => {
        const manager = ['systemctl', '--user', '--machine=alice@.host'];
        await desktop.exec([...manager, 'reset-failed', 'app-bench-hog.scope'], { mayFail: true });
    },
};
