// The first opening of the quick chat: the introduction, by keyboard alone, as it looks, and what comes of leaving it.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { failingUnits, failUnit } from './failingUnits.ts';
import { startShell } from './faults.ts';
import type { Suite } from './image.ts';
import { ownUuid } from './oracle.ts';
import { describeOnDesktops, eachSystemd, itOn, once, patience } from './onDesktops.ts';
import type { Appearance } from './settings.ts';
import { PreferencesWindow } from './support/preferencesWindow.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/firstRun/', import.meta.url).pathname;
const settings = `Main.extensionManager.lookup(${JSON.stringify(ownUuid)}).stateObj.getSettings()`;
const menu = `Main.panel.statusArea[${JSON.stringify(ownUuid)}].menu`;
const unseen = { 'org.gnome.shell.extensions.reeve': { 'introduction-shown': '0' } };
const [unit, demo] = ['sample-exit.service', 'reeve-demo.service'];
const subject = 'Sample that exits with an error';
const fault = `${subject} failed`;
const [first, second, third] = ['1 of 3: What Reeve watches', '2 of 3: What is wrong now', '3 of 3: A language model'];
const reeve = `${alice.home}/.local/bin/reeve`;
const entry = 'Ask about this computer';
/** The labels whose text is wider or higher than they are, and what is drawn beside the monitor. */
const cutOff = `(function visit(actor) {
    if (!actor.mapped) return [];
    const own = [];
    if (typeof actor.text === 'string' && actor.get_layout) {
        const [width, height] = actor.get_layout().get_pixel_size();
        const [left] = actor.get_transformed_position();
        const { x, width: wide } = Main.layoutManager.primaryMonitor;
        const isCut = width > actor.width + 1 || height > actor.height + 1;
        if (isCut || left < x || left + actor.width > x + wide) own.push(actor.text);
    }
    return [...own, ...actor.get_children().flatMap(visit)];
})(${menu}.box)`;

const goesOn = "global.stage.get_key_focus()?.has_style_class_name?.('default') === true";

async function boot(suite: Suite, language: Record<string, string> = {}): Promise<Desktop> {
    const desktop = await bootWithReeve(suite, { ...failingUnits, ...language }, unseen);
    await failUnit(desktop, unit);
    await new ServiceClient(desktop).untilIncident(unit, ({ Cause }) => Cause.includes('stuck'));
    return desktop;
}

