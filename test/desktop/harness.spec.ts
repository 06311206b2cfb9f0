// The test desktop tests itself: what every other desktop spec takes for granted.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { listContainers } from './container.ts';
import { Desktop, type AccessibleNode } from './desktop.ts';
import { killSessionBus, killShell, restartJournald, restartShell, startShell } from './faults.ts';
import { CommandFailed } from './hostCommand.ts';
import { lock, unlock } from './lockScreen.ts';
import { describeOn, once, patience } from './onDesktops.ts';
import { messageOf } from './oracle.ts';
import { pressShortcut } from './support/shortcuts.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/harness/', import.meta.url).pathname;
const probe = 'probe@reevedesktop.org';
const probeButton = `Main.panel.statusArea[${JSON.stringify(probe)}]`;
const fixture = (uuid: string) => new URL(`fixtures/${uuid}/`, import.meta.url);
/** GNOME's own owner of Super+Space; two owners of a key do not concern this spec. */
const superSpaceIsFree = {
    'org.gnome.desktop.wm.keybindings': {
        'switch-input-source': "['XF86Keyboard']",
        'switch-input-source-backward': "['<Shift>XF86Keyboard']",
    },
};

function* nodesOf(node: AccessibleNode): Generator<AccessibleNode> {
    yield node;
    for (const child of node.children) yield* nodesOf(child);
}

// On one Shell: on the others the specs that rely on it would fail.
describeOn(once, 'The test desktop', suite => {
    let desktop: Desktop;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);

    beforeAll(async () => {
        desktop = await Desktop.boot(suite, {
            extensions: { [probe]: fixture(probe) },
            settings: superSpaceIsFree,
        });
    });

    afterAll(async () => {
        await desktop.down();
    });

    afterEach(async () => {
        // A helper of the Shell may be starting another program at the moment when the bus dies.
        const lostBus = /Error calling StartServiceByName for [\w.]+: The connection is closed/;
        expect(await desktop.errors({ except: [lostBus] })).toEqual([]);
    });

    it('is driven by keyboard and pointer', async () => {
        await pressShortcut(desktop, 'Super+space');
        await desktop.waitFor(`${probeButton}.menu.isOpen`);
        await desktop.waitFor(`${probeButton}.menu.actor.contains(global.stage.get_key_focus())`);
        await desktop.type('What`s up? ');
        await desktop.paste('Läuft, عالم');
        await desktop.waitFor("global.stage.get_key_focus().text === 'What`s up? Läuft, عالم'");
        await picture('popover');
        await desktop.key('Return');
        await desktop.key('Super+space');
        await desktop.waitFor(`!${probeButton}.menu.isOpen`);
        await desktop.clickOn('Acknowledge');
        await until('the notification was acknowledged', async () => {
            const entries = await desktop.journalEntries(['_COMM=gnome-shell']);
            return entries.some(entry => messageOf(entry) === 'probe acknowledged What`s up? Läuft, عالم');
        });
    });

    it('reads what a screen reader reads', async () => {
        const named = await until('the probe has its place', async () => {
            const nodes = [...nodesOf(await desktop.accessibilityTree())];
            return nodes.find(({ name, role, extents }) => name === 'Probe' && role === 'menu' && extents?.width);
        });
        expect(named.states).toContain('focusable');
    });

    it('locks and unlocks, and the extension goes and comes with it', async () => {
        await lock(desktop);
        // The Shell disables extensions in its own time: _sessionUpdated() in its js/ui/extensionSystem.js is asynchronous.
        await desktop.waitFor(`${probeButton} === undefined`);
        await picture('locked');
        await unlock(desktop);
        await desktop.waitFor(`${probeButton} !== undefined`);
        await picture('unlocked');
    });

    it('enables and disables extensions, and opens their preferences', async () => {
        for (let round = 0; round < 3; round++) {
            await desktop.user(['gnome-extensions', 'disable', probe]);
            await desktop.waitFor(`${probeButton} === undefined`);
            await desktop.user(['gnome-extensions', 'enable', probe]);
            await desktop.waitFor(`${probeButton} !== undefined`);
        }
        await desktop.user(['gnome-extensions', 'prefs', probe]);
        await desktop.waitFor("global.display.focus_window?.title === 'Probe'");
        await picture('preferences');
        await desktop.key('Alt+F4');
        await desktop.waitFor('global.get_window_actors().length === 0');
    });

    it('changes its appearance', async () => {
        await desktop.setAppearance({ textScale: 2, highContrast: true, dark: true });
        await desktop.waitFor(
            '(s => s.high_contrast && s.color_scheme === imports.gi.St.SystemColorScheme.PREFER_DARK)(imports.gi.St.Settings.get())',
        );
        await desktop.waitFor('Main.panel.height > 40');
        await picture('large-dark-contrast');
        await desktop.setAppearance({ textScale: 1, highContrast: false, dark: false });
        await desktop.waitFor('Main.panel.height < 40');
    });

    it('survives restarts and crashes of its own parts', async () => {
        await restartJournald(desktop);
        await restartShell(desktop);
        await desktop.waitFor(`${probeButton} !== undefined`);
        await killShell(desktop);
        await startShell(desktop);
    });

    it(
        'survives the death of its session bus',
        async () => {
            await killSessionBus(desktop);
            await startShell(desktop);
            await desktop.waitFor(`${probeButton} !== undefined`);
        },
        2 * patience,
    );

    it('runs commands with the rights of the container alone, and says how they ended', async () => {
        const { stdout } = await desktop.exec(['setpriv', '--dump']);
        expect(stdout).not.toMatch(/^Capability bounding set:.*sys_time/m);
        const failing = desktop.exec(['sh', '-c', 'echo reason >&2; exit 3']);
        await expectAsync(failing).toBeRejectedWithError(CommandFailed, /exit status 3\nreason/);
        const endless = desktop.user(['sleep', 'infinity'], { timeout: 500 });
        await expectAsync(endless).toBeRejectedWithError(CommandFailed);
        // Who waits for it gives up at the same limit, by a clock of its own.
        await until('it has ended', async () => {
            const { code } = await desktop.exec(['pgrep', '-x', 'sleep'], { mayFail: true });
            return code === 1;
        });
    });

    it('moves files in and out', async () => {
        await desktop.writeFile('/home/alice/notes/a.txt', 'text');
        expect((await desktop.readFile('/home/alice/notes/a.txt')).toString()).toBe('text');
        await desktop.push(fixture(probe).pathname, '/home/alice/copies');
        const { stdout } = await desktop.user(['stat', '--format=%U', `/home/alice/copies/${probe}/metadata.json`]);
        expect(stdout).toBe('alice\n');
    });

    it('may withdraw a notification that has the focus in the list of the Shell', async () => {
        const tray = 'Main.messageTray';
        const list = 'Main.panel.statusArea.dateMenu._messageList._messageView';
        const group = `${list}._notificationSourceToGroup.get(globalThis.benchSource)`;
        const withdraw = 'globalThis.benchSource.notifications[0].destroy()';
        const notify = ['org.freedesktop.Notifications', '--object-path', '/org/freedesktop/Notifications', '--method'];
        const what = ['org.freedesktop.Notifications.Notify', 'probe', '0', '', 'one', '', '[]', '{}', '60000'];
        await desktop.user(['gdbus', 'call', '--session', '--dest', ...notify, ...what]);
        await desktop.waitFor(`${tray}.getSources().some(({ notifications }) => notifications[0]?.title === 'one')`);
        await desktop.evalJs(`(() => {
            const source = ${tray}.getSources().find(({ notifications }) => notifications[0]?.title === 'one');
            globalThis.benchSource = source;
            const Notification = source.notifications[0].constructor;
            for (const title of ['two', 'three']) source.addNotification(new Notification({ source, title }));
        })()`);
        await desktop.key('Super+v');
        await desktop.waitFor('Main.panel.statusArea.dateMenu.menu.isOpen');
        await desktop.evalJs(`${group}.emit('expand-toggle-requested')`);
        await desktop.waitFor(`${group}.expanded`);
        const first = `[...${group}._notificationToMessage].find(([of]) => of.title === 'one')[1]`;
        await desktop.evalJs(`${first}.grab_key_focus()`);
        await desktop.waitFor(`${group}.focusChild === ${first}`);
        for (const left of [2, 1]) {
            await desktop.evalJs(withdraw);
            await desktop.waitFor(`${group}._notificationToMessage.size === ${left}`);
        }
        await desktop.evalJs(withdraw);
        await desktop.key('Escape');
    });
});

