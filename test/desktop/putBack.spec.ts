// A configuration file that somebody broke, from the edit to what was there before and back, on the screen and on the bus.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { activeState } from './failingUnits.ts';
import { describeOn, eachSystemd, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/putBack/', import.meta.url).pathname;
/** Of Incident.State. */
const [open, fixed] = [0, 2];

const unit = 'dnsmasq.service';
const path = '/etc/dnsmasq.conf';
const good = 'port=5300\nuser=root\ngroup=root\n';
const broken = `${good}prot=5301\n`;
const files = {
    [path]: good,
    [`/etc/systemd/system/${unit}`]: `[Unit]
Description=Name server for this computer
[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground
`,
};

// On each systemd, which runs the steps, and each polkit, which asks for each. `loop` has the popover on each Shell.
describeOn(eachSystemd, 'Putting a file back', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const contents = async () => (await desktop.exec(['cat', path])).stdout;

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, files);
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    /** polkit may keep the authorisation for the second step, or ask again at once: which, is not ours to say. */
    async function givePasswordsUntil(announced: string): Promise<void> {
        const isAsked = `(entry => entry?.hint_text === 'Password' && entry.text === '' && Main.modalCount > 0)(
            global.stage.get_key_focus()?.get_parent())`;
        await until(`“${announced}” is announced`, async () => {
            if (await desktop.evalJs<boolean>(isAsked)) await desktop.type(`${alice.password}\n`);
            return (await screen.announced()).includes(announced);
        });
    }

    it('is offered for what broke a service just before, asks for a password, helps, and can be undone', async () => {
        await screen.clearNotifications();
        await desktop.exec(['systemctl', 'start', unit]);
        expect(await activeState(desktop, unit)).toBe('active');
        await desktop.exec(['sh', '-c', `echo prot=5301 >> ${path}`]);
        await Promise.all([
            desktop.exec(['systemctl', 'restart', unit], { mayFail: true }),
            screen.hoverNotification(`${unit} failed`),
        ]);
        const { Cause, Evidence } = await service.untilIncident(
            unit,
            incident => incident.State === open && incident.Cause.startsWith(`${path} was edited`),
        );
        expect(Cause).toMatch(
            /^\/etc\/dnsmasq\.conf was edited (?:a moment|\d+ seconds?) before dnsmasq\.service failed\. .*bad option at line 4/,
        );

        expect(JSON.stringify(Evidence)).toContain(`${path} was edited\\n@@ -2,2 +2,3 @@`);
        expect(JSON.stringify(Evidence)).toContain('+prot=5301');

        await desktop.clickOn('Show fix');
        await screen.untilOpen();
        await screen.untilShown(
            'Restore the previous version of dnsmasq.conf',
            'You will be asked for a password',
            /^Low risk/,
        );
        // What the edit did, and what the step makes different.
        await screen.untilShown('Shortly before', `${path} was edited`, '+prot=5301', '-prot=5301');
        expect(await desktop.evalJs<boolean>("testDesktop.isInView('Apply')")).toBeTrue();
        await picture('plan');
        await screen.press('Exact change');
        // What is written comes first, then how: each program by itself, and the one call behind that.
        await screen.press('5 commands, in order');
        await screen.untilShown(
            /\/usr\/bin\/cmp -- /,
            /\/usr\/bin\/mv --no-target-directory -- /,
            /\/usr\/bin\/rm --force/,
        );
        await picture('exact');
        await screen.press('D-Bus call on the system bus');
        await screen.untilShown(/StartTransientUnit/);
        await picture('call');
        await screen.press('D-Bus call on the system bus');
        await screen.press('Apply');
        await screen.untilAskedForPassword(/reeve-step/);
        await givePasswordsUntil('Fixed');
        await screen.hoverNotification('Fixed');
        await service.untilIncident(unit, ({ State }) => State === fixed);
        expect(await contents()).toBe(good);
        expect(await activeState(desktop, unit)).toBe('active');
        await picture('fixed');

        // Check what was written first.
        await desktop.clickOn('Undo');
        await screen.untilOpen();
        await screen.untilShown(`Undo: Restores the content that ${path} had before the fix`, '+prot=5301');
        await picture('undo');
        await screen.press('Undo');
        await givePasswordsUntil('Undone');
        expect(await contents()).toBe(broken);
    });
});