// On each Shell: keys, focus, styles, languages.
describeOnDesktops('The introduction', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const showAgain = () => desktop.evalJs(`${settings}.set_int('introduction-shown', 0); null`);
    const isSeen = () => desktop.evalJs<boolean>(`${settings}.get_int('introduction-shown') > 0`);
    const isLeft = async () => {
        const file = `${alice.home}/.config/systemd/user/${demo}`;
        return (await desktop.exec(['test', '-e', file], { mayFail: true })).code === 0;
    };
    const isWhole = async () => {
        expect(await desktop.evalJs<string[]>(cutOff)).toEqual([]);
    };
    const next = async (title: string) => {
        await screen.tabTo('Next');
        await desktop.key('Return');
        await screen.untilFocused(title);
    };

    /** To the end of the change, where the button that applies it is. */
    const readOn = () =>
        until('the change was read', async () => {
            const names = await desktop.names();
            if (names.includes('Show the change')) await desktop.clickOn('Show the change');
            return names.includes('Apply');
        });

    describe('in English', () => {
        beforeAll(async () => {
            desktop = await boot(suite);
            screen = new Screen(desktop);
            await screen.untilIndicatorSays('Reeve: 1 problem');
            await screen.clearNotifications();
        }, patience);
        afterAll(async () => {
            await desktop.down();
        }, patience);
        beforeEach(showAgain);
        afterEach(async () => {
            expect(await desktop.errors()).toEqual([]);
            await desktop.evalJs(`${menu}.close(); null`);
            await screen.untilClosed();
        });

        it('takes three steps, by keyboard alone, and is not there the next time', async () => {
            await screen.openWithKey();
            await screen.untilFocused(first);
            await screen.untilShown(
                /^Reeve reads the log of this computer/,
                /^Nothing leaves this computer/,
                /^Nothing is changed until you have seen the change and approved it/,
                /^\d+ sources are watched$/,
            );
            expect(await screen.controls()).toEqual(jasmine.arrayContaining(['Next', 'Skip']));
            await picture('first');
            await next(second);
            await screen.untilShown(fault);
            await picture('second');
            await screen.tabTo('Back');
            await desktop.key('Return');
            await screen.untilFocused(first);
            await next(second);
            await next(third);
            await screen.untilShown(/^This computer has .* of memory/, /^Download /);
            await picture('third');
            // Two presses of Return do not do what nobody has read yet.
            await desktop.key('Return');
            await screen.untilFocused(third);
            await next('Try it');
            await screen.tabTo('Start using Reeve');
            await desktop.key('Return');
            await screen.untilFocused(entry);
            expect(await isSeen()).toBeTrue();
            await screen.close();
            await screen.openWithKey();
            await screen.untilFocused(entry);
            expect(await desktop.names()).not.toContain(first);
        });

        it('is left by Escape and by “Skip”', async () => {
            await screen.openWithKey();
            await screen.untilFocused(first);
            expect(await isSeen()).toBeFalse();
            await screen.close();
            expect(await isSeen()).toBeTrue();
            await showAgain();
            await screen.openWithKey();
            await screen.tabTo('Skip');
            await desktop.key('Return');
            await screen.untilFocused(entry);
            expect(await isSeen()).toBeTrue();
            await screen.close();
        });

        it('is left for an incident, and for the earlier conversations', async () => {
            await screen.openWithKey();
            await next(second);
            await screen.untilShown(fault);
            await screen.tabTo(fault);
            await desktop.key('Return');
            await screen.untilShown(/the gears are stuck/, 'Apply');
            expect(await isSeen()).toBeTrue();
            await screen.close();
            await showAgain();
            await screen.openWithKey();
            await desktop.clickOn('Earlier conversations');
            await screen.untilFocused('Search conversations');
            expect(await isSeen()).toBeTrue();
            await screen.close();
        });

        it('breaks something of its own, which is noticed, repaired, checked and removed', async () => {
            const own = `${alice.home}/.config/systemd/user/reeve-demo`;
            const left = async () =>
                (await desktop.exec(['sh', '-c', `ls ${own}.* 2>/dev/null || true`])).stdout
                    .split('\n')
                    .filter(Boolean);
            const state = async () =>
                (await desktop.user(['systemctl', '--user', 'is-active', demo], { mayFail: true })).stdout.trim();
            await screen.openWithKey();
            for (const title of [second, third, 'Try it']) await next(title);
            await picture('demo');
            await screen.tabTo('Break it');
            await desktop.key('Return');
            await screen.untilShown('Restore the previous version of reeve-demo.env', /MODE has to be wait, not wiat/);
            expect(await state()).toBe('failed');
            expect(await left()).toEqual([`${own}.env`, `${own}.service`]);
            await picture('demo-noticed');
            // Its notification, or the wish to look something up, closes the popover: the demo goes on.
            await screen.close();
            expect(await isSeen()).toBeFalse();
            await screen.openWithKey();
            await screen.untilShown('Try it');
            await readOn();
            await screen.press('Apply');
            await screen.untilShown(/^Repaired and checked\./);
            expect(await state()).toBe('active');
            await picture('demo-repaired');
            await screen.press('Remove the demo');
            await screen.untilShown('The demo is removed.', 'Break it');
            expect(await left()).toEqual([]);
            expect(await state()).toBe('inactive');
            await screen.untilIndicatorSays('Reeve: 1 problem');
            await picture('demo-removed');
        });

        it('removes the demo for who leaves half-way, and after the service was killed', async () => {
            const begin = async () => {
                await screen.openWithKey();
                for (const title of [second, third, 'Try it']) await next(title);
                await screen.press('Break it');
                await screen.untilShown(/MODE has to be wait, not wiat/);
                expect(await isLeft()).toBeTrue();
            };
            await begin();
            await desktop.clickOn('Earlier conversations');
            await screen.untilFocused('Search conversations');
            await desktop.clickOn('Earlier conversations');
            await screen.untilShown('The demo is running');
            await picture('demo-in-chat');
            await screen.press('Remove the demo');
            await until('the demo is gone', async () => !(await isLeft()));
            await until('its banner is gone', async () => !(await desktop.names()).includes('The demo is running'));
            await screen.close();
            await showAgain();
            await begin();
            await screen.press('Start using Reeve');
            await until('the demo is gone', async () => !(await isLeft()));
            await screen.close();
            await showAgain();
            await begin();
            await desktop.user(['systemctl', '--user', 'kill', '--signal=SIGKILL', 'reeve.service']);
            await until('the demo is gone', async () => !(await isLeft()));
            const audit = await desktop.user([reeve, 'audit'], { mayFail: true });
            expect(audit.stdout).toContain(demo);
            await new ServiceClient(desktop).untilJournalIsWatched();
        });

        itOn(once, suite, 'breaks and repairs it on a terminal, too', async () => {
            const said = `${alice.runtime}/demo.txt`;
            const person = `echo y; until grep -qs 'Apply this?' ${said}; do sleep 0.1; done; echo y`;
            const command = `script --quiet --return --flush --command '${reeve} setup --demo' ${said}`;
            const { stdout, code } = await desktop.user(['sh', '-c', `(${person}) | ${command}`], {
                mayFail: true,
                timeout: 100_000,
            });
            expect(stdout).toContain('Restore the previous version of reeve-demo.env');
            expect(stdout).toContain('The demo is removed.');
            expect(code).withContext(stdout).toBe(0);
            expect(await isLeft()).toBeFalse();
            await screen.untilIndicatorSays('Reeve: 1 problem');
        });

        itOn(once, suite, 'comes back from the preferences', async () => {
            await desktop.evalJs(`${settings}.set_int('introduction-shown', 1); null`);
            await desktop.gsettings('org.gnome.desktop.interface', 'toolkit-accessibility', 'true');
            const window = new PreferencesWindow(desktop);
            await screen.openWithKey();
            await desktop.clickOn('Preferences');
            await desktop.waitFor("global.display.focus_window?.title === 'Reeve'");
            await window.work('About');
            await window.work('Show the introduction again');
            await window.untilShown('It is shown when you next open Reeve.');
            await picture('preferences');
            await desktop.key('Alt+F4');
            await desktop.waitFor('global.get_window_actors().length === 0');
            await screen.openWithKey();
            await screen.untilFocused(first);
            // A look at the preferences is no end of it.
            await next(second);
            await next(third);
            await screen.press('More in Preferences');
            await desktop.waitFor("global.display.focus_window?.title === 'Reeve'");
            await desktop.key('Alt+F4');
            await desktop.waitFor('global.get_window_actors().length === 0');
            expect(await isSeen()).toBeFalse();
            await screen.openWithKey();
            await screen.untilFocused(third);
            await screen.close();
        });

        it('fits in each style', async () => {
            const styles: [string, Appearance][] = [
                ['light', {}],
                ['dark', { dark: true }],
                ['contrast', { highContrast: true }],
                ['large', { highContrast: false, textScale: 2 }],
            ];
            // The Shell is dark unless light is asked for.
            await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', "'prefer-light'");
            for (const [name, appearance] of styles) {
                await desktop.setAppearance(appearance);
                await desktop.waitFor(`Main.panel.height >= ${32 * (appearance.textScale ?? 1)}`);
                await showAgain();
                await screen.openWithKey();
                await screen.untilFocused(first);
                await isWhole();
                await picture(`${name}-first`);
                await next(second);
                await screen.untilShown(fault);
                await isWhole();
                await picture(`${name}-second`);
                await next(third);
                await screen.untilShown(/^Download /);
                await isWhole();
                await picture(`${name}-third`);
                await screen.close();
            }
            await desktop.setAppearance({ dark: false, textScale: 1 });
        });

        itOn(
            eachSystemd,
            suite,
            'lets a user read the log who may not, with a plan and a password',
            async () => {
                for (const group of ['adm', 'systemd-journal'])
                    await desktop.exec(['gpasswd', '--delete', 'alice', group]);
                await desktop.exec(['systemctl', 'stop', 'desktop.service'], { timeout: 60_000 });
                await desktop.exec(['systemctl', 'restart', 'user@1000.service'], { timeout: 60_000 });
                await startShell(desktop);
                await until('it is known that the log cannot be read', async () =>
                    (await new ServiceClient(desktop).noticeCodes()).includes('journal-unreadable'),
                );
                await screen.clearNotifications();
                await screen.openWithKey();
                await next(second);
                await screen.untilShown('Let alice read the system log', 'Apply');
                await picture('log');
                await screen.press('Exact change');
                await screen.untilShown(/gpasswd/);
                await screen.press('Apply');
                await screen.givePassword(/./);
                await until('alice is in the group', async () =>
                    / (adm|systemd-journal)\b/.test(
                        (await desktop.exec(['id', 'alice'])).stdout.replaceAll(/[(),]/g, ' '),
                    ),
                );
                // The dialog closed it in the middle of the introduction, which goes on.
                await screen.openWithKey();
                await screen.untilShown(second, /^Let alice read the system log: /);
                await picture('log-done');
            },
            2 * patience,
        );
    });

    for (const [name, locale] of [
        ['German', 'de_DE.UTF-8'],
        ['Arabic, from right to left', 'ar_EG.UTF-8'],
    ] as const)
        it(
            `fits in ${name}, where it is walked by keyboard alone`,
            async () => {
                desktop = await boot(suite, {
                    '/etc/locale.conf': `LANG=${locale}\n`,
                    '/etc/default/locale': `LANG=${locale}\n`,
                });
                try {
                    screen = new Screen(desktop);
                    await screen.clearNotifications();
                    await screen.openWithKey();
                    for (const step of [1, 2, 3]) {
                        await screen.untilShown(new RegExp(`^${step} \\S+ 3: `));
                        if (step === 2) await screen.untilShown(new RegExp(subject));
                        if (step === 3) await screen.untilShown(/huggingface\.co/);
                        await isWhole();
                        await picture(`${locale.slice(0, 2)}-${step}`);
                        // Whatever the button that goes on is called there.
                        while (!(await desktop.evalJs<boolean>(goesOn))) await desktop.key('Tab');
                        await desktop.key('Return');
                    }
                    await desktop.waitFor(`!${goesOn}`);
                    await isWhole();
                    await picture(`${locale.slice(0, 2)}-4`);
                    expect(await desktop.errors()).toEqual([]);
                } finally {
                    await desktop.down();
                }
            },
            2 * patience,
        );
});
