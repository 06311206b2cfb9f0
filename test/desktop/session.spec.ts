// Reeve as a part of the session: it comes quietly, keeps to itself on the lock screen, shares keys, and leaves nothing.
import * as z from 'zod';
import { bootInstalled } from './support/installed.ts';
import type { Desktop } from './desktop.ts';
import { restartShell } from './faults.ts';
import { lock, unlock } from './lockScreen.ts';
import { ownUuid } from './oracle.ts';
import { describeOnDesktops, once, patience } from './onDesktops.ts';
import { PreferencesWindow } from './support/preferencesWindow.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { pressShortcut } from './support/shortcuts.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/session/', import.meta.url).pathname;
const uuid = JSON.stringify(ownUuid);
const indicator = `Main.panel.statusArea[${uuid}]`;
const isNamed = (name: string) => `${indicator}.accessible_name === ${JSON.stringify(name)}`;
const extensionState = `Main.extensionManager.lookup(${uuid}).state`;
/** ExtensionState in gnome-shell's js/misc/extensionUtils.js. */
const [active, inactive] = [1, 2];
/** Of Incident.Notification. */
const [wanted, shown] = [1, 2];
const bindings = 'org.gnome.desktop.wm.keybindings';
/**
 * What mutter does for Super+Space, as a number; it binds its keys again some time after a setting has changed. The
 * space bar is 65.
 */
const boundTo = 'global.display.get_keybinding_action(65, imports.gi.Clutter.ModifierType.MOD4_MASK)';
/** Meta.KeyBindingAction.NONE. */
const nothing = 0;
/** Two input sources, so that the key which switches between them is one that is used. */
const settings = { 'org.gnome.desktop.input-sources': { sources: "[('xkb', 'us'), ('xkb', 'de')]" } };

/** Of one connection to the bus, here the Shell's (dbus-daemon, bus/stats.c). */
const nameOwner = z.object({ data: z.tuple([z.string()]) });
const matchRules = z.object({ data: z.tuple([z.record(z.string(), z.array(z.string()))]) });

