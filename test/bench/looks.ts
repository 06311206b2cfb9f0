// What a look costs at what the kernel tells nobody of: the service's processor time while it looks every five seconds, less
// what it takes while it does not, on a desktop as it is and on one with thousands of processes, one of which hangs.
import { setTimeout as pause } from 'node:timers/promises';
import { alice } from '../desktop/container.ts';
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch } from '../desktop/support/installed.ts';
import { until } from '../desktop/waiting.ts';
import { lookAsUsual, lookEvery } from '../faults/looks.ts';

const seconds = 5;
const looks = 4;
const furtherProcesses = 1800;

const account = '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/reeve.service/cpu.stat';

/** Milliseconds of processor time so far; the kernel counts a group's in microseconds. */
async function usage(desktop: Desktop): Promise<number> {
    const { stdout } = await desktop.exec(['cat', account]);
    return Number(/^usage_usec (\d+)$/m.exec(stdout)?.[1]) / 1000;
}

/** What it takes while nothing happens that anybody waits for. */
async function during(desktop: Desktop): Promise<number> {
    const before = await usage(desktop);
    await pause(looks * seconds * 1000);
    return (await usage(desktop)) - before;
}

async function measure(desktop: Desktop, name: string): Promise<void> {
    const idle = await during(desktop);
    await lookEvery(seconds)(desktop);
    await pause(2 * seconds * 1000);
    const looking = await during(desktop);
    await lookAsUsual(desktop);
    const { stdout } = await desktop.exec(['sh', '-c', 'ls /proc | grep -c "^[0-9]"']);
    console.log(
        `  ${name}, ${stdout.trim()} processes: ${((looking - idle) / looks).toFixed(1)} ms of processor time a look`,
    );
}

/** Processes that sleep, and one that waits in the kernel for its child. */
const many = `import ctypes, os, time
for _ in range(${furtherProcesses}):
    if os.fork() == 0:
        time.sleep(1e6)
if os.fork() == 0 and ctypes.CDLL(None).vfork() == 0:
    while True: time.sleep(1000)
time.sleep(1e6)
`;

export async function bench(): Promise<void> {
    const files = { [`${alice.home}/.config/reeve/config.toml`]: '' };
    await using desktop = await Desktop.boot('forky', { files });
    await installAndWatch(desktop);
    await pause(30_000);
    await measure(desktop, 'a desktop as it is');
    await desktop.exec([
        'systemd-run',
        '--quiet',
        '--unit=bench-many',
        '-p',
        'TasksMax=infinity',
        'python3',
        '-c',
        many,
    ]);
    const areThere = async () => {
        const { stdout } = await desktop.exec(['sh', '-c', 'ls /proc | grep -c "^[0-9]"']);
        return Number(stdout) > furtherProcesses;
    };
    await until('all of them are there', areThere, { timeout: 120_000 });
    await measure(desktop, 'with many more, of which one hangs');
}
