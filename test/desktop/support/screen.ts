// Reeve on the screen of a test desktop, as alice sees it and works with it: indicator, quick chat, notifications, and the
// Shell's own password dialog.
import { bootInstalled, installAndWatch, untilWatching } from './installed.ts';
import { pressShortcut } from './shortcuts.ts';
import { alice, discard } from '../container.ts';
import { Desktop } from '../desktop.ts';
import type { Suite } from '../image.ts';
import type { Settings } from '../settings.ts';
import { ownUuid } from '../oracle.ts';
import { until } from '../waiting.ts';

const indicator = `Main.panel.statusArea['${ownUuid}']`;
/** Those of Reeve since the watching began, with the texts that they have now. */
const announcements = 'globalThis.announcedByReeve';
const noteNotifications = `${announcements} = [];
    const note = source => {
        if (source.title !== 'Reeve') return;
        source.connect('notification-added', (_source, notification) => ${announcements}.push(notification));
    };
    Main.messageTray.getSources().forEach(note);
    Main.messageTray.connect('source-added', (_tray, source) => note(source));
    null`;
/** Labels, entries and buttons are called what a screen reader calls them; the text of an entry belongs to the entry. */
const nameOf = `(actor => [actor?.accessible_name, actor?.label, actor?.get_parent?.()?.accessible_name, actor?.text]
    .find(name => typeof name === 'string' && name !== '') ?? '')`;
const focusedName = `${nameOf}(global.stage.get_key_focus())`;
/** Whether the password dialog that was answered has gone. */
const answered = 'globalThis.passwordDialogHasGone';
const noteAnswer = `${answered} = false;
    Main.layoutManager.modalDialogGroup.get_children().find(dialog => dialog.contains(global.stage.get_key_focus()))
        .connect('destroy', () => { ${answered} = true; });
    null`;
/** So many failures within an hour are no everyday matter. */
const settings = '[notifications]\nper_hour = 100\n';
/** GNOME's own owner of Super+Space lets go of it, as on the user's click on "Use Super+Space". */
const superSpaceIsFree = {
    'org.gnome.desktop.wm.keybindings': {
        'switch-input-source': "['XF86Keyboard']",
        'switch-input-source-backward': "['<Shift>XF86Keyboard']",
    },
};

/** Draw nothing that no test checks. */
const plain = { 'org.gnome.desktop.background': { 'picture-options': "'none'" } };

/** A desktop on which Reeve is installed, runs, and opens with Super+Space. */
export async function bootWithReeve(
    suite: Suite,
    files: Record<string, string> = {},
    own: Settings = {},
): Promise<Desktop> {
    const desktop = await bootInstalled(suite, {
        files: { [`${alice.home}/.config/reeve/config.toml`]: settings, ...files },
        settings: { ...superSpaceIsFree, ...own },
    });
    try {
        await desktop.evalJs(noteNotifications);
        return desktop;
    } catch (error) {
        await desktop.down();
        throw error;
    }
}

/**
 * The same in a virtual machine. It is installed in a container first, whose files the machine then starts with: without the
 * help of a processor that alone would take minutes.
 */
export async function bootMachineWithReeve(suite: Suite, files: Record<string, string> = {}): Promise<Desktop> {
    const options = {
        name: `machine-${process.pid}-${suite}`,
        keep: true,
        files: { [`${alice.home}/.config/reeve/config.toml`]: settings, ...files },
        settings: { ...superSpaceIsFree, ...plain },
    };
    try {
        await using container = await Desktop.boot(suite, options);
        await installAndWatch(container);
    } catch (error) {
        await discard(options.name);
        throw error;
    }
    const desktop = await Desktop.boot(suite, { ...options, on: 'machine' });
    try {
        await untilWatching(desktop);
        await desktop.evalJs(noteNotifications);
        return desktop;
    } catch (error) {
        await desktop.down();
        throw error;
    }
}

/** Without an answer. The Shell lets a key pass by while it begins the next attempt. */
export async function closeDialog(desktop: Desktop): Promise<void> {
    await until('the dialog is closed', async () => {
        await desktop.key('Escape');
        return desktop.evalJs<boolean>('Main.modalCount === 0');
    });
}

export class Screen {
    readonly #desktop: Desktop;

    constructor(desktop: Desktop) {
        this.#desktop = desktop;
    }

    /** @param name the indicator's accessible name, which is what its icon and count show */
    async untilIndicatorSays(name: string): Promise<void> {
        await this.#desktop.waitFor(`${indicator}.accessible_name === ${JSON.stringify(name)}`);
    }

    // -- The quick chat

    async openWithKey(): Promise<void> {
        await pressShortcut(this.#desktop, 'Super+space');
        await this.untilOpen();
    }

    /** @param name what the indicator is to say by then: it is found by that */
    async openWithPointer(name: string): Promise<void> {
        await this.untilIndicatorSays(name);
        await this.#desktop.clickOn(name);
        await this.untilOpen();
    }

    async untilOpen(): Promise<void> {
        try {
            await this.#desktop.waitFor(`${indicator}.menu.isOpen`);
        } catch (error) {
            const state = await this.#desktop.evalJs(
                "[Main.actionMode, Main.modalCount, Main.overview.visible, Main.wm._allowedKeybindings['toggle-chat']]",
            );
            const names = await this.#desktop.names();
            throw new Error(`not open in ${JSON.stringify(state)}: ${names.join(' | ')}`, { cause: error });
        }
    }

    async close(): Promise<void> {
        await this.#desktop.key('Escape');
        await this.untilClosed();
    }

