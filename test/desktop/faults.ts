// What befalls a desktop that is not the fault of any unit.
import type { Desktop } from './desktop.ts';
import { until } from './waiting.ts';

/** The session's Shell is gone, as after a crash; nothing brings it back but `startShell`. */
export async function killShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'kill', '--kill-whom=main', '--signal=SIGKILL', 'desktop.service']);
    await untilShellIs('failed', desktop);
}

export async function startShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'start', 'desktop.service']);
    await desktop.untilDrawn();
}

/** Logs out in good order, and in again. */
export async function restartShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'restart', 'desktop.service']);
    await desktop.untilDrawn();
}

export async function restartJournald(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'restart', 'systemd-journald.service']);
}

/**
 * The session bus dies and takes what is connected to it along, the Shell too. Until alice's user manager has started another
 * one, it answers no question; that of systemd 257 (trixie) often hangs for 90 seconds first. So the process is looked for.
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
