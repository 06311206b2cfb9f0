// `npm run demo`: boots a GNOME desktop, breaks a service in it, walks the whole loop as its user would, and leaves the
// pictures and the log of that in a folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildAll } from '../../build/build.ts';
import { failingUnits, failUnit, removeReason } from './failingUnits.ts';
import { DesktopUnavailable } from './image.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';

const folder = join(process.cwd(), 'demo-output', new Date().toISOString().replaceAll(':', '-'));
const unit = 'sample-exit.service';
const fixed = 2;

async function demonstrate(): Promise<void> {
    console.log('Booting a GNOME desktop (the first time its image is built, which takes some minutes) …');
    await buildAll();
    await using desktop = await bootWithReeve('forky', failingUnits);
    const service = new ServiceClient(desktop);
    const screen = new Screen(desktop);
    let pictures = 0;
    const show = async (what: string, name: string) => {
        pictures += 1;
        await desktop.screenshot(join(folder, `${pictures}-${name}.png`));
        console.log(`${pictures}. ${what}`);
    };

    await failUnit(desktop, unit);
    const { Title, Cause } = await service.untilIncident(unit, ({ Cause: cause }) => cause !== '');
    await screen.hoverNotification(Title);
    await show(`${Title}: ${Cause}`, 'noticed');
    await desktop.clickOn('Show fix');
    await screen.untilOpen();
    await screen.press('Exact change');
    await show('The fix, with the exact call that it makes', 'plan');
    await removeReason(desktop);
    await screen.press('Apply');
    await screen.untilAskedForPassword(/sample-exit\.service/);
    await show('The system asks for the password', 'password');
    await screen.givePassword(/sample-exit\.service/);
    await service.untilIncident(unit, ({ State }) => State === fixed);
    await screen.hoverNotification('Fixed');
    await show('Checked: it runs again', 'fixed');
    await desktop.clickOn('Undo');
    await screen.givePassword(/sample-exit\.service/);
    await screen.hoverNotification('Undone');
    await show('And taken back', 'undone');

    const log = await desktop.journal([
        '_SYSTEMD_USER_UNIT=reeve.service',
        '+',
        `UNIT=${unit}`,
        '+',
        `_SYSTEMD_UNIT=${unit}`,
    ]);
    const { stdout: audit } = await desktop.user(['/home/alice/.local/bin/reeve', 'audit', 'list']);
    await writeFile(join(folder, 'loop.log'), `The journal:\n\n${log}\nWhat Reeve did:\n\n${audit}`);
}

await mkdir(folder, { recursive: true });
try {
    await demonstrate();
    console.log(`Pictures and log: ${folder}`);
} catch (error) {
    if (!(error instanceof DesktopUnavailable)) throw error;
    console.error(`The demonstration cannot run here: ${error.message}`);
    process.exitCode = 1;
}
