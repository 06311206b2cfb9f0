// The Markdown of a language model, as it is drawn: while it arrives and after, by keyboard, for a screen reader, and
// with nothing opened that nobody asked for. The model is scripted, on a server inside the desktop; everything else is
// real.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { describeOnDesktops, itOn, once, patience } from './onDesktops.ts';
import { ownUuid } from './oracle.ts';
import { modelFiles, ScriptedModel } from './support/scriptedModel.ts';
import type { Piece } from './support/scriptedModel.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/markdown/', import.meta.url).pathname;
const entry = 'Ask about this computer';
const opened = `${alice.home}/opened`;

/** What opens web addresses: it writes down what it was given. */
const browser = {
    [`${alice.home}/browser.sh`]: 'printf "%s\\n" "$1" >> "$HOME/opened"\n',
    [`${alice.home}/.local/share/applications/browser.desktop`]: `[Desktop Entry]
Type=Application
Name=Browser
Exec=sh ${alice.home}/browser.sh %u
MimeType=x-scheme-handler/https;
`,
    [`${alice.home}/.config/mimeapps.list`]: '[Default Applications]\nx-scheme-handler/https=browser.desktop\n',
};

const command =
    'du -xh --max-depth=1 /var | sort -h | tail -n 20 | tee /tmp/a-rather-long-name-for-a-file-of-results.txt';
const answer = `# Why the disk is full

The file system at \`/\` is **99 % full** [1], and *most of it* are logs of \`systemd-journald.service\`[2]. ~~The mail~~ is not [7].

1. Look at what takes the space:
   \`\`\`sh
   ${command}
   \`\`\`
2. Then **one** of these:
   - make the journal smaller
     - now, with \`journalctl --vacuum-size=500M\`
     - for good
   - delete old packages
3. Check again:
   - [x] the journal was looked at
   - [ ] the cache of packages

| Folder | Size | Share |
|:--|--:|:-:|
| \`/var/log/journal\` | 41.2 GiB | 82 % |
| \`/var/cache/apt/archives/partial/with/a/long/path/and/more\` | 812 MiB | 2 % |

> The journal may take a tenth of the file system.
> > That is 4 GiB at most.

---

See [the manual](https://manual.example/journald) or https://wiki.example/Journal. [https://bank.example](https://evil.example/login) <img src=x>

\`\`\`
[1] https://not.a.link.example
\`\`\`
`;

/** In pieces that break wherever they will. */
const inPieces = (text: string): Piece[] => (text.match(/[^]{1,7}/g) ?? []).map(piece => ({ text: piece }));
const lookups: Piece[][] = [[{ call: 'filesystems' }], [{ call: 'journal', arguments: { lines: 5 } }]];

/** All that is shown in the conversation, with its place. */
const shown = `(() => {
    const popover = Main.panel.statusArea['${ownUuid}'].menu.box;
    const [left] = popover.get_transformed_position();
    const found = [];
    const walk = actor => {
        if (!actor.visible) return;
        const [x] = actor.get_transformed_position();
        if (typeof actor.text === 'string' || actor.accessible_name)
            found.push({
                name: actor.accessible_name || actor.text,
                isLink: actor.has_style_class_name?.('reeve-spot') ?? false,
                isInside: x >= left - 1 && x + actor.width <= left + popover.width + 1,
            });
        actor.get_children().forEach(walk);
    };
    const find = actor => actor.has_style_class_name?.('reeve-conversation') ? actor : actor.get_children().map(find).find(Boolean);
    walk(find(popover));
    return found;
})()`;
type Shown = { name: string; isLink: boolean; isInside: boolean };
/** Counts in `paints` how often each is painted from then on. */
const watchPaints = `new Promise(resolve => {
    const { Clutter, GObject } = imports.gi;
    globalThis.paints = {};
    const Counter = GObject.registerClass({ GTypeName: 'PaintCounter' }, class extends Clutter.Effect {
        vfunc_paint_node(node, context, flags) {
            paints[this.name] += 1;
            super.vfunc_paint_node(node, context, flags);
        }
    });
    const within = actor => [actor, ...actor.get_children().flatMap(within)];
    const all = within(Main.panel.statusArea['${ownUuid}'].menu.box);
    const counted = {
        answer: all.find(actor => actor.has_style_class_name?.('reeve-answer')),
        preferences: all.find(actor => actor.accessible_name === 'Preferences'),
    };
    for (const [name, actor] of Object.entries(counted)) actor.add_effect(new Counter({ name }));
    // An effect has what it is added to painted.
    const painted = global.stage.connect('after-paint', () => {
        global.stage.disconnect(painted);
        globalThis.paints = { answer: 0, preferences: 0 };
        resolve(true);
    });
})`;
/** Whether the pointer is a hand over the first link or citation. */
const isHand = `(function find(actor) {
    return actor.has_style_class_name?.('reeve-spot') ? actor : actor.get_children().map(find).find(Boolean);
})(Main.panel.statusArea['${ownUuid}'].menu.box).get_cursor_type() === imports.gi.Clutter.CursorType.POINTER`;
const tooltips = `Main.uiGroup.get_children().filter(actor => actor.has_style_class_name?.('reeve-tooltip')).map(({ text }) => text)`;
const clipboard = `new Promise(resolve => imports.gi.St.Clipboard.get_default().get_text(
    imports.gi.St.ClipboardType.CLIPBOARD, (_clipboard, text) => resolve(text)))`;

