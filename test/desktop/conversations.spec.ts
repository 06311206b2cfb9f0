// The quick chat with a language model: its lookups and proposals, attachments and subjects of questions, and the
// stored conversations. The model is scripted, on a server inside the desktop; everything else is real.
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { failingUnits, failUnit } from './failingUnits.ts';
import { describeOnDesktops, itOn, once, patience } from './onDesktops.ts';
import { ownUuid } from './oracle.ts';
import { modelFiles, modelName, modelSettings, ScriptedModel } from './support/scriptedModel.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/conversations/', import.meta.url).pathname;
const unit = 'sample-exit.service';
const entry = 'Ask about this computer';
const writtenBy = `Written by ${modelName}`;
const configuration = `${alice.home}/.config/reeve/config.toml`;
/** How far the conversation is scrolled, and how far it can be. */
const scrolled = `(() => {
    const find = actor => actor instanceof imports.gi.St.ScrollView && actor.mapped
        ? actor : actor.get_children().map(find).find(Boolean);
    const { value, upper, page_size: page } = find(Main.panel.statusArea['${ownUuid}'].menu.box).vadjustment;
    return { value, end: upper - page };
})()`;

/** Selects the first line of the editor's window as people do, with the pointer: only that is offered to others. */
const selectLine = `(async () => {
    const { Clutter, GLib } = imports.gi;
    const seat = global.stage.context.get_backend().get_default_seat();
    const pointer = seat.create_virtual_device(Clutter.InputDeviceType.POINTER_DEVICE);
    const now = () => GLib.get_monotonic_time();
    const { x, y, width } = global.display.focus_window.get_frame_rect();
    const moveTo = async across => {
        pointer.notify_absolute_motion(now(), across, y + 68);
        await new Promise(resolve => GLib.timeout_add(0, 30, () => { resolve(); return false; }));
    };
    // Text that is selected already would be dragged away.
    await testDesktop.click(x + width / 2, y + 300);
    await moveTo(x + 13);
    pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.PRESSED);
    for (let across = x + 20; across < x + width / 2; across += 10) await moveTo(across);
    pointer.notify_button(now(), Clutter.BUTTON_PRIMARY, Clutter.ButtonState.RELEASED);
    return null;
})()`;