    async untilClosed(): Promise<void> {
        await this.#desktop.waitFor(`!${indicator}.menu.isOpen`);
    }

    /** Clicks on what has this label once it is there, after turning the wheel until it is in view. */
    async press(label: string): Promise<void> {
        await this.untilShown(label);
        await this.#desktop.move(1020, 500);
        const down = Array<number>(16).fill(5);
        for (const dy of [...down, ...down.map(step => -step), 0]) {
            const isInView = `testDesktop.isInView(${JSON.stringify(label)})`;
            if (await this.#desktop.evalJs<boolean>(isInView)) break;
            await this.#desktop.scroll(0, dy);
        }
        await this.#desktop.clickOn(label);
    }

    /** Of the first card that has any. Their number depends on how much of their origin journald could still record. */
    async openEvidence(): Promise<void> {
        const isEvidence = (name: string) => /^\d+ pieces? of evidence$/.test(name);
        const name = await until('there is evidence', async () => (await this.#desktop.names()).find(isEvidence));
        await this.press(name);
    }

    // -- Keyboard

    async focused(): Promise<string> {
        return this.#desktop.evalJs<string>(focusedName);
    }

    async untilFocused(name: string): Promise<void> {
        await this.#desktop.waitFor(`${focusedName} === ${JSON.stringify(name)}`);
    }

    /** Presses Tab until the focus is on what has this name. @returns the names on the way, that one last */
    async tabTo(name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string[]> {
        const names: string[] = [];
        do {
            if (names.length === 60) throw new Error(`${key} does not lead to ${name}, but to ${names.join(' | ')}`);
            await this.#desktop.key(key);
            names.push(await this.focused());
        } while (!matches(names.at(-1) ?? '', name));
        return names;
    }

    /** Clicks what has the focus, as Return does. @returns the name of what has it then, before anything else happens */
    async clickFocused(): Promise<string> {
        return this.#desktop.evalJs<string>(
            `(() => { global.stage.get_key_focus().emit('clicked', 1); return ${focusedName}; })()`,
        );
    }

    /** What in the quick chat can be worked with at the moment, by name. */
    async controls(): Promise<string[]> {
        return this.#desktop.evalJs<string[]>(`(function named(actor) {
            if (!actor.mapped) return [];
            const own = actor.can_focus && actor.reactive ? [${nameOf}(actor)] : [];
            return [...own, ...actor.get_children().flatMap(named)];
        })(${indicator}.menu.box)`);
    }

    // -- What is read

    /** The texts of the quick chat, also while it is closed. */
    async kept(): Promise<string[]> {
        return this.#desktop.evalJs<string[]>(`(function texts(actor) {
            if (!actor.visible) return [];
            const own = typeof actor.text === 'string' && actor.text !== '' ? [actor.text] : [];
            return [...own, ...actor.get_children().flatMap(texts)];
        })(${indicator}.menu.box)`);
    }

    /** Until all these texts are drawn, each as a whole or, for a pattern, in part. */
    async untilShown(...wanted: (string | RegExp)[]): Promise<void> {
        let missing = wanted;
        try {
            await until('the texts are shown', async () => {
                const names = await this.#desktop.names();
                missing = wanted.filter(text => !names.some(name => matches(name, text)));
                return missing.length === 0;
            });
        } catch (error) {
            const names = await this.#desktop.names();
            throw new Error(`not shown: ${missing.join(', ')}; but: ${names.join(' | ')}`, { cause: error });
        }
    }

    // -- Notifications

    /** The titles of all notifications of Reeve so far, the oldest first. */
    async announced(): Promise<string[]> {
        return this.#desktop.evalJs<string[]>(`${announcements}.map(({ title }) => title)`);
    }

    /** Until a banner with this title is drawn; then rests the pointer on it, which shows its buttons. */
    async hoverNotification(title: string): Promise<void> {
        await this.#desktop.waitFor(
            `Main.messageTray._notification?.title === ${JSON.stringify(title)} && Main.messageTray._banner?.mapped`,
        );
        await this.#desktop.move(640, 90);
        await this.#desktop.move(641, 90);
        await this.#desktop.waitFor('Main.messageTray._banner.expanded');
    }

    /**
     * Throws away all notifications, as "Clear" in the message list does, until none is drawn: also one that comes only now,
     * which the Shell would otherwise keep for as long as nobody touches the keyboard or the mouse.
     */
    async clearNotifications(): Promise<void> {
        const clear = 'Main.messageTray.getSources().forEach(source => source.destroy())';
        await this.#desktop.waitFor(`(${clear}, Main.messageTray._notification === null)`);
    }

    // -- The password dialog

    /** @param message what the system asks for */
    async untilAskedForPassword(message: RegExp): Promise<void> {
        await this.#desktop.waitFor("global.stage.get_key_focus()?.get_parent()?.hint_text === 'Password'");
        await this.untilShown(message, 'Authenticate');
    }

    async untilAskedNothing(): Promise<void> {
        await this.#desktop.waitFor('Main.modalCount === 0');
    }

    async givePassword(message: RegExp): Promise<void> {
        await this.untilAskedForPassword(message);
        await this.#desktop.evalJs(noteAnswer);
        await this.#desktop.type(`${alice.password}\n`);
        // There may be another dialog as soon as this one goes.
        await this.#desktop.waitFor(answered);
    }
}

function matches(name: string, wanted: string | RegExp): boolean {
    return wanted instanceof RegExp ? wanted.test(name) : name === wanted;
}
