// Faults of a desktop that no unit causes.
import type { Desktop } from './desktop.ts';
import { until } from './waiting.ts';

/** The session's Shell is gone, as after a crash; nothing brings it back but `startShell`. */
export async function killShell(desktop: Desktop): Promise<void> {
    await untilPortalsAreStarted(desktop);
    await desktop.exec(['systemctl', 'kill', '--kill-whom=main', '--signal=SIGKILL', 'desktop.service']);
    await untilShellIs('failed', desktop);
}

export async function startShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'start', 'desktop.service']);
    await desktop.untilDrawn();
}

/** Logs out in good order, and in again. */
export async function restartShell(desktop: Desktop): Promise<void> {
    await untilPortalsAreStarted(desktop);
    await desktop.exec(['systemctl', 'restart', 'desktop.service'], { timeout: 60_000 });
    await desktop.untilDrawn();
}

/** They are still being started when the Shell is drawn; without a display they would fail or hang, and be a problem. */
async function untilPortalsAreStarted(desktop: Desktop): Promise<void> {
    await until('the portals are started', async () => {
        const { stdout } = await desktop.user(['systemctl', '--user', 'list-jobs', '--no-legend']);
        return !/xdg-desktop-portal\S* +start /.test(stdout);
    });
}

export async function restartJournald(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'restart', 'systemd-journald.service']);
}

/**
 * The session bus dies and takes what is connected to it along, the Shell too. Until alice's user manager has started
 * another one, it answers no question; that of systemd 257 (trixie) often hangs for 90 seconds first. So wait for the
 * process.
 */
export async function killSessionBus(desktop: Desktop): Promise<void> {
    // The oldest: a process that the bus is about to start still carries its name.
    const bus = ['--oldest', '--uid', 'alice', '--full', '^/usr/bin/dbus-daemon --session'];
    const { stdout: before } = await desktop.exec(['pgrep', ...bus]);
    await desktop.exec(['kill', '-KILL', ...before.trim().split('\n')]);
    const findAnother = async () => {
        const { stdout: now } = await desktop.exec(['pgrep', ...bus], { mayFail: true });
        return now !== '' && now !== before;
    };
    await until('another session bus runs', findAnother, { timeout: 120_000, every: 200 });
    await untilShellIs('inactive', desktop);
}

async function untilShellIs(state: 'failed' | 'inactive', desktop: Desktop): Promise<void> {
    await until(`desktop.service is ${state}`, async () => {
        const { stdout } = await desktop.exec(['systemctl', 'is-active', 'desktop.service'], { mayFail: true });
        return stdout === `${state}\n`;
    });
}

/** For pgrep(1): a process that runs a language model. The pattern does not match the command that searches for it. */
export const inferenceProcess = 'lib/[i]nference';
/** The ids of those that were there when the computer last went to sleep. */
export const inMemoryAtSleep = '/run/in-memory-at-sleep';

const logind = ['org.freedesktop.login1', '/org/freedesktop/login1', 'org.freedesktop.login1.Manager'];

/**
 * Lets logind believe that the computer can sleep, and makes its sleep short: everything is as with a real suspend, but
 * that the kernel does not stop. A container has no /sys/power, which logind reads (systemd-sleep.conf(5)).
 */
export async function allowSuspend(desktop: Desktop): Promise<void> {
    const power = 'mkdir /sys/power && echo freeze mem >/sys/power/state && echo "[s2idle]" >/sys/power/mem_sleep';
    await desktop.exec(['sh', '-c', `mount -o remount,rw /sys && ${power}`]);
    const sleep = '/run/systemd/system/systemd-suspend.service.d/test.conf';
    // As the last thing before the computer would stop, it checks for what should not be in memory any more.
    const probe = `-/bin/sh -c "pgrep --full ${inferenceProcess} >${inMemoryAtSleep}"`;
    await desktop.writeFile(sleep, `[Service]\nExecStart=\nExecStart=${probe}\n`);
    // By itself logind waits for five seconds only (logind.conf(5)), which are too few for a busy machine.
    await desktop.writeFile('/run/systemd/logind.conf.d/test.conf', '[Login]\nInhibitDelayMaxSec=60\n');
    await desktop.exec(['systemctl', 'daemon-reload']);
    await desktop.exec(['systemctl', 'restart', 'systemd-logind.service']);
    await until('the computer can be suspended', async () => {
        const { stdout } = await desktop.exec(['busctl', 'call', ...logind, 'CanSuspend']);
        return stdout.trim() === 's "yes"';
    });
    // What comes after the sleep does not matter here.
    await desktop.gsettings('org.gnome.desktop.screensaver', 'lock-enabled', 'false');
}

/** To sleep and awake again, on a computer that was allowed to. */
export async function suspend(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'suspend']);
    const hasSlept = async () => {
        const { stdout } = await desktop.exec(['busctl', 'get-property', ...logind, 'PreparingForSleep']);
        const { stdout: jobs } = await desktop.exec(['systemctl', 'list-jobs', '--no-legend', '*sleep*', '*suspend*']);
        return stdout.trim() === 'b false' && jobs === '';
    };
    // logind itself waits for a minute, see above.
    await until('it has slept', hasSlept, { timeout: 80_000 });
}
