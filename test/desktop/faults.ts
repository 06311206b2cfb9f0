// What befalls a desktop that is not the fault of any unit.
import type { Desktop } from './desktop.ts';
import { until } from './waiting.ts';

/** The session's Shell is gone, as after a crash; nothing brings it back but `startShell`. */
export async function killShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'kill', '--kill-whom=main', '--signal=SIGKILL', 'desktop.service']);
    await until('the Shell is gone', async () => {
        const { stdout } = await desktop.exec(['systemctl', 'is-active', 'desktop.service'], { mayFail: true });
        return stdout === 'failed\n';
    });
}

export async function startShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'start', 'desktop.service']);
    await desktop.untilDrawn();
}

export async function restartShell(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'restart', 'desktop.service']);
    await desktop.untilDrawn();
}

export async function restartJournald(desktop: Desktop): Promise<void> {
    await desktop.exec(['systemctl', 'restart', 'systemd-journald.service']);
}

/**
 * The session bus dies and takes what is connected to it along; the user manager starts another one when it is needed.
 * Not through `systemctl --user kill`: systemd 257 then asks the dead bus who called, and hangs until that times out.
 */
export async function killSessionBus(desktop: Desktop): Promise<void> {
    await desktop.exec(['pkill', '--signal', 'KILL', '--uid', 'alice', '--full', '^/usr/bin/dbus-daemon --session']);
}
