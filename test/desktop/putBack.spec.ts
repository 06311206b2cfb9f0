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
/** What cannot start even with its file put back, while its port is taken. */
const other = { unit: 'guests.service', path: '/etc/guests.conf', good: 'port=5353\nuser=root\ngroup=root\n' };
const files = {
    [path]: good,
    [`/etc/systemd/system/${unit}`]: `[Unit]
Description=Name server for this computer
[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground
`,
    [other.path]: other.good,
    [`/etc/systemd/system/${other.unit}`]: `[Unit]
Description=Name server for guests
[Service]
Type=forking
ExecStart=/usr/sbin/dnsmasq --conf-file=${other.path}
`,
};

// On each systemd, which runs the steps, and each polkit, which asks for each. `loop` has the popover on each Shell.
describeOn(eachSystemd, 'Putting a file back', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const contents = async (of = path) => (await desktop.exec(['cat', of])).stdout;

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

    it('is offered for what broke a service just before, asks for a password, helps, and can be undone', async () => {
        await screen.clearNotifications();
        await desktop.exec(['systemctl', 'start', unit]);
        expect(await activeState(desktop, unit)).toBe('active');
        await desktop.exec(['sh', '-c', `echo prot=5301 >> ${path}`]);
        await Promise.all([
            desktop.exec(['systemctl', 'restart', unit], { mayFail: true }),
            screen.hoverNotification('Name server for this computer failed'),
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
            'Apply',
        );
        // What the edit did, and what the step makes different.
        await screen.untilShown('Shortly before', `${path} was edited`, '+prot=5301', '-prot=5301');
        expect(await desktop.evalJs<boolean>("testDesktop.isInView('Apply')")).toBeTrue();
        await picture('plan');
        // However large the text is, the button of what was read is in sight as soon as the card is.
        await screen.close();
        await desktop.setAppearance({ textScale: 2 });
        await desktop.waitFor('Main.panel.height >= 64');
        await screen.openWithKey();
        await desktop.waitFor("testDesktop.isInView('Restore the previous version of dnsmasq.conf')");
        await desktop.waitFor("testDesktop.isInView('Apply')");
        await picture('plan-large');
        await screen.close();
        await desktop.setAppearance({ textScale: 1 });
        await desktop.waitFor('Main.panel.height < 64');
        await screen.openWithKey();
        await screen.press('Exact change');
        // What is written comes first, then how: each program by itself, and the one call behind that.
        await screen.press('7 commands, in order');
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
        // Once for the file and for the unit, as the card says.
        await screen.givePassword(/reeve-step/);
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
        await screen.givePassword(/reeve-step/);
        await screen.hoverNotification('Undone');
        expect(await contents()).toBe(broken);
    });

    it('that ended halfway says so everywhere, and is finished', async () => {
        const { unit: name, path: file } = other;
        const title = 'Restore the previous version of guests.conf';
        await screen.clearNotifications();
        await desktop.exec(['systemctl', 'start', name]);
        await desktop.exec(['sh', '-c', `echo prot=5301 >> ${file}`]);
        await desktop.exec(['systemctl', 'restart', name], { mayFail: true });
        const { Id } = await service.untilIncident(
            name,
            ({ State, Cause, Proposals }) =>
                State === open && Cause.startsWith(`${file} was edited`) && Array.isArray(Proposals),
        );
        // The file can be put back, and the unit still cannot start.
        const squatter = ['dnsmasq', '--conf-file=/dev/null', '--port=5353', '--user=root', '--keep-in-foreground'];
        await desktop.exec(['systemd-run', '--unit=squatter', ...squatter]);
        await desktop.exec(['sh', '-c', 'until ss --udp --listening --numeric | grep -q :5353; do sleep 0.1; done']);
        await screen.openWithKey();
        await screen.untilShown(title, 'Apply');
        await screen.press('Apply');
        await screen.givePassword(/reeve-step/);
        await screen.hoverNotification('Only part of it worked');
        await desktop.clickOn('Show');
        await screen.untilOpen();
        await screen.untilShown(
            `${title}: Only part of it worked`,
            /^1 of 2 steps was completed and can be undone\. guests\.service failed again while starting/,
            `Finish: ${title}`,
            `Restart ${name}`,
            `Undo: Restores the content that ${file} had before the fix`,
        );
        expect(await contents(file)).toBe(other.good);
        const names = await desktop.names();
        expect(names.filter(name => /no (?:other )?known safe fix/i.test(name))).toEqual([]);
        await picture('partly');
        const { stdout } = await desktop.user([`${alice.home}/.local/bin/reeve`, 'show', String(Id)]);
        expect(stdout).toMatch(/\d\. Restore the previous version of guests\.conf \(partly done\)/);
        expect(stdout).not.toContain('No safe fix is known');

        await desktop.exec(['systemctl', 'stop', 'squatter']);
        await screen.tabTo(`Finish: ${title}`);
        expect(await screen.clickFocused()).toBe('Applying…');
        // The Shell closes the quick chat for its dialog. What is being done stays in it where it was asked for.
        await screen.untilAskedForPassword(/guests\.service/);
        expect(await screen.kept()).toEqual(jasmine.arrayContaining([`Finish: ${title}`, 'Cancel']));
        await screen.givePassword(/guests\.service/);
        await service.untilIncident(name, ({ State }) => State === fixed);
        expect(await activeState(desktop, name)).toBe('active');
        // Whether as a banner depends on whether the quick chat is open by then.
        await until('the outcome is announced', async () => (await screen.announced()).includes('Fixed'));
        await desktop.key('Escape');
        await screen.untilClosed();
        await screen.openWithKey();
        await screen.untilShown(`${title}: Fixed`, /^guests\.service is running/);
        await picture('finished');
    });
});
