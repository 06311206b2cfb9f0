import type { Desktop } from '../desktop.ts';
import { until } from '../waiting.ts';

/** Installs our build and waits until the service watches. */
export async function installAndWatch(desktop: Desktop): Promise<void> {
    await desktop.install();
    await untilWatching(desktop);
    // A pointer that lies on another button of the panel takes over from a menu as it opens.
    await desktop.move(640, 600);
}

export async function untilWatching(desktop: Desktop): Promise<void> {
    const isWatching = async () => {
        const { stdout } = await desktop.look([...property, 'State'], { mayFail: true });
        return stdout.trim() === 'u 1';
    };
    await until('the service watches', isWatching, {
        timeout: 60_000 * desktop.slowness,
        every: 100 * desktop.slowness,
    });
}

const property = [
    ...['busctl', '--user', 'get-property', 'org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'],
    'org.reevedesktop.Reeve1.Manager',
];
