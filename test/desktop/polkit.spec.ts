// The system's password dialog, when a fix is applied in the quick chat: the right password, a wrong one, and a closed
// dialog, both in what the user sees and in the log of changes; and what happens when nobody answers it.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import type { Execution } from '../../service/execution/executor.ts';
import type { Desktop } from './desktop.ts';
import { activeState, failingUnits, failUnit, removeReason } from './failingUnits.ts';
import { describeOnDesktops, eachSystemd, itOn, patience } from './onDesktops.ts';
import { bootWithReeve, closeDialog, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';

const pictures = new URL('../out/desktop/polkit/', import.meta.url).pathname;
/** What `carryOut` restarts, without Reeve. */
const quiet = {
    unit: 'sample-quiet.service',
    file: '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n',
    question: /sample-quiet\.service/,
};
/** Of Incident.State. */
const [open, fixed] = [0, 2];

/** The program for inside, in one file. */
async function bundle(directory: string): Promise<string> {
    const outfile = join(directory, 'carryOut.mjs');
    await build({
        entryPoints: [fileURLToPath(new URL('carryOut.ts', import.meta.url))],
        outfile,
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        logLevel: 'silent',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    return outfile;
}

// On each Shell: the dialog is its own.
describeOnDesktops('A password for a fix', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {
            ...failingUnits,
            [`/etc/systemd/system/${quiet.unit}`]: quiet.file,
        });
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

    it('is asked for again from the notification when it was missed', async () => {
        const unit = 'sample-exit.service';
        await desktop.exec(['rm', '--force', '/run/sample-ok']);
        await apply(unit);
        await closeDialog(desktop);
        await screen.hoverNotification('Nothing was changed: not allowed');
        const body = await desktop.evalJs<string>('Main.messageTray._notification.body');
        expect(body).toMatch(/not allowed to do this\. Restart sample-exit\.service\?$/);
        await picture('try-again');
        await removeReason(desktop);
        await desktop.clickOn('Try again');
        await screen.givePassword(/sample-exit\.service/);
        await screen.hoverNotification('Fixed');
        expect((await service.untilIncident(unit)).State).toBe(fixed);
        expect(await service.auditEvents(unit)).toEqual(['applied', 'approved', 'refused', 'approved']);
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

    async function pushCarryOut(): Promise<void> {
        const directory = await mkdtemp(join(tmpdir(), 'reeve-password-'));
        try {
            await desktop.push(await bundle(directory), '/opt/carry-out');
            // A copy: tar refuses a file whose links change, and every build links Node.
            const node = join(directory, 'node');
            await copyFile(process.execPath, node);
            await desktop.push(node, '/opt/carry-out');
        } finally {
            await rm(directory, { recursive: true });
        }
    }

    /** Restarts it as the executor does, from inside. @param argv a program that runs that */
    async function restart(argv: string[] = [], ...more: string[]): Promise<Execution> {
        const script = ['/opt/carry-out/node', '/opt/carry-out/carryOut.mjs', quiet.unit, ...more];
        const { stdout } = await desktop.user([...argv, ...script], { timeout: 60_000 });
        return JSON.parse(stdout) as Execution;
    }

    // These on each systemd and polkit, which ask and give up. Half a minute, which systemd sets.
    itOn(
        eachSystemd,
        suite,
        'is refused when systemd tires of waiting for the password, and the dialog goes',
        async () => {
            await pushCarryOut();
            const restarting = restart();
            await screen.untilAskedForPassword(quiet.question);
            expect(await restarting).toEqual({
                result: 'cancelled',
                begun: false,
                done: 0,
                detail: 'The password was not entered within 25 seconds. Try again',
            });
            await screen.untilAskedNothing();
        },
        patience,
    );

    itOn(
        eachSystemd,
        suite,
        'is asked for once for all steps of root, also across a reload, and says which of them failed',
        async () => {
            const failing = 'sample-fragile.service';
            await desktop.exec(['rm', '--force', '/run/sample-ok']);
            const restarting = restart([], 'sample-database.service', failing);
            await screen.givePassword(/reeve-step-[0-9a-f]{16}\.service/);
            expect(await restarting).toEqual({
                result: 'failed',
                begun: true,
                done: 2,
                detail: 'sample-database.service failed again while starting',
            });
            expect(await activeState(desktop, quiet.unit)).toBe('active');
            expect(await activeState(desktop, failing))
                .withContext('nothing runs after a failure')
                .not.toBe('active');
            const { stdout } = await desktop.exec(['systemctl', 'list-units', '--all', '--plain', 'reeve-step-*']);
            expect(stdout).withContext('it leaves no unit').not.toContain('reeve-step-');
            await desktop.exec(['systemctl', 'stop', quiet.unit]);
            // The reset below closes only an incident that is open by then.
            await service.untilIncident('sample-database.service', ({ State }) => State === open);
        },
        patience,
    );

    itOn(
        eachSystemd,
        suite,
        'is called off together with its dialog',
        async () => {
            // The pipe brings the line that cancels once the file is there.
            const whenTold = 'until test -e /tmp/call-off; do sleep 0.1; done; echo';
            const restarting = restart(['sh', '-c', `(${whenTold}) | "$@"`, 'sh']);
            await screen.untilAskedForPassword(quiet.question);
            await desktop.exec(['touch', '/tmp/call-off']);
            expect(await restarting).toEqual({
                result: 'cancelled',
                begun: false,
                done: 0,
                detail: 'Cancelled before anything was changed',
            });
            await screen.untilAskedNothing();
            await desktop.exec(['rm', '/tmp/call-off']);
            expect(await activeState(desktop, quiet.unit)).toBe('inactive');
        },
        patience,
    );
});
