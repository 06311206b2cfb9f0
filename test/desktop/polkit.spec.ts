// The system's password dialog, when a fix is applied in the quick chat: the right password, a wrong one, and a closed
// dialog, both in what the user sees and in the log of changes.
import type { Desktop } from './desktop.ts';
import { activeState, failingUnits, failUnit, removeReason } from './failingUnits.ts';
import { describeOnDesktops, patience } from './onDesktops.ts';
import { bootWithReeve, closeDialog, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';

const pictures = new URL('../out/desktop/polkit/', import.meta.url).pathname;
/** Of Incident.State. */
const [open, fixed] = [0, 2];

// On each Shell: the dialog is its own.
describeOnDesktops('A password for a fix', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, failingUnits);
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        await desktop.key('Escape');
        await screen.untilClosed();
        await screen.clearNotifications();
        await desktop.exec(['systemctl', 'reset-failed']);
        await screen.untilIndicatorSays('Reeve: all is well');
    });

    async function apply(unit: string): Promise<void> {
        await failUnit(desktop, unit);
        await service.untilIncident(unit, ({ Proposals }) => Array.isArray(Proposals) && Proposals.length > 0);
        await screen.openWithKey();
        await screen.untilShown('Apply');
        await screen.press('Apply');
        await screen.untilAskedForPassword(new RegExp(unit));
    }

    async function expectNothingDone(unit: string, title: string): Promise<void> {
        await screen.hoverNotification('Nothing was changed: not allowed');
        await desktop.clickOn('Show');
        await screen.untilOpen();
        await screen.untilShown(
            `${title}: Nothing was changed: not allowed`,
            /^The password was not entered, or you are not allowed to do this/,
            'Apply',
        );
        expect((await service.untilIncident(unit)).State).toBe(open);
        expect(await activeState(desktop, unit)).toBe('failed');
        expect(await service.auditEvents(unit)).toEqual(['refused', 'approved']);
    }

    it('lets the fix be made when it is given', async () => {
        const unit = 'sample-slow.service';
        await apply(unit);
        await removeReason(desktop);
        await screen.givePassword(/sample-slow\.service/);
        await screen.hoverNotification('Fixed');
        expect((await service.untilIncident(unit)).State).toBe(fixed);
        expect(await activeState(desktop, unit)).toBe('active');
        expect(await service.auditEvents(unit)).toEqual(['applied', 'approved']);
    });

    it('refuses the fix when it was wrong and no other is given', async () => {
        const unit = 'sample-fragile.service';
        await apply(unit);
        await desktop.type('secret\n');
        await screen.untilShown(/didn.t work/);
        await picture('wrong');
        await closeDialog(desktop);
        await expectNothingDone(unit, `Restart ${unit}`);
        await picture('refused');
    });

    it('refuses the fix when the dialog is closed', async () => {
        const unit = 'sample-database.service';
        await desktop.exec(['rm', '--force', '/run/sample-ok']);
        await apply(unit);
        await picture('asked');
        await desktop.clickOn('Cancel');
        await expectNothingDone(unit, `Restart ${unit}`);
    });
});
