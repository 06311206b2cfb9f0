// What a person allows to be done without asking: made from the card of a fix that helped, used, and taken back.
import * as z from 'zod';

import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { describeOn, once, patience } from './onDesktops.ts';
import { PreferencesWindow } from './support/preferencesWindow.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/grants/', import.meta.url).pathname;
const reeve = `${alice.home}/.local/bin/reeve`;
const unit = 'flaky.service';
const reason = `${alice.home}/fails-once`;
const title = `Always restart ${unit} when it fails`;
/** Of Incident.State. */
const [open, fixed] = [0, 2];
const listed = z.object({ grants: z.array(z.object({ title: z.string(), uses: z.number(), state: z.string() })) });

describeOn(once, 'What a person allows without asking', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    let window: PreferencesWindow;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const fail = async () => {
        await desktop.user(['systemctl', '--user', 'stop', unit]);
        await desktop.user(['touch', reason]);
        await desktop.user(['systemctl', '--user', 'start', unit]);
    };
    const grants = async () => {
        const { stdout } = await desktop.user([reeve, 'grants', '--json']);
        return listed.parse(JSON.parse(stdout)).grants;
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {
            [`${alice.home}/.config/systemd/user/${unit}`]: `[Unit]
Description=Sample that fails once
[Service]
ExecStart=/bin/sh -c "test -e ${reason} && { rm ${reason}; exit 3; }; exec sleep infinity"
`,
        });
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
        window = new PreferencesWindow(desktop);
        await desktop.gsettings('org.gnome.desktop.interface', 'toolkit-accessibility', 'true');
        await screen.untilIndicatorSays('Reeve: all is well');
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('is offered after a fix that helped, and made by a plan of its own', async () => {
        await fail();
        await service.untilIncident(unit, ({ State }) => State === open);
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.openWithKey();
        await screen.untilShown('Apply');
        await screen.press('Apply');
        await service.untilIncident(unit, ({ State }) => State === fixed);
        await screen.untilShown('Always do this');
        await picture('offer');
        await screen.press('Always do this');
        await screen.untilShown(title, 'Apply');
        await picture('plan');
        expect(await grants()).toEqual([]);
        await screen.press('Apply');
        await until('it is allowed', async () => (await grants()).length === 1);
        await screen.untilShown(`${title}: Done`);
        await picture('made');
        await screen.close();
    });

    it('does the same at the next failure, and says so', async () => {
        await screen.clearNotifications();
        const before = (await screen.announced()).length;
        await fail();
        const said = `Done, as you allowed: Restart ${unit}`;
        await until('it is announced', async () => (await screen.announced()).includes(said));
        // The failure itself needs nobody.
        expect((await screen.announced()).slice(before)).toEqual([said]);
        await screen.hoverNotification(said);
        await picture('notification');
        expect(await grants()).toEqual([{ title, uses: 1, state: 'usable' }]);
        await screen.clearNotifications();
    });

    it('is listed in the preferences, and removed there', async () => {
        await screen.openWithKey();
        await desktop.clickOn('Preferences');
        await desktop.waitFor("global.display.focus_window?.title === 'Reeve'");
        await until('it is on the page', async () => (await window.names()).includes(title));
        await picture('preferences');
        await window.work(`Remove: ${title}`);
        await until('nothing is allowed', async () => (await grants()).length === 0);
    });
});
