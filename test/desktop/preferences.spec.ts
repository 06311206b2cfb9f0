// The user's own choices: pausing, putting off, muting for good and the way back from that, and stopping a fix.
import * as z from 'zod';

import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { activeState, failUnit } from './failingUnits.ts';
import { describeOnDesktops, itOn, once, patience } from './onDesktops.ts';
import { PreferencesWindow } from './support/preferencesWindow.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/preferences/', import.meta.url).pathname;
const reeve = `${alice.home}/.local/bin/reeve`;
const status = z.object({ sources: z.array(z.object({ name: z.string() })) });
const configuration = `${alice.home}/.config/reeve/config.toml`;
/** Of Manager.State. */
const [watching, paused] = [1, 3];
/** Of Incident.State. */
const [open, recovered, dismissed] = [0, 3, 4];
const failing = 'tiresome.service';
const slow = 'sluggish.service';
const unitFiles = {
    [`/etc/systemd/system/${failing}`]: '[Service]\nExecStart=/bin/false\n',
    // Fails when it is first started; from then on each start goes on until somebody says that it is ready: by itself
    // systemd would end it after 90 seconds (systemd-system.conf(5), DefaultTimeoutStartSec=), before the spec has
    // polled it on a busy machine.
    [`/etc/systemd/system/${slow}`]: `[Service]
Type=notify
NotifyAccess=all
TimeoutStartSec=600
ExecStart=/bin/sh -c "test -e /run/tried || { touch /run/tried; exit 1; }; \\
    until test -e /run/ready; do sleep 0.1; done; systemd-notify --ready; exec sleep infinity"
`,
};