describeOn(once, 'A test desktop', suite => {
    it('is caught complaining', async () => {
        const uuid = 'broken@reevedesktop.org';
        await using desktop = await Desktop.boot(suite, {
            extensions: { [uuid]: fixture(uuid) },
            locale: 'de_DE.UTF-8',
        });
        await until('the panel is labelled', async () => (await desktop.names()).includes('Aktivitäten'));
        const untilComplaining = (what: string) =>
            until(`there is a complaint of ${what}`, async () =>
                (await desktop.errors()).some(message => message.includes(what)),
            );
        await untilComplaining(`Extension ${uuid}: TypeError: broken`);
        expect(await desktop.errors({ except: [/broken on purpose/] })).toEqual([]);
        await desktop.user(['sh', '-c', 'kill -SEGV $$'], { mayFail: true });
        await untilComplaining('SEGV');
    });

    it('ends with the process that booted it', async () => {
        const script = `
                const { Desktop } = await import(${JSON.stringify(new URL('desktop.ts', import.meta.url).href)});
                const { name } = await Desktop.boot(${JSON.stringify(suite)});
                console.log(name);
                process.kill(process.pid, 'SIGKILL');`;
        const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
            stdio: ['ignore', 'pipe', 'inherit'],
        });
        const name = (await text(child.stdout)).trim();
        expect(name).toMatch(/^test-\d+-1$/);
        const others = await listContainers();
        expect(others.map(container => container.name)).not.toContain(name);
        await expectAsync(Desktop.attach(name)).toBeRejected();
    });
});
