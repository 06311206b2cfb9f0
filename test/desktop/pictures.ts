// Makes the pictures of the README: node build/run.mjs test/desktop/pictures.ts
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alice } from './container.ts';
import type { DesktopOptions } from './desktop.ts';
import { Desktop } from './desktop.ts';
import { installAndWatch } from './support/installed.ts';
import { Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';

const folder = join(import.meta.dirname, '../../docs/images');
const unit = 'nightly-backup.service';
const unitFile = `[Unit]
Description=Nightly backup
[Service]
ExecStart=/bin/sh -c "echo 'Cannot open the repository: it is locked by another backup' >&2; exit 2"
`;
const superSpaceIsFree = {
    'org.gnome.desktop.wm.keybindings': {
        'switch-input-source': "['XF86Keyboard']",
        'switch-input-source-backward': "['<Shift>XF86Keyboard']",
    },
};

/** Where the popover is, with some of the desktop around it: pixels. */
const area = { x: 710, y: 0, width: 570, height: 800 };
const areaRightToLeft = { ...area, x: 0 };

async function save(desktop: Desktop, name: string, { x, y, width, height } = area): Promise<void> {
    const inside = `${alice.runtime}/${name}`;
    const screenshot = ['org.gnome.Shell.Screenshot', '/org/gnome/Shell/Screenshot', 'org.gnome.Shell.Screenshot'];
    const place = [x, y, width, height].map(String);
    await desktop.user([
        'busctl',
        '--user',
        'call',
        ...screenshot,
        'ScreenshotArea',
        'iiiibs',
        ...place,
        'false',
        inside,
    ]);
    await writeFile(join(folder, name), await desktop.readFile(inside));
}

async function take(options: DesktopOptions, use: (desktop: Desktop, screen: Screen) => Promise<void>): Promise<void> {
    const files = { [`/etc/systemd/system/${unit}`]: unitFile };
    await using desktop = await Desktop.boot('forky', { files, settings: superSpaceIsFree, ...options });
    await installAndWatch(desktop);
    await desktop.exec(['systemctl', 'start', unit], { mayFail: true });
    await new ServiceClient(desktop).untilIncident(unit, ({ Cause }) => Cause.includes('locked'));
    await desktop.waitFor('Main.messageTray._notification !== null');
    const screen = new Screen(desktop);
    await screen.openWithKey();
    await desktop.waitFor('Main.messageTray._notification === null');
    await use(desktop, screen);
}

await take({ dark: true }, async (desktop, screen) => {
    await save(desktop, 'dark.png');
    await screen.press('Exact change');
    await screen.untilShown(`systemctl restart ${unit}`);
    // Without the pointer, which would light up what it rests on.
    await desktop.move(640, 600);
    await save(desktop, 'fix.png');
});
await take({}, async (desktop, screen) => {
    // The Shell is dark unless light is asked for.
    await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', "'prefer-light'");
    await desktop.type('what failed\n');
    await screen.untilShown(/^1 thing has failed/);
    await save(desktop, 'light.png');
});
await take({ locale: 'ar_EG.UTF-8' }, desktop => save(desktop, 'rtl.png', areaRightToLeft));