// On each Shell: keys, lock screen, notifications, and what the extension leaves in it.
describeOnDesktops('In the session', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const fail = (unit: string) => desktop.exec(['systemd-run', '--quiet', `--unit=${unit}`, 'false']);
    /** If it is not, Reeve's other reports are the only trace of why. */
    const untilAllIsWell = async () => {
        try {
            await desktop.waitFor(isNamed('Reeve: all is well'));
        } catch (error) {
            const name = await desktop.evalJs<string>(`${indicator}?.accessible_name ?? 'nothing'`);
            const { stdout, stderr } = await desktop.user(['reeve', 'status'], { mayFail: true });
            throw new Error(`The indicator says “${name}”, and Reeve:\n${stdout}${stderr}`, { cause: error });
        }
    };
    const opensWith = async (key: string) => {
        await pressShortcut(desktop, key);
        await desktop.waitFor(`${indicator}.menu.isOpen`);
        await desktop.key('Escape');
        await desktop.waitFor(`!${indicator}.menu.isOpen`);
    };
    const acceleratorsOf = async (key: string): Promise<string[]> => {
        const settingsOf = `new imports.gi.Gio.Settings({ schema_id: '${bindings}' })`;
        return desktop.evalJs(`${settingsOf}.get_strv(${JSON.stringify(key)})`);
    };

    beforeAll(async () => {
        desktop = await bootInstalled(suite, { settings });
        service = new ServiceClient(desktop);
    }, patience);

    afterAll(async () => {
        await desktop.down();
    }, patience);

    beforeEach(untilAllIsWell, patience);

    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        await desktop.exec(['systemctl', 'reset-failed']);
    }, patience);

    it('reports nothing after a clean boot', async () => {
        expect([...(await service.incidents()).keys()]).toEqual([]);
        expect(await service.noticeCodes()).toEqual([]);
        expect(await desktop.evalJs<number>('Main.messageTray.getSources().length')).toBe(0);
    });

    it(
        'says where the pointer opens it which key does the same',
        async () => {
            await desktop.clickOn('Reeve: all is well');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen`);
            await desktop.move(640, 600);
            await desktop.evalJs(`${indicator}.set_hover(true); null`);
            expect(await desktop.names()).toContain('Ctrl+Super+Space opens Reeve');
            await desktop.evalJs(`${indicator}.set_hover(false); null`);
        },
        patience,
    );

    it(
        'goes while its popover is open, with the lock screen or when it is turned off',
        async () => {
            // Off by themselves where there is no GPU; an animation that is under way is what must not be left behind.
            await desktop.evalJs('imports.gi.St.Settings.get().uninhibit_animations(); null');
            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            await lock(desktop);
            await desktop.waitFor(`${extensionState} === ${inactive}`);
            await unlock(desktop);
            await untilAllIsWell();
            await opensWith('Ctrl+Super+space');

            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            await desktop.evalJs(`Main.extensionManager.disableExtension(${uuid})`);
            await desktop.waitFor(`${extensionState} === ${inactive} && Main.modalCount === 0`);
            await desktop.evalJs(`Main.extensionManager.enableExtension(${uuid})`);
            await untilAllIsWell();
            await opensWith('Ctrl+Super+space');
        },
        patience,
    );

    it(
        'leaves nothing behind when it is turned off, many times',
        async () => {
            // The overview finds its applications in its own time.
            const actors = `(function count(actor) {
                if (actor === Main.layoutManager.overviewGroup) return 0;
                return actor.get_children().reduce((sum, child) => sum + count(child), 1);
            })(global.stage)`;
            const switchOff = async () => {
                await desktop.evalJs(`Main.extensionManager.disableExtension(${uuid})`);
                await desktop.waitFor(`${extensionState} === ${inactive}`);
            };
            // A key that was taken back stays in the list, allowed in no mode (gnome-shell, js/ui/windowManager.js).
            const isBound = (key: string) =>
                desktop.evalJs<boolean>(`Boolean(Main.wm._allowedKeybindings[${JSON.stringify(key)}])`);
            const askBus = async (iface: string, ...method: string[]) => {
                const bus = ['org.freedesktop.DBus', '/org/freedesktop/DBus', iface];
                const { stdout } = await desktop.user(['busctl', '--user', '--json=short', 'call', ...bus, ...method]);
                return JSON.parse(stdout) as unknown;
            };
            /** Of the Shell's rules those that are ours: it comes and goes with some of its own. */
            const ownRules = async () => {
                const owner = await askBus('org.freedesktop.DBus', 'GetNameOwner', 's', 'org.gnome.Shell');
                const rules = await askBus('org.freedesktop.DBus.Debug.Stats', 'GetAllMatchRules');
                const [name] = nameOwner.parse(owner).data;
                return (matchRules.parse(rules).data[0][name] ?? []).filter(rule => /reeve/i.test(rule));
            };
            // The Shell takes its rules back without waiting for the bus.
            const untilNoOwnRules = () =>
                until('no rule of ours is left', async () => {
                    const rules = await ownRules();
                    if (rules.length > 0) throw new Error(rules.join(' | '));
                    return true;
                });
            const switchOn = async () => {
                await desktop.evalJs(`Main.extensionManager.enableExtension(${uuid})`);
                await untilAllIsWell();
            };
            await switchOff();
            // In a Shell that has never had it on, one subscription that is left behind is seen: the bus counts those that
            // are alike as one.
            await restartShell(desktop);
            await untilNoOwnRules();
            // Whatever the Shell makes at the first time and keeps is there after this.
            await switchOn();
            expect((await ownRules()).length).toBeGreaterThan(4);
            await switchOff();
            const before = await desktop.evalJs<number>(actors);
            // A chat that a signal, a source or a call still leads to is never collected.
            const rounds = once.includes(suite) ? 200 : 50;
            const kept = await desktop.evalJs<number>(
                `(async () => {
                    const { GLib } = imports.gi;
                    const made = [];
                    const until = async state => {
                        while (${extensionState} !== state)
                            await new Promise(resolve => GLib.idle_add(GLib.PRIORITY_LOW, () => (resolve(), false)));
                    };
                    for (let i = 0; i < ${rounds}; i++) {
                        Main.extensionManager.enableExtension(${uuid});
                        await until(${active});
                        made.push(new WeakRef(${indicator}.menu.box.get_first_child()));
                        Main.extensionManager.disableExtension(${uuid});
                        await until(${inactive});
                    }
                    // A wrapper goes a round after the object.
                    for (let i = 0; i < 5; i++) {
                        imports.system.gc();
                        await new Promise(resolve => GLib.idle_add(GLib.PRIORITY_LOW, () => (resolve(), false)));
                    }
                    return made.filter(reference => reference.deref() !== undefined).length;
                })()`,
                { timeout: 110_000 },
            );
            // The collector takes anything on the stack that resembles a reference for one.
            expect(kept).toBeLessThan(5);
            await untilNoOwnRules();
            await until('no actor of ours is left', async () => {
                const left = (await desktop.evalJs<number>(actors)) - before;
                if (left !== 0) throw new Error(`there are ${left} more`);
                return true;
            });
            expect(await desktop.evalJs<boolean>(`${indicator} === undefined`)).toBeTrue();
            expect(await isBound('toggle-chat')).toBeFalse();
            expect(await isBound('toggle-chat-fallback')).toBeFalse();
            expect(await isBound('toggle-overview')).toBeTrue();
            await switchOn();
            await opensWith('Ctrl+Super+space');
        },
        2 * patience,
    );

    it(
        'takes its notifications away when the popover opens, which is beside the edge also over a full screen',
        async () => {
            await fail('noticed.service');
            await desktop.waitFor("Main.messageTray._notification?.title.includes('noticed.service')");
            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen && Main.messageTray._notification === null`);
            await desktop.waitFor('Main.messageTray.getSources().length === 0');
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen`);

            await desktop.user(['gnome-extensions', 'prefs', ownUuid]);
            await desktop.waitFor("global.display.focus_window?.title === 'Reeve'");
            // What opens Reeve now is shown, and not what was chosen and is in use.
            await new PreferencesWindow(desktop).untilShown('Ctrl+Super+Space');
            await desktop.evalJs('global.display.focus_window.make_fullscreen(); null');
            await desktop.waitFor(`Main.layoutManager.primaryMonitor.inFullscreen && !${indicator}.mapped`);
            await pressShortcut(desktop, 'Ctrl+Super+space');
            const box = `${indicator}.menu.box.get_transformed_extents()`;
            await until('the popover is beside the edge', async () => {
                const [width, right, top] = await desktop.evalJs<[number, number, number]>(
                    `(({ x, y, width }, box) => [box.get_width(), x + width - box.get_bottom_right().x, box.get_y() - y])(
                        Main.layoutManager.primaryMonitor, ${box})`,
                );
                if (width > 100 && Math.abs(right) < 20 && Math.abs(top) < 50) return true;
                throw new Error(`it is ${width} wide, ${right} from the right, ${top} from the top`);
            });
            expect(await desktop.evalJs<boolean>(`${indicator}.menu.box.mapped`)).toBeTrue();
            await picture('full-screen');
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen && ${indicator}.menu.sourceActor === ${indicator}`);
            await desktop.key('Alt+F4');
            await desktop.waitFor(`global.get_window_actors().length === 0 && ${indicator}.mapped`);
        },
        patience,
    );

    it(
        'reports what failed behind the lock screen only when it is unlocked, and once',
        async () => {
            await lock(desktop);
            await desktop.waitFor(`${extensionState} === ${inactive}`);
            await fail('behind-the-lock.service');
            await service.untilIncident('behind-the-lock.service', ({ Notification }) => Notification === wanted);
            await picture('locked');
            const drawn = (await desktop.names()).join('\n');
            expect(drawn).not.toContain('behind-the-lock');
            expect(drawn).not.toContain('Reeve');

            const announced = `const announced = []; globalThis.announcedTitles = announced;
                globalThis.announcedHandler = Main.messageTray.connect('source-added', (_tray, source) => {
                    source.connect('notification-added', (_source, { title }) => announced.push(title));
                });`;
            await desktop.evalJs(`${announced} null`);
            await unlock(desktop);
            await desktop.waitFor(`${extensionState} === ${active}`);
            const incident = await service.untilIncident(
                'behind-the-lock.service',
                ({ Notification }) => Notification === shown,
            );
            await desktop.waitFor(isNamed('Reeve: 1 problem'));
            await desktop.waitFor('globalThis.announcedTitles.length > 0');

            await lock(desktop);
            await desktop.waitFor(`${extensionState} === ${inactive}`);
            await unlock(desktop);
            await desktop.waitFor(`${extensionState} === ${active}`);
            await desktop.waitFor(isNamed('Reeve: 1 problem'));
            // A second report would have come before this one.
            await fail('afterwards.service');
            const next = await service.untilIncident(
                'afterwards.service',
                ({ Notification }) => Notification === shown,
            );
            await desktop.waitFor(`globalThis.announcedTitles.includes(${JSON.stringify(next.Title)})`);
            expect(await desktop.evalJs<string[]>('globalThis.announcedTitles')).toEqual([incident.Title, next.Title]);
        },
        2 * patience,
    );

    it(
        'opens with a key that is free, or with Super+Space when the user gives it that',
        async () => {
            const before = await acceleratorsOf('switch-input-source');
            const backward = await acceleratorsOf('switch-input-source-backward');
            expect(before).toEqual(['<Super>space', 'XF86Keyboard']);
            await opensWith('Ctrl+Super+space');
            await pressShortcut(desktop, 'Super+space');
            await desktop.waitFor('Main.panel.statusArea.keyboard._inputSourceManager.currentSource.index === 1');
            expect(await desktop.evalJs<boolean>(`${indicator}.menu.isOpen`)).toBeFalse();
            // The list of input sources goes when the key does.
            await desktop.waitFor('Main.modalCount === 0');
            const switches = await desktop.evalJs<number>(boundTo);

            const isOffered = async () => (await desktop.names()).includes('Use Super+Space');
            const own = `Main.extensionManager.lookup(${uuid}).stateObj.getSettings()`;
            // It has been there each time that the popover was open, and leaves by itself.
            await desktop.evalJs(`${own}.set_int('shortcut-offer-shown', 4); null`);
            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            expect(await isOffered()).toBeTrue();
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen`);
            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            expect(await isOffered()).toBeFalse();
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen`);
            await desktop.evalJs(`${own}.reset('shortcut-offer-shown'); null`);

            await pressShortcut(desktop, 'Ctrl+Super+space');
            await desktop.waitFor(`${indicator}.menu.isOpen`);
            await picture('offer');
            await desktop.clickOn('Use Super+Space');
            // What switches input sources gets the other key in exchange, and keeps its own.
            await until(
                'the key is taken',
                async () => !(await acceleratorsOf('switch-input-source')).includes('<Super>space'),
            );
            expect(await acceleratorsOf('switch-input-source')).toEqual(['<Control><Super>space', 'XF86Keyboard']);
            expect(await acceleratorsOf('switch-input-source-backward')).toEqual(backward);
            await desktop.key('Escape');
            await desktop.waitFor(`!${indicator}.menu.isOpen`);
            await desktop.waitFor(`![${nothing}, ${switches}].includes(${boundTo})`);
            await opensWith('Super+space');
        },
        patience,
    );
});
