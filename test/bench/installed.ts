import type { Desktop } from '../desktop/desktop.ts';
import { until } from '../desktop/waiting.ts';

const uuid = 'reeve@reevedesktop.org';

/** Installs our build, starts the Shell anew so that it finds the extension, and waits until the service watches. */
export async function startService(desktop: Desktop): Promise<void> {
    await desktop.install();
    await desktop.exec(['systemctl', 'restart', 'desktop.service']);
    await desktop.untilDrawn();
    await until('the extension runs and the service watches', async () => {
        const state = await desktop.evalJs<number>(`Main.extensionManager.lookup(${JSON.stringify(uuid)})?.state ?? 0`);
        const { stdout } = await desktop.user([...property, 'State'], { mayFail: true });
        return state === 1 && stdout.trim() === 'u 1';
    });
    // A pointer that lies on another button of the panel takes over from a menu as it opens.
    await desktop.move(640, 600);
}

const property = [
    ...['busctl', '--user', 'get-property', 'org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'],
    'org.reevedesktop.Reeve1.Manager',
];
