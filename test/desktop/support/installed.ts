import { Desktop, type DesktopOptions } from '../desktop.ts';
import type { Suite } from '../image.ts';
import { installedLayer } from '../installedLayer.ts';
import { until } from '../waiting.ts';

/** A desktop on which Reeve was installed before alice logged in, and watches. In half of the time of `installAndWatch`. */
export async function bootInstalled(suite: Suite, options: DesktopOptions = {}): Promise<Desktop> {
    const desktop = await Desktop.boot(suite, { ...options, layer: await installedLayer(suite) });
    try {
        await desktop.untilExtensionRuns();
        await untilReady(desktop);
        return desktop;
    } catch (error) {
        await desktop.down();
        throw error;
    }
}

/** Installs our build and waits until the service watches. */
export async function installAndWatch(desktop: Desktop): Promise<void> {
    await desktop.install();
    await untilReady(desktop);
}

/** Until the service watches and nothing is in the way of the popover. */
async function untilReady(desktop: Desktop): Promise<void> {
    await untilWatching(desktop);
    // A pointer that lies on another button of the panel takes over from a menu as it opens.
    await desktop.move(640, 600);
}

export async function untilWatching(desktop: Desktop): Promise<void> {
    const isWatching = async () => {
        const { stdout } = await desktop.query([...property, 'State'], { mayFail: true });
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