// On each Shell: scrolling, the selection of windows, and being turned off. The rest is our own drawing, which `chat` has on each.
describeOnDesktops('The quick chat with a model', suite => {
    let desktop: Desktop;
    let screen: Screen;
    let model: ScriptedModel;
    let service: ServiceClient;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const ask = (question: string) => desktop.type(`${question}\n`);
    /** Until all of an answer is there: what comes before its end is not kept yet, and no other question can be asked. */
    const untilAnswered = (...texts: (string | RegExp)[]) => screen.untilShown(...texts, 'Send');

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { ...failingUnits, ...modelFiles });
        screen = new Screen(desktop);
        service = new ServiceClient(desktop);
        model = await ScriptedModel.start(desktop);
        await failUnit(desktop, unit);
        await service.untilIncident(unit, ({ Cause }) => Cause.includes('stuck'));
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.clearNotifications();
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
        const names = await desktop.names();
        if (names.includes('New conversation')) await desktop.clickOn('New conversation');
        await screen.close();
    });

    itOn(
        once,
        suite,
        'shows each thing that is looked up while it is, then what it was and whose words the answer is',
        async () => {
            await model.play([
                {
                    when: 'dance',
                    turns: [
                        [{ call: 'journal', arguments: { unit, level: 'error' } }],
                        [{ until: 'steps-1' }, { call: 'wifi' }, { call: 'memory' }],
                        [{ until: 'steps-2' }, { text: 'The **gears** are stuck.' }],
                    ],
                },
            ]);
            await ask('can penguins dance');
            await screen.untilShown(`Journal: ${unit}, error · 1 of 6`, 'Stop');
            await picture('looking');
            await model.goOn('steps-1');
            await screen.untilShown('Memory · 3 of 6');
            await model.goOn('steps-2');
            await untilAnswered('The gears are stuck.', '3 look-ups', writtenBy);
            await screen.tabTo('3 look-ups', 'Shift+Tab');
            await desktop.key('Return');
            await screen.untilShown(
                `Journal: ${unit}, error`,
                /^unit sample-exit\.service, PRIORITY=0/,
                'Wi-Fi',
                'Failed',
                'Memory',
            );
            await picture('looked');
        },
    );

    /** Not only asked for: what is still on would answer in the name of what is switched on next. */
    const switchOff = async () => {
        await desktop.user(['gnome-extensions', 'disable', ownUuid]);
        await desktop.waitFor(`Main.panel.statusArea['${ownUuid}'] === undefined`);
    };

    it('goes on while it is closed, and while the extension is off', async () => {
        await model.play([
            {
                when: 'sing',
                turns: [
                    [{ call: 'memory' }],
                    [{ until: 'away' }, { text: 'They hum, ' }, { until: 'back' }, { text: 'and whistle.' }],
                ],
            },
        ]);
        await ask('can penguins sing');
        await screen.untilShown('Memory · 1 of 6');
        await screen.close();
        await screen.openWithKey();
        await screen.untilShown('Memory · 1 of 6', 'Stop');
        await screen.close();
        await switchOff();
        await model.goOn('away');
        await desktop.user(['gnome-extensions', 'enable', ownUuid]);
        await desktop.waitFor(`Main.extensionManager.lookup('${ownUuid}').state === 1`);
        await screen.untilIndicatorSays('Reeve: 1 problem, working');
        await screen.openWithKey();
        await screen.untilShown(/They hum/, 'Memory · 1 of 6');
        await screen.close();
        await switchOff();
        await model.goOn('back');
        await until('the answer is kept', async () => {
            const [kept] = await service.call('Assistant.ListConversations', 'a{sv}', '1', 'text', 's', 'whistle');
            return Array.isArray(kept) && kept.length > 0;
        });
        await desktop.user(['gnome-extensions', 'enable', ownUuid]);
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.openWithKey();
        await untilAnswered('They hum, and whistle.', '1 look-up', writtenBy);
        await model.play([{ when: 'dance too', turns: [[{ text: 'Only in spring.' }]] }]);
        await ask('do they dance too');
        await untilAnswered('Only in spring.');
    });

    it('begins a long answer with its question, and follows its end only for who has gone there', async () => {
        const lines = (from: number) => Array.from({ length: 30 }, (_none, index) => `Line ${from + index}.\n\n`);
        const text = (from: number) => ({ text: lines(from).join('') });
        const turn = [text(0), { until: 'more' }, text(30), { until: 'most' }, text(60), { until: 'rest' }, text(90)];
        await model.play([{ when: 'march', turns: [turn] }]);
        await ask('can penguins march');
        /** Until what was drawn has its place: there is so much more to be scrolled to, and what `holds` is true of it. */
        const untilLongerThan = (end: number, holds: string) =>
            desktop.waitFor<{ value: number; end: number }>(
                `(at => at.end > ${end} + 300 && (${holds}) && at)(${scrolled})`,
            );
        const isInView = (name: string) => desktop.evalJs<boolean>(`testDesktop.isInView(${JSON.stringify(name)})`);
        await screen.untilShown('Line 29.');
        const first = await untilLongerThan(0, 'at.value < at.end - 1');
        expect(await isInView('can penguins march')).toBeTrue();
        await picture('long-answer');
        await model.goOn('more');
        await screen.untilShown('Line 59.');
        const second = await untilLongerThan(first.end, 'true');
        expect(second.value).toBe(first.value);
        await desktop.move(1020, 400);
        await until('the end is reached', async () => {
            await desktop.scroll(0, 20);
            return await desktop.evalJs<boolean>(`(at => at.value >= at.end - 1)(${scrolled})`);
        });
        await model.goOn('most');
        await screen.untilShown('Line 89.');
        const third = await untilLongerThan(second.end, 'at.value >= at.end - 1');
        await desktop.scroll(0, -10);
        const { value } = await desktop.waitFor<{ value: number }>(`(at => at.value < at.end - 1 && at)(${scrolled})`);
        await model.goOn('rest');
        await screen.untilShown('Line 119.', writtenBy);
        const after = await untilLongerThan(third.end, 'true');
        expect(after.value).toBe(value);
    });

    itOn(once, suite, 'asks about an incident, and lets a model propose what needs the same approval', async () => {
        const id = (await service.incidents()).get(unit)?.Id;
        const change = { action: 'unit.reset', scope: 'system', unit };
        await model.play([
            {
                when: 'Why did this happen',
                turns: [
                    [
                        {
                            call: 'propose_fix',
                            arguments: { incident: id, change, reason: 'It may be a passing fault.' },
                        },
                    ],
                    [{ text: 'Dust is in the gears.' }],
                ],
            },
        ]);
        await screen.press('Ask about this');
        const about = 'About: Sample that exits with an error failed';
        await screen.untilShown(about);
        await screen.untilFocused(entry);
        await screen.tabTo(`Remove: ${about}`, 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilFocused(entry);
        expect(await desktop.names()).not.toContain(about);

        await screen.press('Ask about this');
        await screen.untilShown(about, 'Why did this happen, and what can I do?');
        await picture('about');
        await desktop.key('Return');
        const proposed = `Reset the failed state of ${unit}`;
        await screen.untilShown(about, /the gears are stuck/, `Added by ${modelName}, not checked by Reeve:`);
        await screen.untilShown(
            'Dust is in the gears.',
            proposed,
            'Suggested by a language model: check the exact change',
        );
        await picture('proposed');
        await screen.untilFocused(entry);
        // From the entry backwards the plan below the answer comes first.
        await screen.tabTo('Not now', 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilShown(`${proposed}: Not now`);
        expect((await service.auditEvents(unit)).slice(0, 2)).toEqual(['declined', 'proposed']);
    });

    it('brings along what is selected in a window, or in the clipboard, and only when asked to', async () => {
        await model.play([
            { when: 'EXT4-fs error', turns: [[{ text: 'The disk is damaged.' }]] },
            { when: 'gears of a clock', turns: [[{ text: 'Clocks have gears.' }]] },
        ]);
        await screen.close();
        await desktop.writeFile('/home/alice/note.txt', 'EXT4-fs error (device sda1)');
        await desktop.user(['systemd-run', '--user', '--collect', 'gnome-text-editor', '/home/alice/note.txt']);
        await desktop.waitFor("global.display.focus_window?.title.startsWith('note.txt')");
        const primary = 'imports.gi.Meta.SelectionType.SELECTION_PRIMARY';
        // Not what something else has selected before.
        await desktop.evalJs(`(selection => {
            globalThis.isSelectedAnew = false;
            const handler = selection.connect('owner-changed', (_selection, type, owner) => {
                if (type !== ${primary} || owner === null) return;
                globalThis.isSelectedAnew = true;
                selection.disconnect(handler);
            });
        })(global.display.get_selection()); null`);
        await until('text is selected', async () => {
            // The editor signals it a moment after the pointer has moved.
            const isOffered = `globalThis.isSelectedAnew && global.display.get_selection().get_mimetypes(${primary}).length > 0`;
            if (await desktop.evalJs<boolean>(isOffered)) return true;
            await desktop.evalJs(selectLine);
            return false;
        });
        await screen.openWithKey();
        await desktop.clickOn('Attach text');
        await screen.untilFocused('Selected text');
        await desktop.key('Return');
        await screen.untilShown(/^Selected text · 2[78] characters$/, 'EXT4-fs error (device sda1)');
        await screen.untilFocused(entry);
        await picture('attached');
        await ask('is that bad');
        await untilAnswered('The disk is damaged.', /^Selected text · 2[78] characters$/);

        await desktop.evalJs(
            "imports.gi.St.Clipboard.get_default().set_text(imports.gi.St.ClipboardType.CLIPBOARD, 'gears of a clock')",
        );
        await desktop.clickOn('Attach text');
        await desktop.clickOn('Clipboard');
        await screen.untilShown('Clipboard · 16 characters', 'gears of a clock');
        await screen.untilFocused(entry);
        await desktop.key('Return');
        await untilAnswered('What does this mean?', 'Clocks have gears.');

        await desktop.evalJs(
            "imports.gi.St.Clipboard.get_default().set_text(imports.gi.St.ClipboardType.CLIPBOARD, ' ')",
        );
        await desktop.clickOn('Attach text');
        await desktop.clickOn('Clipboard');
        await screen.untilShown('The clipboard contains no text.');
        await desktop.exec(['pkill', '--exact', 'gnome-text-edit']);
    });

    itOn(once, suite, 'lists what was said before, to be searched, gone on with and deleted', async () => {
        // In one step: each change of the words sends a query, and each answer redraws the list.
        const searchFor = async (words: string) => {
            await desktop.paste(words);
            await until('only what was searched for is listed', async () => {
                const names = await desktop.names();
                return names.includes('do penguins waddle') && !names.includes('do penguins swim');
            });
        };
        await model.play([
            { when: 'waddle', turns: [[{ text: 'Yes, they **waddle**.' }]] },
            { when: 'swim', turns: [[{ text: 'Yes, in cold water.' }]] },
            { when: 'on ice', turns: [[{ text: 'As fast as a bicycle.' }]] },
        ]);
        await ask('do penguins waddle');
        await untilAnswered('Yes, they waddle.');
        await desktop.clickOn('New conversation');
        await screen.untilFocused(entry);
        expect(await desktop.names()).not.toContain('Yes, they waddle.');
        await ask('do penguins swim');
        await untilAnswered('Yes, in cold water.');

        await desktop.clickOn('Earlier conversations');
        await screen.untilFocused('Search conversations');
        await screen.untilShown('do penguins swim', 'do penguins waddle');
        await picture('history');
        const controls = await screen.controls();
        expect(controls).not.toContain('');
        expect(new Set(await screen.tabTo('Search conversations'))).toEqual(new Set(controls));
        await desktop.type('bicycle');
        await screen.untilShown('No conversation contains these words.');
        await desktop.key('Ctrl+a');
        await searchFor('wadd');
        await screen.tabTo(/^do penguins waddle\. /);
        await desktop.key('Return');
        await screen.untilShown('Yes, they waddle.', writtenBy);
        await screen.untilFocused(entry);
        await ask('and on ice');
        await untilAnswered('As fast as a bicycle.');

        await desktop.clickOn('Earlier conversations');
        await screen.untilFocused('Search conversations');
        // What was found last is listed until the service has answered.
        await screen.untilShown('do penguins swim', 'do penguins waddle');
        await searchFor('bicycle');
        await screen.tabTo('Delete: do penguins waddle');
        await desktop.key('Return');
        await screen.untilShown('Permanently delete “do penguins waddle”?');
        await screen.untilFocused('Keep');
        await picture('delete');
        await desktop.key('Shift+Tab');
        await screen.untilFocused('Delete');
        await desktop.key('Return');
        await screen.untilShown('No conversation contains these words.');
        await screen.untilFocused('Search conversations');
        await desktop.clickOn('Earlier conversations');
        await screen.untilFocused(entry);
        expect(await desktop.names()).not.toContain('As fast as a bicycle.');
        await ask('do penguins swim');
        await untilAnswered('Yes, in cold water.');
    });

    itOn(once, suite, 'says that nothing is kept where that is wished', async () => {
        await desktop.writeFile(configuration, `${modelSettings}[assistant]\nkeep_conversations = false\n`);
        await model.play([{ when: 'fly', turns: [[{ text: 'No.' }]] }]);
        const untilRead = (isKept: boolean) =>
            until('the setting is read', async () => {
                const [answer, results] = await service.call(
                    ...(['Assistant.AskAndWait', 'sa{sv}', 'can penguins fly', '1', 'conversation', 't', '0'] as const),
                );
                // A file that is just being written is read as well: without a model, nobody says “No.”.
                const isNone = JSON.stringify(results).includes('"conversation":{"type":"t","data":0}');
                return answer === 'No.' && isNone !== isKept;
            });
        await untilRead(false);
        await service.call('Assistant.DeleteConversation', 't', '0');
        await ask('can penguins fly');
        await untilAnswered('No.');
        await desktop.clickOn('Earlier conversations');
        await screen.untilShown(/^Conversations are not saved/);
        await picture('not-kept');
        await desktop.writeFile(configuration, modelSettings);
        await untilRead(true);
    });

    itOn(once, suite, 'keeps a long word on what answers in one line until it is asked for', async () => {
        const longName = `Scripted-${'and-very-large-'.repeat(6)}4B`;
        await desktop.writeFile(configuration, modelSettings.replace(modelName, longName));
        const status = `Watching · ${longName} on a server`;
        await screen.untilShown(new RegExp(`^${status}`));
        const find = `(function find(actor) {
            return actor.text?.startsWith(${JSON.stringify(status)}) ? actor : actor.get_children().map(find).find(Boolean);
        })(Main.panel.statusArea['${ownUuid}'].menu.box).clutter_text`;
        await desktop.waitFor(`${find}.get_layout().is_ellipsized()`);
        await picture('long-status');
        await screen.tabTo(new RegExp(`^Reeve. ${status}`));
        await desktop.key('Return');
        await desktop.waitFor(`!${find}.get_layout().is_ellipsized() && ${find}.get_layout().get_line_count() > 1`);
        await desktop.key('Return');
        await desktop.writeFile(configuration, modelSettings);
        await screen.untilShown(new RegExp(`^Watching · ${modelName} on a server`));
    });

    itOn(once, suite, 'says politely why there is no answer, and asks again', async () => {
        await model.play([{ when: 'wobble', turns: [[{ status: 500 }]] }]);
        await ask('can penguins wobble');
        await screen.untilShown(/HTTP 500/, 'Try again');
        await picture('failed');
        await model.play([{ when: 'wobble', turns: [[{ text: 'Now and then.' }, { hangUp: true }]] }]);
        await screen.tabTo('Try again', 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilShown('Now and then.', /127\.0\.0\.1:8080/, 'Try again');
        await model.play([{ when: 'wobble', turns: [[{ text: 'Never.' }, { until: 'never' }]] }]);
        await desktop.clickOn('Try again');
        await screen.untilShown('Never.', 'Stop');
        await desktop.clickOn('Stop');
        await screen.untilShown('Stopped', 'Try again');
        await model.play([{ when: 'wobble', turns: [[{ text: 'Always.' }]] }]);
        await desktop.clickOn('Try again');
        await untilAnswered('Always.', writtenBy);
        const names = await desktop.names();
        expect(names.filter(name => /HTTP 500|Stopped|Try again|Never\./.test(name))).toEqual([]);
    });
});
