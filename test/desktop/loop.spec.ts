// The whole loop, from a real failure of a unit to the undo, as it shows on the screen and on the bus.
import type { Desktop } from './desktop.ts';
import { activeState, failingUnits, failUnit, removeReason } from './failingUnits.ts';
import { ownUuid } from './oracle.ts';
import { describeOnDesktops, eachSystemd, itOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient, type SeenIncident } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/loop/', import.meta.url).pathname;
/** Of the notification that is drawn. */
const body = 'Main.messageTray._notification.body';
/** Of one of the units that fail beside others. */
const titleOf = (name: string) => `Sample that fails ${name}`;
const notificationOf = (name: string) =>
    `Main.messageTray.getSources().flatMap(({ notifications }) => notifications).find(({ title }) => title.startsWith('${titleOf(name)}'))`;
const popover = `Main.panel.statusArea['${ownUuid}'].menu.box`;
const actorIn = (styleClass: string, within = popover) => `(function find(actor) {
    return actor.has_style_class_name?.('${styleClass}') ? actor : actor.get_children().map(find).find(Boolean);
})(${within})`;
const headersIn = (actor: string) => `(function headers(actor) {
    return actor.has_style_class_name?.('reeve-card-button') ? [actor] : actor.get_children().flatMap(headers);
})(${actor})`;
/** Whether the card of one of them begins where the first card would, give or take the edge that fades. */
const isAtTop = (name: string) => `(header => {
    let view = header;
    while (!(view instanceof imports.gi.St.ScrollView)) view = view.get_parent();
    const top = header.get_transformed_position()[1] - view.get_transformed_position()[1];
    return top >= 0 && top < 60;
})(${headersIn(popover)}.find(({ accessible_name }) => accessible_name.startsWith('${titleOf(name)}')))`;
/** Units of the user: their fixes need no password. */
const ownUnits = {
    '/etc/systemd/user/sample-own@.service':
        "[Service]\nExecStart=/bin/sh -c 'test -e /run/sample-ok && exec sleep infinity; exit 1'\n",
};
/** Of Incident.State. */
const [open, fixed] = [0, 2];

