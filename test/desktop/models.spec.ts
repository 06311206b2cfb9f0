// Language models in the preferences, as alice works with them: a file of hers is imported through the desktop's own file
// chooser by keyboard, does its work, and goes again. Nothing here asks the network.
import * as z from 'zod';

import { tinyModel } from '../../service/inference/gguf/tinyModel.ts';
import { alice } from './container.ts';
import type { AccessibleNode, Desktop } from './desktop.ts';
import { describeOnDesktops, itOn, once, patience } from './onDesktops.ts';
import { PreferencesWindow } from './support/preferencesWindow.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/models/', import.meta.url).pathname;
const chooser = 'org.gnome.Nautilus';
const reeve = `${alice.home}/.local/bin/reeve`;
const folder = `${alice.home}/Models`;
const configuration = `${alice.home}/.config/reeve/config.toml`;
/** What a chooser that the portal runs may say of itself while it opens and closes. */
const ofChooser = /nautilus|xdg-desktop-portal/i;
/** Milliseconds for what takes long: a process that runs a model has to start. */
const slow = { timeout: 90_000 };

const list = z.object({
    installed: z.array(z.object({ id: z.string(), name: z.string() })),
    quick: z.string(),
    hard: z.string(),
    transfers: z.array(z.unknown()),
});