// On each Shell: layout, clipboard, links and the pointer on them. How text arrives is the extension’s own affair.
describeOnDesktops('What a model writes', suite => {
    let desktop: Desktop;
    let screen: Screen;
    let model: ScriptedModel;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const drawn = () => desktop.evalJs<Shown[]>(shown);
    const links = async () => (await drawn()).filter(({ isLink }) => isLink).map(({ name }) => name);
    const whatWasOpened = async () => (await desktop.exec(['cat', opened], { mayFail: true })).stdout;
    const ask = async (question: string, turns: Piece[][]) => {
        await model.play([{ when: question, turns }]);
        await desktop.type(`${question}\n`);
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { ...modelFiles, ...browser });
        screen = new Screen(desktop);
        model = await ScriptedModel.start(desktop);
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    beforeEach(async () => {
        await screen.openWithKey();
        await screen.untilFocused(entry);
    });
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        // What has just been closed is still drawn while it fades.
        if (!(await desktop.evalJs<boolean>(`Main.panel.statusArea['${ownUuid}'].menu.isOpen`))) return;
        if ((await desktop.names()).includes('New conversation')) await desktop.clickOn('New conversation');
        await screen.close();
    });

    itOn(once, suite, 'shows no mark that goes again while it arrives', async () => {
        await ask('can penguins count', [
            [
                { text: 'They **count to te' },
                { until: 'strong' },
                { text: 'n**, see [the wi' },
                { until: 'link' },
                { text: 'ki](https://wiki.example/a).\n\n| One | Tw' },
                { until: 'table' },
                { text: 'o |\n|--|--|\n| 1 | 2 |\n' },
            ],
        ]);
        await screen.untilShown('They count to te');
        await model.goOn('strong');
        await screen.untilShown('They count to ten, see the wi');
        expect(await links()).toEqual([]);
        await model.goOn('link');
        await screen.untilShown('They count to ten, see the wiki (\u2066wiki.example\u2069).', 'One', 'Tw');
        await model.goOn('table');
        await screen.untilShown('Two', '1', '2', 'Send');
        expect(await links()).toEqual(['the wiki (https://wiki.example/a)']);
    });

    itOn(once, suite, 'leaves all else as it was drawn while it arrives', async () => {
        const words = ['They', 'can,', 'and', 'they', 'do,', 'every', 'day'];
        const pieces = words.flatMap((word, index): Piece[] => [{ until: `word ${index}` }, { text: ` ${word}` }]);
        await ask('can penguins wait', [[...pieces, { until: 'end' }]]);
        await screen.untilShown('Checking…');
        await desktop.evalJs(watchPaints);
        for (const index of words.keys()) {
            await model.goOn(`word ${index}`);
            await screen.untilShown(words.slice(0, index + 1).join(' '));
        }
        const paints = await desktop.evalJs<Record<'answer' | 'preferences', number>>('paints');
        expect(paints.answer).toBeGreaterThanOrEqual(4);
        // Something else may have had the whole screen painted once: the status, a window that opens.
        expect(paints.preferences).toBeLessThanOrEqual(1);
        await model.goOn('end');
        await screen.untilShown('Send');
    });

    it('is drawn with all that there is, within the popover, whatever the look and the size of text', async () => {
        await ask('can penguins write', [...lookups, inPieces(answer)]);
        await screen.untilShown('Why the disk is full', command, 'sh', '82 %', 'That is 4 GiB at most.', 'Send');
        expect(await links()).toEqual([
            'Evidence 1: Disk space',
            jasmine.stringMatching(/^Evidence 2: Journal/),
            'the manual (https://manual.example/journald)',
            'https://wiki.example/Journal (https://wiki.example/Journal)',
            'https://bank.example (https://evil.example/login)',
        ]);
        const names = (await drawn()).map(({ name }) => name);
        expect(names).toContain(
            jasmine.stringMatching(/https:\/\/bank\.example \(\u2066evil\.example\u2069\) <img src=x>$/),
        );
        expect(names).toContain('[1] https://not.a.link.example');
        expect(names.filter(name => /[*`~|]|\[7\]/.test(name.replaceAll(command, '')))).toEqual([]);
        expect(names).toEqual(jasmine.arrayContaining(['Done', 'To do', 'Copy']));
        for (const [name, appearance] of Object.entries({
            dark: { dark: true },
            contrast: { highContrast: true },
            large: { highContrast: false, textScale: 2 },
        })) {
            await desktop.setAppearance(appearance);
            // A new look has its new layout with one of the next frames.
            await until(`nothing is drawn beside the popover (${name})`, async () => {
                const beside = (await drawn()).filter(({ isInside }) => !isInside);
                if (beside.length > 0) throw new Error(JSON.stringify(beside));
                return true;
            });
            await picture(name);
        }
        await desktop.setAppearance({ textScale: 1 });
        await desktop.gsettings('org.gnome.desktop.interface', 'color-scheme', "'prefer-light'");
        await picture('light');
    });

    itOn(once, suite, 'opens the evidence of a claim, with what the model was shown', async () => {
        await ask('can penguins look', [...lookups, [{ text: 'The disk is full [1].' }]]);
        await screen.untilShown('Send', /The disk is full/);
        await screen.tabTo('Evidence 1: Disk space', 'Shift+Tab');
        await desktop.waitFor(`${tooltips}[0] === 'Disk space'`);
        await desktop.key('Return');
        await screen.untilShown('1 · Disk space', 'What the model saw', /\(overlay on overlay\)/);
        await picture('evidence');
        await desktop.key('Return');
        await until('it is closed', async () => !(await desktop.names()).includes('What the model saw'));
    });

    itOn(once, suite, 'keeps evidence open, and the focus where it is, while more of the answer arrives', async () => {
        const citation = 'Evidence 1: Disk space';
        await ask('can penguins stay', [
            ...lookups,
            [
                { text: '| Disk | State |\n|--|--|\n| / | The disk is full [1] |\n' },
                { until: 'more' },
                { text: '| /home | fine |\n\nSo they stay. See [the wiki](https://wiki.example/a), and' },
                { until: 'end' },
            ],
        ]);
        await screen.untilShown(/The disk is full/);
        await screen.tabTo(citation, 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilShown('1 · Disk space', 'What the model saw');
        await model.goOn('more');
        await screen.untilShown('/home', /So they stay\. See the wiki/);
        expect(await screen.focused()).toBe(citation);
        expect(await desktop.names()).toContain('What the model saw');
        expect(await screen.tabTo('the wiki (https://wiki.example/a)')).toHaveSize(1);
        await model.goOn('end');
        await screen.untilShown('Send');
        expect(await desktop.names()).toContain('What the model saw');
        await screen.tabTo(citation, 'Shift+Tab');
        await desktop.key('Return');
        await until('it is closed', async () => !(await desktop.names()).includes('What the model saw'));
    });

    it('copies code, and says so', async () => {
        await ask('can penguins copy', [[{ text: '```sh\nls -l | `wc`\n```' }]]);
        await screen.untilShown('ls -l | `wc`', 'Send');
        await desktop.evalJs(
            `(() => { const find = actor => actor.accessible_name === 'Copy' ? actor : actor.get_children().map(find).find(Boolean);
            find(Main.panel.statusArea['${ownUuid}'].menu.box).grab_key_focus(); return null; })()`,
        );
        await desktop.key('Return');
        await screen.untilFocused('Copied');
        expect(await desktop.evalJs<string>(clipboard)).toBe('ls -l | `wc`');
        await desktop.key('Tab');
        await until('it no longer says so', async () => !(await drawn()).some(({ name }) => name === 'Copied'));
    });

    itOn(once, suite, 'copies a whole answer, as it was written', async () => {
        const answer = 'A **whole** answer:\n\n- one\n- two';
        await ask('can penguins answer', [[{ text: answer }]]);
        await screen.untilShown('two', 'Send');
        await screen.tabTo('Copy answer', 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilFocused('Copied');
        expect(await desktop.evalJs<string>(clipboard)).toBe(answer);
    });

    it('says where a link leads, and opens it only when it is pressed', async () => {
        await ask('can penguins fly', [
            [{ text: 'See [https://bank.example](https://evil.example/login) or [this](javascript:alert(1)).' }],
        ]);
        await screen.untilShown(/See https:\/\/bank\.example/, 'Send');
        expect(await links()).toEqual(['https://bank.example (https://evil.example/login)']);
        // Before that, the pointer belongs to the screen, which sends no event.
        if (desktop.shellVersion >= 50) expect(await desktop.evalJs<boolean>(isHand)).toBeTrue();
        await screen.tabTo('https://bank.example (https://evil.example/login)', 'Shift+Tab');
        await desktop.waitFor(`${tooltips}[0] === 'https://evil.example/login'`);
        await picture('link');
        expect(await whatWasOpened()).toBe('');
        await desktop.key('Return');
        await screen.untilClosed();
        await until('it is opened', async () => (await whatWasOpened()) === 'https://evil.example/login\n');
        expect(await desktop.evalJs<string[]>(tooltips)).toEqual([]);
    });

    itOn(once, suite, 'reads a script’s answer with its sources', async () => {
        await model.play([{ when: 'penguins nest', turns: [...lookups, [{ text: 'It is full [1][9].' }]] }]);
        const { stdout } = await desktop.user([`${alice.home}/.local/bin/reeve`, 'ask', 'where do penguins nest'], {
            timeout: 60_000,
        });
        expect(stdout).toContain('It is full [1].\n');
        expect(stdout).toMatch(/^\[1\] Disk space$/m);
        expect(stdout).not.toMatch(/^\[2\]/m);
    });
});