// On each Shell: notifications, popover and password dialog, all the way. The other faults take the same way.
describeOnDesktops('The loop', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { ...failingUnits, '/etc/sample-worker.env': 'MODE=good\n', ...ownUnits });
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    // A unit that fails again soon goes on with its incident and is reported once, so each spec has a unit of its own.
    beforeEach(async () => {
        await desktop.exec(['rm', '--force', '/run/sample-ok']);
        await desktop.move(640, 600);
        await screen.untilIndicatorSays('Reeve: all is well');
    });
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        await desktop.key('Escape');
        await screen.untilClosed();
        await screen.clearNotifications();
        await desktop.exec(['sh', '-c', 'systemctl stop "sample-*"; systemctl reset-failed']);
    });

    /**
     * Fails a unit and waits until the incident is explained, reported once, and counted. The pointer then rests on the
     * notification.
     */
    async function notice(unit: string, title: string, cause: string, subject = unit): Promise<SeenIncident> {
        await Promise.all([failUnit(desktop, unit), screen.hoverNotification(title)]);
        const incident = await service.untilIncident(subject, ({ State, Cause }) => State === open && Cause === cause);
        await screen.untilIndicatorSays('Reeve: 1 problem');
        const all = await service.incidents();
        expect([...all.values()].filter(({ State }) => State === open).length).toBe(1);
        expect(incident.Title).toBe(title);
        expect((await screen.announced()).filter(each => each === title).length).toBe(1);
        return incident;
    }

    it('explains an error, fixes it from the notification on, and takes the fix back', async () => {
        const unit = 'sample-exit.service';
        const { Kind, Title, Cause } = await notice(
            unit,
            'Sample that exits with an error failed',
            'Its program ended with exit status 3. Its last message: “the gears are stuck”',
        );
        expect(Kind).toBe('exit-code');
        await desktop.waitFor(`${body} === ${JSON.stringify(`${Cause}. Restart ${unit}?`)}`);
        await picture('notification');
        await desktop.clickOn('Show fix');
        await screen.untilOpen();
        await screen.untilShown(
            Title,
            Cause,
            /^\u2066sample-exit\.service\u2069 · Since /,
            'It is not running.',
            /^Low risk: It is not running, so nothing is interrupted/,
            `Can be undone: Stops ${unit} again`,
            'You will be asked for a password',
            'Apply',
        );
        expect(await desktop.evalJs<boolean>("testDesktop.isInView('Apply')")).toBeTrue();
        await picture('plan');
        await screen.press('Exact change');
        await screen.untilShown(
            `systemctl restart ${unit}`,
            /\norg\.freedesktop\.systemd1\.Manager\.RestartUnit \("sample-exit\.service", "replace"\)$/,
        );
        await screen.openEvidence();
        await screen.untilShown('the gears are stuck', /Main process exited, code=exited, status=3/);
        await picture('evidence');

        await removeReason(desktop);
        await screen.press('Apply');
        await screen.untilAskedForPassword(/sample-exit\.service/);
        await picture('password');
        await screen.givePassword(/sample-exit\.service/);
        await screen.hoverNotification('Fixed');
        await picture('fixed');
        await service.untilIncident(unit, ({ State }) => State === fixed);
        await screen.untilIndicatorSays('Reeve: all is well');
        expect(await activeState(desktop, unit)).toBe('active');

        await desktop.clickOn('Undo');
        await screen.givePassword(/sample-exit\.service/);
        await screen.hoverNotification('Undone');
        expect(await activeState(desktop, unit)).toBe('inactive');
        await picture('undone');
        expect(await screen.announced()).toEqual(jasmine.arrayContaining([Title, 'Fixed', 'Undone']));
    });

    it('fixes what systemd gave up on with one click in the notification', async () => {
        const unit = 'sample-loop.service';
        const { Kind } = await notice(
            unit,
            'Sample that dies again and again failed too often',
            'Its program ended with exit status 1 and gave no reason.',
        );
        expect(Kind).toBe('start-limit');
        await desktop.waitFor(
            `${body} === 'Its program ended with exit status 1 and gave no reason. ' +
                'Reset the failed state and the start count of ${unit}, then: Restart ${unit}?'`,
        );
        await removeReason(desktop);
        await desktop.clickOn('Fix now');
        // Once for both steps, although polkit keeps no authorisation here: this desktop has no seat.
        await screen.givePassword(/reeve-step-[0-9a-f]{16}\.service/);
        await screen.hoverNotification('Fixed');
        await service.untilIncident(unit, ({ State }) => State === fixed);
        expect(await activeState(desktop, unit)).toBe('active');
        await picture('fixed-now');
        await screen.openWithKey();
        await screen.close();
        // The popover forgets what it has shown, and so the way back stays in the list.
        const actions = 'getSources().flatMap(({ notifications }) => notifications).flatMap(each => each.actions)';
        const labels = await desktop.evalJs<string[]>(`Main.messageTray.${actions}.map(({ label }) => label)`);
        expect(labels).toEqual(['Undo']);
    });

    it('lets nobody apply a change that was not in sight, however large the text is', async () => {
        const [unit, step] = ['sample-large.service', '2. Restart sample-large.service'];
        await desktop.setAppearance({ textScale: 2 });
        await desktop.waitFor('Main.panel.height >= 64');
        try {
            await failUnit(desktop, unit);
            await service.untilIncident(unit, ({ State, Cause }) => State === open && Cause !== '');
            await screen.untilIndicatorSays('Reeve: 1 problem');
            await screen.clearNotifications();
            await screen.openWithKey();
            await desktop.waitFor("testDesktop.isInView('Show the change')");
            expect(await desktop.evalJs<boolean>(`testDesktop.isInView('${step}')`)).toBeFalse();
            expect(await screen.controls()).not.toContain('Apply');
            // Nothing shows through the buttons, nor below them once the height of the quick chat is settled.
            await desktop.waitFor(`(footer => {
                let view = footer;
                while (!(view instanceof imports.gi.St.ScrollView)) view = view.get_parent();
                const [bottom, edge] = [footer, view].map(each => each.get_transformed_position()[1] + each.height);
                return footer.get_theme_node().get_background_color().alpha === 255 && Math.abs(edge - bottom) < 1;
            })(${actorIn('reeve-plan-footer')})`);
            await picture('large');

            const [x, y] = await desktop.evalJs<[number, number]>("testDesktop.find('Show the change')");
            await desktop.click(x, y);
            await desktop.click(x, y);
            await desktop.waitFor(`['${step}', 'Apply'].every(name => testDesktop.isInView(name))`);
            expect((await desktop.names()).filter(name => /^Applying|^Never report/.test(name))).toEqual([]);
            await picture('large-shown');
            // The steps are read out, and Tab goes on from there to nothing that the buttons cover.
            expect(await screen.focused()).toContain(`\n${step.slice(3)}`);
            expect(await screen.tabTo('Exact change')).toEqual(['Exact change']);
            await desktop.waitFor("testDesktop.isInView('Exact change')");
            expect(await screen.tabTo('Apply')).toEqual(['Apply']);
            await screen.close();
        } finally {
            await desktop.setAppearance({ textScale: 1 });
            await desktop.waitFor('Main.panel.height < 64');
        }
    });

    itOn(once, suite, 'fixes what took too long from the popover on, and takes it back there', async () => {
        const unit = 'sample-slow.service';
        const { Kind } = await notice(
            unit,
            'Sample that never gets ready did not start in time',
            'It was not ready within 1 second.',
        );
        expect(Kind).toBe('timeout');
        await removeReason(desktop);
        await screen.openWithPointer('Reeve: 1 problem');
        await screen.untilShown('It was not ready within 1 second.');
        await picture('timeout');
        await screen.tabTo('Apply');
        expect(await screen.clickFocused()).toBe('Applying…');
        await screen.givePassword(/sample-slow\.service/);
        await service.untilIncident(unit, ({ State }) => State === fixed);
        await screen.openWithPointer('Reeve: all is well');
        await screen.untilShown(/· Fixed · Last seen /, /: Fixed$/, `${unit} is running`);
        // What is said of the fix is not said again of the incident.
        expect(await desktop.names()).not.toContain(`${unit} is running.`);
        await picture('closed');
        // What holds nothing would be a gap.
        const empty = `(function empty(actor) {
            if (!actor.mapped) return [];
            const { St } = imports.gi;
            const isEmpty = actor instanceof St.BoxLayout && actor.get_children().every(({ visible }) => !visible);
            return [...(isEmpty ? [actor.style_class] : []), ...actor.get_children().flatMap(empty)];
        })(${popover})`;
        expect(await desktop.evalJs<string[]>(empty)).toEqual([]);
        await screen.press(`Undo: Stops ${unit} again`);
        await screen.givePassword(/sample-slow\.service/);
        await screen.hoverNotification('Undone');
        expect(await activeState(desktop, unit)).toBe('inactive');
    });

    itOn(once, suite, 'explains what failed because of something else by its root, and mends both', async () => {
        const [root, dependant] = ['sample-database.service', 'sample-web.service'];
        const cause = 'Its program ended with exit status 1. Its last message: “the store is locked”';
        const { Kind } = await notice(dependant, 'Sample database failed', cause, root);
        expect(Kind).toBe('exit-code');
        expect((await service.incidents()).has(dependant)).toBeFalse();
        await removeReason(desktop);
        await screen.openWithKey();
        await screen.untilShown(`Also failed as a result: ${dependant}`, /the store is locked/);
        await picture('dependency');
        await screen.press('Apply');
        await screen.givePassword(/reeve-step-[0-9a-f]{16}\.service/);
        await service.untilIncident(root, ({ State }) => State === fixed);
        expect(await activeState(desktop, root)).toBe('active');
        expect(await activeState(desktop, dependant)).toBe('active');
    });

    itOn(once, suite, 'has what took a port make way, and gives it back', async () => {
        const [unit, holder] = ['sample-names.service', 'sample-holder.service'];
        await desktop.exec(['systemctl', 'start', holder]);
        await desktop.exec(['sh', '-c', 'until ss -Hltn | grep -q :5400; do sleep 0.1; done']);
        await failUnit(desktop, unit);
        await service.untilIncident(unit, ({ State, Cause }) => State === open && Cause.includes(holder));
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.clearNotifications();
        await screen.openWithKey();
        await screen.untilShown(
            new RegExp(`^It needs network port 5400, which ${holder} already uses\\. `),
            `Stop ${holder}, then restart ${unit}`,
            `1. Stop ${holder}`,
            /^Medium risk: /,
            `Can be undone: Stops ${unit} and starts ${holder} again`,
        );
        await picture('port');
        await screen.press('Apply');
        await screen.givePassword(/reeve-step-[0-9a-f]{16}\.service/);
        await service.untilIncident(unit, ({ State }) => State === fixed);
        expect(await activeState(desktop, unit)).toBe('active');
        expect(await activeState(desktop, holder)).toBe('inactive');
        await screen.hoverNotification('Fixed');
        await desktop.clickOn('Undo');
        await screen.givePassword(/reeve-step-[0-9a-f]{16}\.service/);
        await screen.hoverNotification('Undone');
        expect(await activeState(desktop, unit)).toBe('inactive');
        expect(await activeState(desktop, holder)).toBe('active');
    });

    it('opens at the card of the notification that was clicked', async () => {
        const [below, clicked, above] = ['first', 'second', 'third'];
        for (const name of [below, clicked, above]) {
            const unit = `sample-${name}.service`;
            await failUnit(desktop, unit);
            await service.untilIncident(unit, ({ State, Cause }) => State === open && Cause !== '');
            if (name !== above) await desktop.waitFor(`${notificationOf(name)} !== undefined`);
        }
        await screen.untilIndicatorSays('Reeve: 3 problems');
        // Those that were fixed before may have theirs, too.
        await desktop.waitFor(`${headersIn(popover)}.length >= 3`);
        await desktop.evalJs(`${headersIn(popover)}.forEach(header => { header.checked = true; }); null`);
        // As a click on it does, wherever it is.
        await desktop.evalJs(`${notificationOf(clicked)}.activate(); null`);
        await screen.untilOpen();
        await desktop.waitFor(isAtTop(clicked));
        expect(await screen.focused()).toMatch(new RegExp(`^${titleOf(clicked)} failed`));
        await picture('clicked');
        await desktop.key('Escape');
        await screen.untilClosed();
    });

    it('makes one card of many that failed together, and one line of their recovery', async () => {
        const many = 'for i in $(seq 1 30); do systemd-run --quiet --unit=sample-many-$i false & done; wait';
        await desktop.exec(['sh', '-c', many]);
        await screen.untilIndicatorSays('Reeve: 30 problems');
        await screen.clearNotifications();
        await screen.openWithKey();
        // The cause is shown once it is that of all 30.
        await screen.untilShown(
            /^30 services failed at /,
            /^\u2066sample-many-.* and 27 more$/,
            'Its program ended with exit status 1 and gave no reason.',
        );
        await picture('many');
        // What runs after the JavaScript that makes cards counts those of one go.
        await desktop.evalJs(`globalThis.mostCardsAtOnce = 0;
            let count = 0;
            ${actorIn('reeve-cards', actorIn('reeve-card-body'))}.connect('child-added', () => {
                count += 1;
                mostCardsAtOnce = Math.max(mostCardsAtOnce, count);
                Promise.resolve().then(() => { count = 0; });
            });
            null`);
        const untilTitled = (cards: number) =>
            until(`${cards} cards are made`, async () => {
                const names = await desktop.names();
                return names.filter(name => /^sample-many-\d+\.service failed$/.test(name)).length === cards;
            });
        await screen.press('Details');
        await screen.untilShown('Show 10 more', 'Dismiss all');
        await untilTitled(10);
        await picture('many-expanded');
        await screen.tabTo('Show 10 more');
        await screen.clickFocused();
        await untilTitled(20);
        expect(await desktop.evalJs('mostCardsAtOnce')).toBe(1);
        await desktop.exec(['systemctl', 'reset-failed']);
        await screen.untilShown('30 failed services no longer exist');
        expect((await desktop.names()).filter(name => name.startsWith('No longer exists'))).toEqual([]);
        await picture('many-over');
    });

    itOn(once, suite, 'shows the one change that broke many', async () => {
        const each = (what: string) =>
            desktop.exec(['sh', '-c', `for i in $(seq 1 12); do systemctl ${what} sample-worker@$i & done; wait`]);
        await each('start');
        await desktop.exec(['sh', '-c', 'echo MODE=bad > /etc/sample-worker.env']);
        await each('restart');
        await screen.untilIndicatorSays('Reeve: 12 problems');
        await screen.clearNotifications();
        await screen.openWithKey();
        await screen.untilShown(/^12 services failed at /, '/etc/sample-worker.env was edited');
        expect(await desktop.names()).not.toContain('They began together, so they probably have one cause');
        await screen.press('Details');
        await screen.untilShown('Shortly before', '+MODE=bad');
        await picture('many-of-one-change');
        await desktop.exec(['systemctl', 'reset-failed']);
        await screen.untilIndicatorSays('Reeve: all is well');
    });

    it('fixes many with one approval, and undoes that with one', async () => {
        const own = (...words: string[]) => desktop.user(['systemctl', '--user', ...words], { mayFail: true });
        const names = [1, 2, 3, 4, 5, 6].map(each => `sample-own@${each}.service`);
        const states = async () => [...new Set((await own('is-active', ...names)).stdout.trim().split('\n'))];
        await Promise.all(names.map(name => own('start', name)));
        await screen.untilIndicatorSays('Reeve: 6 problems');
        await removeReason(desktop);
        await screen.clearNotifications();
        await screen.openWithKey();
        await screen.untilShown(/^6 services failed at /, 'Show fix');
        await screen.press('Show fix');
        await screen.untilShown('Restart all 6 services', /^Can be undone: Stops all 6 services again$/);
        for (const name of names) await screen.untilShown(new RegExp(`^\\d\\. Restart ${name}$`));
        await screen.untilShown('Apply');
        await picture('many-fix');
        const outcomes = async () => (await screen.announced()).filter(title => title === 'Fixed').length;
        const before = await outcomes();
        await screen.press('Apply');
        await screen.untilShown('6 services were fixed', 'Undo: Stops all 6 services again');
        expect(await states()).toEqual(['active']);
        expect(await outcomes()).toBe(before);
        await picture('many-fixed');
        await screen.press('Undo: Stops all 6 services again');
        await until('all are stopped', async () => (await states()).join() === 'inactive');
        await screen.untilShown('6 services were fixed', 'Undone');
        await picture('many-undone');
        await own('reset-failed');
        await screen.untilIndicatorSays('Reeve: all is well');
    });

    itOn(eachSystemd, suite, 'offers nothing but the evidence where nothing safe is known', async () => {
        const unit = 'sample-missing.service';
        const { Kind, Cause } = await notice(
            unit,
            'Sample without its program cannot be started',
            'Its program /usr/bin/nonexistent does not exist.',
        );
        expect(Kind).toBe('missing-executable');
        expect(await desktop.names()).not.toContain('Fix now');
        expect(await desktop.names()).not.toContain('Show fix');
        await screen.openWithKey();
        await screen.untilShown(Cause, /^There is no known safe fix/);
        expect(await desktop.names()).not.toContain('Apply');
        await screen.openEvidence();
        await screen.untilShown(/nonexistent'?: No such file or directory/);
        await picture('nothing-safe');
        // News of the incident closes nothing that the user has opened.
        await failUnit(desktop, unit);
        await screen.untilShown(/· 2 times since/, /nonexistent'?: No such file or directory/);
    });

    itOn(eachSystemd, suite, 'says what is still wrong when the fix did not help', async () => {
        const unit = 'sample-fragile.service';
        const { Title } = await notice(
            unit,
            'Sample that dies a second after its start failed',
            'Its program ended with exit status 1 and gave no reason.',
        );
        await screen.openWithKey();
        await screen.press('Apply');
        await screen.givePassword(/sample-fragile\.service/);
        await screen.hoverNotification('Done, but it is still broken');
        await picture('still-wrong-notification');
        await desktop.clickOn('Show');
        await screen.untilOpen();
        await screen.untilShown('sample-fragile.service has failed', /Restarting it did not help/);
        await picture('still-wrong');
        expect((await service.untilIncident(unit)).State).toBe(open);
        expect((await screen.announced()).filter(title => title === Title).length).toBe(1);
        await screen.press('Dismiss');
        await screen.untilIndicatorSays('Reeve: all is well');
    });
});