// On each Shell: its preferences window and the popover.
describeOnDesktops('What the user decides', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    let window: PreferencesWindow;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const openPreferences = async () => {
        await screen.openWithKey();
        await desktop.clickOn('Preferences');
        await desktop.waitFor("global.display.focus_window?.title === 'Reeve'");
    };
    const closePreferences = async () => {
        await desktop.key('Alt+F4');
        await desktop.waitFor('global.get_window_actors().length === 0');
    };
    /** Until it is known that it failed once more, and what can be done is in the quick chat. */
    const fail = async (unit: string, choice: string) => {
        const before = (await service.incidents()).get(unit)?.Count ?? 0;
        await failUnit(desktop, unit);
        await service.untilIncident(unit, ({ State, Count }) => State === open && Count > before);
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.openWithKey();
        await screen.untilShown(choice);
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, unitFiles);
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
        window = new PreferencesWindow(desktop);
        // GTK exposes its windows only when an assistive technology may listen.
        await desktop.gsettings('org.gnome.desktop.interface', 'toolkit-accessibility', 'true');
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    beforeEach(async () => {
        await screen.untilIndicatorSays('Reeve: all is well');
    });
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        await screen.clearNotifications();
    });

    it('pauses and resumes from the popover', async () => {
        await screen.openWithKey();
        await desktop.clickOn('Pause');
        await screen.untilIndicatorSays('Reeve: paused');
        await service.untilState(paused);
        await screen.untilShown(/^Paused since /, 'Reeve cannot answer questions now');
        await picture('paused');
        await screen.close();
        await screen.openWithKey();
        await desktop.clickOn('Resume');
        await screen.untilIndicatorSays('Reeve: all is well');
        await service.untilState(watching);
        await screen.close();
    });

    it('pauses and resumes from preferences', async () => {
        await openPreferences();
        // The switch is worked once it shows how things are.
        await window.untilShown('When off, Reeve watches and answers nothing until you turn it on again.');
        await window.work('Watch this computer');
        await service.untilState(paused);
        await screen.untilIndicatorSays('Reeve: paused');
        await window.untilShown('Paused: Reeve watches and answers nothing.');
        await picture('switched-off');
        await window.work('Watch this computer');
        await service.untilState(watching);
        await closePreferences();
    });

    it('sets how much is announced, and when it is to be quiet', async () => {
        const isWritten = (table: string) =>
            until('it is written', async () => {
                const text = (await desktop.readFile(configuration)).toString('utf8');
                return text === table;
            });
        const quietHours = 'Quiet hours, such as 22:00-07:00';
        await openPreferences();
        await window.work('General');
        await window.moveTo('Maximum notifications per hour', 'Tab');
        // The row leads to the number in it.
        await desktop.key('Return');
        await desktop.key('Ctrl+a');
        await desktop.type('40\n');
        await isWritten('[notifications]\nper_hour = 40\n');

        await window.moveTo(quietHours, 'Tab');
        await desktop.type('22:00-25:00\n');
        await window.untilShown(
            'The setting could not be changed',
            'Enter two times, such as 22:00-07:00, or leave it empty.',
        );
        await picture('refused');
        await window.work('Close');
        await isWritten('[notifications]\nper_hour = 40\n');
        // Where it was before, once the dialog has gone.
        await until('the field has the focus again', async () => (await window.focused()) === quietHours);

        await desktop.key('Ctrl+a');
        await desktop.type('23:00-06:30\n');
        await isWritten('[notifications]\nper_hour = 40\nquiet_hours = "23:00-06:30"\n');
        await picture('quiet-hours');
        await service.call('Settings.Reset', 'sa{sv}', 'notifications.quiet_hours', '0');
        await service.call('Settings.Set', 'sva{sv}', 'notifications.per_hour', 'u', '100', '0');
        await isWritten('[notifications]\nper_hour = 100\n');
        await closePreferences();
    });

    itOn(once, suite, 'stops a fix that is under way, and sees when it has come to its end all the same', async () => {
        await fail(slow, 'Apply');
        await screen.press('Apply');
        await screen.givePassword(/sluggish\.service/);
        await until('it starts', async () => (await activeState(desktop, slow)) === 'activating');
        await screen.openWithKey();
        await screen.untilShown('Cancel');
        await picture('under-way');
        await screen.press('Cancel');
        await screen.untilShown(/: Cancelled$/);
        await picture('cancelled');
        await service.untilIncident(slow, ({ State }) => State === open);
        await screen.close();
        await desktop.exec(['touch', '/run/ready']);
        await desktop.exec(['systemctl', 'start', slow]);
        await service.untilIncident(slow, ({ State }) => State === recovered);
        await screen.untilIndicatorSays('Reeve: all is well');
    });

    itOn(once, suite, 'postpones a fix, hides what is muted, and reports it again', async () => {
        await fail(failing, 'Not now');
        await screen.press('Not now');
        await screen.untilShown(/^You postponed the fix\./);
        await picture('put-off');
        await screen.close();

        await fail(failing, 'Never for this');
        await screen.press('Never for this');
        await screen.untilShown(`Never report ${failing} again?`);
        await picture('never');
        await screen.press('Never report');
        await service.untilIncident(failing, ({ State }) => State === dismissed);
        await screen.untilIndicatorSays('Reeve: all is well');
        await screen.close();

        await openPreferences();
        await window.work('Watched');
        await until('it is on the page', async () => (await window.names()).some(name => name.includes(failing)));
        // Each source has a name for people.
        const { stdout } = await desktop.user([reeve, 'status', '--json'], { mayFail: true });
        const { sources } = status.parse(JSON.parse(stdout));
        const names = await window.names();
        expect(sources.map(({ name }) => name).filter(name => names.includes(name))).toEqual([]);
        expect(sources.length).toBeGreaterThan(20);
        await picture('muted');
        await window.work(`Unmute ${failing}`);
        await until('nothing is muted', async () => {
            const muted = await service.property('Muted');
            return Array.isArray(muted) && muted.length === 0;
        });
        await closePreferences();
        const announced = (await screen.announced()).length;
        await failUnit(desktop, failing);
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await until('it is announced', async () => (await screen.announced()).length > announced);
        await screen.openWithKey();
        // The card is redrawn when the cause and the fix are found.
        await screen.untilShown('Apply');
        await screen.press('Dismiss');
        await screen.untilIndicatorSays('Reeve: all is well');
        await screen.close();
    });
});