// On each Shell: its preferences window, file chooser and dialogs. What the service says is alike everywhere.
describeOnDesktops('Models in the preferences', suite => {
    let desktop: Desktop;
    let screen: Screen;
    let window: PreferencesWindow;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const models = async () => {
        const { stdout } = await desktop.user([reeve, 'models', '--json'], { mayFail: true });
        return list.parse(JSON.parse(stdout));
    };
    const hasFocus = (title: string) =>
        desktop.waitFor(`global.display.focus_window?.title === ${JSON.stringify(title)}`);
    /** Through the desktop's file chooser: by path, as every keyboard user of it does. */
    const chooseFile = async (file: string) => {
        await window.work('Import…');
        await hasFocus('Import a model');
        // A key that comes before the chooser is ready for it is lost, or chooses what was there before.
        const inChooser = async (holds: (node: AccessibleNode) => boolean) =>
            some(await desktop.accessibilityTree(chooser), holds);
        const hasFocusOn = (role: string) => () =>
            inChooser(node => node.role === role && node.states.includes('focused'));
        await until('the chooser lists a folder', hasFocusOn('table'));
        await desktop.key('Ctrl+l');
        await until('the chooser takes a path', hasFocusOn('text'));
        await desktop.key('Ctrl+a');
        await desktop.type(`${folder}/${file}/`);
        await desktop.key('Return');
        // There is one file in the folder.
        await until('the chooser lists the file', () => inChooser(({ name }) => name.startsWith(`${file}.gguf`)));
        await until('the chooser lists a folder', hasFocusOn('table'));
        const isChosen = ({ name, states }: AccessibleNode) =>
            name.startsWith(`${file}.gguf`) && states.includes('selected');
        await until('the file is chosen', async () => {
            await desktop.key('End');
            return inChooser(isChosen);
        });
        // Once: a second one may find the chooser gone, and press what it was opened with.
        await desktop.key('Return');
        await hasFocus('Reeve');
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { [configuration]: '# Mine.\n[assistant]\nsteps = 4 # enough\n' });
        screen = new Screen(desktop);
        window = new PreferencesWindow(desktop);
        await desktop.gsettings('org.gnome.desktop.interface', 'toolkit-accessibility', 'true');
        const files = {
            first: tinyModel({ contextTokens: 32_768 }),
            second: tinyModel({ contextTokens: 32_768, seed: 2 }),
            broken: tinyModel().subarray(0, 3000),
        };
        for (const [name, bytes] of Object.entries(files))
            await desktop.writeFile(`${folder}/${name}/${name}.gguf`, bytes);
        await screen.openWithKey();
        await desktop.clickOn('Preferences');
        await hasFocus('Reeve');
        await window.work('Models');
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors({ except: [ofChooser] })).toEqual([]);
    });

    it('says that built-in answers are all there is, and what would suit this computer', async () => {
        await window.untilShown(
            'Built-in answers only',
            'No model is installed',
            /^Download Qwen/,
            'Does not fit this computer',
        );
        await picture('none');
    });

    it('imports a file through the file chooser by keyboard', async () => {
        await chooseFile('first');
        await window.untilShown('Random weights', 'Loaded with the next question', 'For quick questions');
        // The file is there a moment before the signal that its transfer has ended.
        const all = await until('nothing is on its way', async () => {
            const now = await models();
            return now.transfers.length === 0 && now;
        });
        expect(all).toEqual({
            installed: [{ id: 'random-weights', name: 'Random weights' }],
            quick: 'random-weights',
            hard: 'random-weights',
            transfers: [],
        });
        await picture('imported');
    });

    itOn(once, suite, 'says why a damaged file does not arrive, until that is dismissed', async () => {
        await chooseFile('broken');
        await window.untilShown('Could not install broken.gguf', /truncated|damaged|incomplete|ends/i);
        await picture('damaged');
        await window.work('Dismiss: Could not install broken.gguf');
        await until('it is gone', async () => {
            const names = await window.names();
            return !names.includes('Could not install broken.gguf');
        });
        expect((await models()).installed.length).toBe(1);
    });

    itOn(once, suite, 'lets each kind of question have a model of its own', async () => {
        await chooseFile('second');
        await window.untilShown('Random weights (random-weights)', 'Random weights (random-weights-2)');
        await window.moveTo('For quick questions', 'Tab');
        await window.moveTo('For hard questions', 'Down');
        // The list takes its time to open, and keys only when it is open. What is in it has no names under GNOME 50 and 51.
        await window.move('space');
        await desktop.key('Down');
        await desktop.key('Return');
        const chosen = await until('another does the hard ones', async () => {
            const { quick, hard } = await models();
            return quick !== hard && { quick, hard };
        });
        expect(chosen).toEqual({ quick: 'random-weights', hard: 'random-weights-2' });
        await picture('chosen');
    });

    itOn(once, suite, 'says what runs it and why when that is found out, and gives its memory back', async () => {
        await window.work('Test again which hardware it can use');
        await until(
            'it is known',
            async () => {
                const names = await window.names();
                return names.some(name => name.startsWith('Runs on ')) && names.includes('Tested');
            },
            slow,
        );
        const asking = desktop.user([reeve, 'ask', 'compare the moods of two penguins'], { mayFail: true, ...slow });
        await until(
            'it is in memory',
            async () => {
                const names = await window.names();
                return names.some(name => name.startsWith('In memory: '));
            },
            slow,
        );
        await picture('in-memory');
        await window.work('Free memory');
        await window.untilShown('Loaded with the next question');
        await asking;
    });

    itOn(once, suite, 'does not offer what does not fit, and the service refuses it with the reason', async () => {
        await window.untilShown('Does not fit this computer');
        const names = await window.names();
        expect(names.filter(name => name.startsWith('Download anyway'))).toEqual([]);
        const { stdout } = await desktop.user([reeve, 'models', 'recommend', '--all', '--json']);
        const catalogue = z.object({ models: z.array(z.object({ id: z.string(), place: z.string() })) });
        const misfit = catalogue.parse(JSON.parse(stdout)).models.find(({ place }) => place === 'none');
        const refused = await desktop.user([reeve, 'models', 'download', misfit?.id ?? ''], { mayFail: true });
        expect(refused.stderr).toMatch(/ needs about .* this computer can provide /);
        expect((await models()).transfers).toEqual([]);
    });

    itOn(once, suite, 'changes settings in the file of the user, and leaves the rest of it alone', async () => {
        await window.work('Keep conversations');
        await until('it is written', async () => {
            const text = (await desktop.readFile(configuration)).toString('utf8');
            return text === '# Mine.\n[assistant]\nsteps = 4 # enough\nkeep_conversations = false\n';
        });
    });

    itOn(once, suite, 'marks a server elsewhere, and says when there is no keyring for its key', async () => {
        const elsewhere = 'Questions leave this computer';
        const setUrl = (url: string) =>
            desktop.user([
                ...['busctl', '--user', 'call', 'org.reevedesktop.Reeve1', '/org/reevedesktop/Reeve1'],
                ...['org.reevedesktop.Reeve1.Settings', 'Set', 'sva{sv}', 'server.url', 's', url, '0'],
            ]);
        await setUrl('http://192.168.1.9:8080/v1');
        await window.untilShown(elsewhere, /the key .*unencrypted/, 'There is no keyring to store a key in');
        await setUrl('http://127.0.0.1:8080/v1');
        await until('it is no longer marked', async () => {
            return !(await window.names()).includes(elsewhere);
        });
        await setUrl('');
    });

    it('removes a model when that is confirmed', async () => {
        const { length } = (await models()).installed;
        // Of two with one name, the identifier tells them apart.
        const remove = `Remove Random weights${length > 1 ? ' (random-weights-2)' : ''}`;
        await window.work(remove);
        await window.untilShown('Remove Random weights?');
        await picture('remove');
        await window.work('Cancel');
        // What fades away would take the next answer.
        await until('the question has gone', async () => !(await window.names()).includes('Remove Random weights?'));
        expect((await models()).installed.length).toBe(length);
        await window.work(remove);
        await window.untilShown('Remove Random weights?');
        await window.work('Remove');
        await until('it is gone', async () => (await models()).installed.length === length - 1);
        await window.untilShown(length > 1 ? 'Random weights' : 'No model is installed');
    });

    itOn(once, suite, 'says that the service is not there, and comes back with it', async () => {
        await desktop.user(['systemctl', '--user', 'stop', 'reeve.service']);
        await window.untilShown('Reeve’s service is not running.');
        await desktop.user(['systemctl', '--user', 'start', 'reeve.service']);
        await window.untilShown('Models on this computer', 'Random weights');
    });
});

function some(node: AccessibleNode, holds: (node: AccessibleNode) => boolean): boolean {
    return holds(node) || node.children.some(child => some(child, holds));
}
