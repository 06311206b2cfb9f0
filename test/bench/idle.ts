// What an idle desktop pays for Reeve; processor and wake-ups are those of the service and of the programs that it follows.
// REEVE_BENCH_MINUTES shortens the ten minutes for a first look.
import { setTimeout as pause } from 'node:timers/promises';
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch } from '../desktop/support/installed.ts';

const minutes = Number(process.env.REEVE_BENCH_MINUTES ?? 10);

/** CPU time in ticks of 1/100 s, voluntary context switches (each one a wake-up) and PSS in KiB, summed over processes. */
type Cost = { ticks: number; wakeups: number; pss: number };

/** Prints what a set of processes has cost so far; reads proc_pid_stat(5), proc_pid_status(5) and smaps_rollup. */
const tally = `
total_ticks=0 total_wakeups=0 total_pss=0
for pid in $(eval "$1"); do
    set -- $(sed 's/.*) //' /proc/$pid/stat)
    total_ticks=$((total_ticks + \${12} + \${13}))
    for task in /proc/$pid/task/*; do
        total_wakeups=$((total_wakeups + $(awk '/^voluntary/{print $2}' $task/status)))
    done
    total_pss=$((total_pss + $(awk '/^Pss:/{print $2}' /proc/$pid/smaps_rollup)))
done
echo $total_ticks $total_wakeups $total_pss`;

const serviceProcesses = 'cat /sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/*/reeve.service/cgroup.procs';
/** Of these, the service without the programs that it follows, such as journalctl. */
const serviceItself = 'pgrep --full "lib/[r]eeved"';
const shellProcess = 'pidof gnome-shell';

async function costOf(desktop: Desktop, processes: string): Promise<Cost> {
    const { stdout } = await desktop.exec(['bash', '-c', tally, 'tally', processes]);
    const [ticks, wakeups, pss] = stdout.trim().split(' ').map(Number);
    if (ticks === undefined || wakeups === undefined || pss === undefined) throw new Error(`cannot read ${stdout}`);
    return { ticks, wakeups, pss };
}

async function frames(desktop: Desktop): Promise<number> {
    return desktop.evalJs<number>(
        'globalThis.benchFrames ??= (global.stage.connect("after-paint", () => { benchFrames.count += 1; }), { count: 0 }); benchFrames.count',
    );
}

async function shellCost(desktop: Desktop): Promise<Cost & { frames: number }> {
    return { frames: await frames(desktop), ...(await costOf(desktop, shellProcess)) };
}

export async function bench(): Promise<void> {
    const span = minutes * 60_000;
    // Both desktops stand idle through the same minutes, so that what disturbs one disturbs the other.
    await using plain = await Desktop.boot('forky');
    await using ours = await Desktop.boot('forky');
    await installAndWatch(ours);
    await plain.exec(['systemctl', 'restart', 'desktop.service']);
    await plain.untilDrawn();
    await Promise.all([frames(plain), frames(ours), pause(60_000)]);

    const before = {
        service: await costOf(ours, serviceProcesses),
        ours: await shellCost(ours),
        plain: await shellCost(plain),
    };
    await pause(span);
    const after = {
        service: await costOf(ours, serviceProcesses),
        itself: await costOf(ours, serviceItself),
        ours: await shellCost(ours),
        plain: await shellCost(plain),
    };

    const seconds = (after.service.ticks - before.service.ticks) / 100;
    const wakeups = after.service.wakeups - before.service.wakeups;
    console.log(
        `  service, ${minutes} minutes: ${seconds.toFixed(2)} CPU seconds (${((seconds * 100_000) / span).toFixed(3)} %),`,
    );
    const followed = after.service.pss - after.itself.pss;
    console.log(
        `    ${wakeups} wake-ups (${(wakeups / minutes).toFixed(1)} a minute), ${(after.itself.pss / 1024).toFixed(1)} MB PSS, ` +
            `and ${(followed / 1024).toFixed(1)} MB of the programs that it follows`,
    );
    for (const [name, shell] of [
        ['with the extension', 'ours'],
        ['without', 'plain'],
    ] as const) {
        const [start, end] = [before[shell], after[shell]];
        console.log(
            `  gnome-shell ${name}: ${((end.ticks - start.ticks) / 100).toFixed(2)} CPU seconds, ` +
                `${end.wakeups - start.wakeups} wake-ups, ${end.frames - start.frames} frames, ${(end.pss / 1024).toFixed(1)} MB PSS`,
        );
    }
    console.log(`  gnome-shell with / without: ${(after.ours.pss / after.plain.pss).toFixed(3)} PSS`);
}
