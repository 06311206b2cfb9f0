// Frames from the key press to the drawn popover, counted inside the Shell, beside the Shell's own calendar popover; and the
// same with the service stopped in its tracks, which must make no difference.
import { Desktop } from '../desktop/desktop.ts';
import { installAndWatch } from '../desktop/support/installed.ts';
import { describeLatency, quantile } from './statistics.ts';

const rounds = 15;
type Opening = { frames: number; microseconds: number };

/** Opens and closes a menu of the panel with a key; counts the paints after the key until one shows the menu. */
const open = (menu: string, key: string) => `(async () => {
    const { GLib } = imports.gi;
    const menu = ${menu};
    let frames = 0, drawn = null;
    const painted = global.stage.connect('after-paint', () => {
        if (drawn !== null) return;
        frames += 1;
        if (menu.isOpen && menu.actor.mapped) drawn = GLib.get_monotonic_time();
    });
    const pause = milliseconds => new Promise(resolve => GLib.timeout_add(0, milliseconds, () => { resolve(); return false; }));
    await pause(300);
    frames = 0;
    const pressed = GLib.get_monotonic_time();
    await testDesktop.key(${JSON.stringify(key)});
    for (let i = 0; i < 100 && drawn === null; i++) await pause(10);
    global.stage.disconnect(painted);
    await pause(200);
    menu.close();
    await pause(300);
    if (drawn === null) throw new Error('the menu did not open');
    return { frames, microseconds: drawn - pressed };
})()`;

const ours = 'Main.panel.statusArea["reeve@reevedesktop.org"].menu';
const calendar = 'Main.panel.statusArea.dateMenu.menu';

export async function bench(): Promise<void> {
    await using desktop = await Desktop.boot('forky');
    await installAndWatch(desktop);
    const shortcut = await desktop.evalJs<string>(
        '(Main.extensionManager.lookup("reeve@reevedesktop.org").stateObj.shortcut ?? "Ctrl+Super+space")',
    );
    await desktop.key('Escape');
    const measure = async (menu: string, key: string): Promise<Opening[]> => {
        const openings: Opening[] = [];
        for (let round = 0; round < rounds; round += 1) openings.push(await desktop.evalJs<Opening>(open(menu, key)));
        return openings;
    };
    const signal = (name: string) => desktop.user(['systemctl', '--user', 'kill', `--signal=${name}`, 'reeve.service']);
    const results = {
        'quick chat': await measure(ours, shortcut),
        'the calendar (Super+v)': await measure(calendar, 'Super+v'),
        'quick chat, service stopped': await signal('SIGSTOP').then(() => measure(ours, shortcut)),
    };
    await signal('SIGCONT');
    for (const [name, openings] of Object.entries(results)) {
        const frames = openings.map(opening => opening.frames);
        const times = openings.map(opening => opening.microseconds);
        console.log(
            `  ${name.padEnd(30)} frames: median ${quantile(frames, 0.5)}, most ${Math.max(...frames)}; ${describeLatency(times)}`,
        );
    }
}
