// What a poll of what the kernel reports to nobody costs: the service's processor time while it polls every five seconds, less
// what it takes while it does not, on a desktop as it is, on one with thousands of threads, and on one with thousands of processes,
// one of which hangs.
import { setTimeout as pause } from 'node:timers/promises';
import { alice } from '../desktop/container.ts';
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch } from '../desktop/support/installed.ts';
import { until } from '../desktop/waiting.ts';
import { pollAsUsual, pollEvery } from '../faults/polling.ts';

const seconds = 5;
const polls = 4;
const furtherProcesses = 1800;
const threadedPrograms = 60;
const threadsOfEach = 30;

const account = '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/reeve.service/cpu.stat';

/** Milliseconds of processor time so far; the kernel counts a group's in microseconds. */
async function usage(desktop: Desktop): Promise<number> {
    const { stdout } = await desktop.exec(['cat', account]);
    return Number(/^usage_usec (\d+)$/m.exec(stdout)?.[1]) / 1000;
}

/** What it takes while nothing happens that anybody waits for. */
async function during(desktop: Desktop): Promise<number> {
    const before = await usage(desktop);
    await pause(polls * seconds * 1000);
    return (await usage(desktop)) - before;
}

async function measure(desktop: Desktop, name: string): Promise<void> {
    const idle = await during(desktop);
    await pollEvery(seconds)(desktop);
    await pause(2 * seconds * 1000);
    const polling = await during(desktop);
    await pollAsUsual(desktop);
    const { processes, threads } = await count(desktop);
    const spent = ((polling - idle) / polls).toFixed(1);
    console.log(`  ${name}, ${processes} processes of ${threads} threads: ${spent} ms of processor time a poll`);
}

async function count(desktop: Desktop): Promise<{ processes: number; threads: number }> {
    const script = 'ls /proc | grep -c "^[0-9]"; ls -d /proc/[0-9]*/task/[0-9]* | wc -l';
    const { stdout } = await desktop.exec(['sh', '-c', script]);
    const [processes = 0, threads = 0] = stdout.split('\n').map(Number);
    return { processes, threads };
}

/** Runs Python for as long as `use` takes, which begins once that has so many threads. */
async function beside(desktop: Desktop, program: string, further: number, use: () => Promise<void>): Promise<void> {
    const { threads: before } = await count(desktop);
    const unit = ['systemd-run', '--quiet', '--unit=bench-many', '--property=TasksMax=infinity'];
    await desktop.exec([...unit, 'python3', '-c', program]);
    const areThere = async () => (await count(desktop)).threads >= before + further;
    await until('all of them are there', areThere, { timeout: 120_000 });
    await use();
    await desktop.exec(['systemctl', 'stop', 'bench-many']);
}

/** Programs whose threads all sleep. */
const threaded = `import os, threading, time
for _ in range(${threadedPrograms}):
    if os.fork() == 0:
        for _ in range(${threadsOfEach - 1}):
            threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
        time.sleep(1e6)
time.sleep(1e6)
`;

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
    await beside(desktop, threaded, threadedPrograms * threadsOfEach, () => measure(desktop, 'with many more threads'));
    await beside(desktop, many, furtherProcesses, () =>
        measure(desktop, 'with many more processes, of which one hangs'),
    );
}
