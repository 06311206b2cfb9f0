// Makes the pictures of the README: node build/run.mjs test/desktop/pictures.ts
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildAll } from '../../build/build.ts';
import { alice } from './container.ts';
import { installPackages } from '../faults/packages.ts';
import type { Scenario } from '../faults/scenario.ts';
import { scenario as sshd } from '../faults/scenarios/configSshd.ts';
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

type Use = (desktop: Desktop, screen: Screen) => Promise<void>;

async function take(options: DesktopOptions, use: Use): Promise<void> {
    const files = { [`/etc/systemd/system/${unit}`]: unitFile };
    await using desktop = await Desktop.boot('forky', { files, settings: superSpaceIsFree, ...options });
    await installAndWatch(desktop);
    await desktop.exec(['systemctl', 'start', unit], { mayFail: true });
    await new ServiceClient(desktop).untilIncident(unit, ({ Cause }) => Cause.includes('locked'));
    await open(desktop, use);
}

/** The scenarios of the fault bench are to be believed, so they do for a picture. */
async function takeFault(scenario: Scenario, subject: string, use: Use): Promise<void> {
    await using desktop = await Desktop.boot('forky', { settings: superSpaceIsFree });
    const why = await installPackages(desktop, 'forky', scenario.packages ?? []);
    if (why !== '') throw new Error(why);
    await installAndWatch(desktop);
    await scenario.prepare?.(desktop);
    // The order of simultaneous events is undefined.
    await pause(3000);
    await scenario.provoke(desktop);
    await new ServiceClient(desktop).untilIncident(subject, ({ Cause }) => Cause.includes('edited'));
    await open(desktop, use);
}

async function open(desktop: Desktop, use: Use): Promise<void> {
    await desktop.waitFor('Main.messageTray._notification !== null');
    const screen = new Screen(desktop);
    await screen.openWithKey();
    await desktop.waitFor('Main.messageTray._notification === null');
    await use(desktop, screen);
}

await buildAll();
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
    await screen.untilShown(/^1 thing has failed/, 'Send');
    await save(desktop, 'light.png');
});
const firstRun = { 'org.gnome.shell.extensions.reeve': { 'introduction-shown': '0' } };
await take({ dark: true, settings: { ...superSpaceIsFree, ...firstRun } }, async (desktop, screen) => {
    await screen.untilShown(/^\d+ sources are watched$/);
    await save(desktop, 'introduction.png', { ...area, height: 420 });
    for (const [name, title, shown] of [
        ['introductionHealth.png', '2 of 3: What is wrong now', /^Nightly backup failed/],
        ['introductionModel.png', '3 of 3: A language model', /^Download /],
        ['introductionDemo.png', 'Try it', 'Break it'],
    ] as const) {
        await screen.press('Next');
        await screen.untilFocused(title);
        await screen.untilShown(shown);
        await desktop.move(640, 600);
        await save(desktop, name, { ...area, height: 680 });
    }
});
for (const [name, options, place] of [
    ['introductionLight.png', {}, area],
    ['introductionGerman.png', { locale: 'de_DE.UTF-8', dark: true }, area],
    ['introductionArabic.png', { locale: 'ar_EG.UTF-8', dark: true }, areaRightToLeft],
] as const)
    await take({ ...options, settings: { ...superSpaceIsFree, ...firstRun } }, async (desktop, screen) => {
        if (name === 'introductionLight.png')
            await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', "'prefer-light'");
        await screen.untilShown(/^1 \S+ 3: /);
        await save(desktop, name, { ...place, height: 420 });
    });
await take({ locale: 'ar_EG.UTF-8' }, desktop => save(desktop, 'rtl.png', areaRightToLeft));
await takeFault(sshd, 'ssh.service', async (desktop, screen) => {
    await screen.untilShown(/^Restore the previous version of sshd_config/);
    await save(desktop, 'putBack.png');
});
