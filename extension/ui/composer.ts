import Clutter from 'gi://Clutter';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { onKeyPress } from '../core/compat.js';
import { _ } from '../core/i18n.js';
import { readSelection } from '../input/selection.js';
import type { Attachment, Incident, Question } from '../remote/model.js';
import { aboutIcon, aboutText, attachmentIcons, attachmentPreview, attachmentText } from './questionText.js';
import { announce, button, column, hasKeyFocus, iconButton, label, row, showText } from './widgets.js';

/** Assistant.Ask takes no more. */
const mostAttachments = 8;

export type ComposerContext = {
    ask: (question: Question) => void;
    stop: () => void;
    /** What was asked before, oldest first. */
    questions: () => readonly string[];
};

/** The entry for a question, with its subject and attachments. It reads nothing before the user asks for it. */
export class Composer extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: ComposerContext;
    readonly #chips = column('reeve-composer-chips');
    readonly #choices: St.BoxLayout;
    readonly #notice = label('', 'reeve-caption reeve-dim');
    readonly #attach: St.Button;
    readonly #entry: St.Entry;
    readonly #send: St.Button;
    #about: Question['about'] = null;
    #attachments: readonly Attachment[] = [];
    #reading: Gio.Cancellable | null = null;
    #isReady = false;
    #isAnswering = false;
    #recallIndex: number | null = null;

    constructor(context: ComposerContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-composer', x_expand: true });
        this.#context = context;
        this.#choices = row(
            'reeve-buttons',
            button(_('Selected text'), 'chip', () => {
                this.#read('selection');
            }),
            button(_('Clipboard'), 'chip', () => {
                this.#read('text');
            }),
        );
        this.#attach = iconButton('mail-attachment-symbolic', _('Attach text'), 'icon-button reeve-send', () => {
            this.#syncChoices();
            if (this.#attach.checked) this.#choices.navigate_focus(null, St.DirectionType.TAB_FORWARD, false);
        });
        this.#attach.toggle_mode = true;
        this.#entry = new St.Entry({
            can_focus: true,
            x_expand: true,
            style_class: 'reeve-entry',
            accessible_name: _('Ask about this computer'),
        });
        this.#send = iconButton('', '', 'icon-button reeve-send', () => {
            if (this.#isAnswering) this.#context.stop();
            else this.#ask();
        });
        for (const child of [
            this.#chips,
            this.#choices,
            this.#notice,
            row('reeve-entry-row', this.#attach, this.#entry, this.#send),
        ])
            this.add_child(child);
        this.#listen();
        this.#syncChips();
        this.#syncChoices();
        this.#say('');
    }

    /** @param isReady whether questions can be answered at all */
    sync(isReady: boolean, isAnswering: boolean): void {
        this.#isReady = isReady;
        this.#isAnswering = isAnswering;
        for (const actor of [this.#entry, this.#attach]) actor.set({ reactive: isReady, can_focus: isReady });
        this.#syncEntry();
    }

    opened(): void {
        this.#recallIndex = null;
        this.#attach.checked = false;
        this.#syncChoices();
        this.#say('');
    }

    /** @returns whether the entry is of any use at the moment, and so has the keyboard now */
    takeFocus(): boolean {
        if (this.#entry.can_focus) this.#entry.grab_key_focus();
        return this.#entry.can_focus;
    }

    askAbout({ id, title }: Incident): void {
        this.#about = { id, title };
        this.#syncChips();
        this.takeFocus();
    }

    #listen(): void {
        const { clutter_text: text } = this.#entry;
        text.connect('activate', () => {
            this.#ask();
        });
        text.connect('text-changed', () => {
            this.#syncSend();
        });
        onKeyPress(text, symbol => {
            if (symbol === Clutter.KEY_Up) return this.#recall(-1);
            if (symbol === Clutter.KEY_Down) return this.#recall(1);
            return false;
        });
        this.connect('destroy', () => {
            this.#reading?.cancel();
        });
    }

    /** The question when the entry is empty: an attachment often says it all. */
    get #unwritten(): string {
        if (this.#about !== null) return _('Why did this happen, and what can I do?');
        return this.#attachments.length > 0 ? _('What does this mean?') : '';
    }

    get #text(): string {
        return this.#entry.text.trim() || this.#unwritten;
    }

    #ask(): void {
        const text = this.#text;
        if (text === '' || this.#isAnswering || !this.#isReady) return;
        const question: Question = { text, about: this.#about, attachments: this.#attachments };
        this.#recallIndex = null;
        this.#entry.text = '';
        this.#about = null;
        this.#attachments = [];
        this.#attach.checked = false;
        this.#syncChips();
        this.#syncChoices();
        this.#say('');
        this.#context.ask(question);
        this.#entry.grab_key_focus();
    }

    #read(kind: Attachment['kind']): void {
        this.#reading?.cancel();
        const reading = new Gio.Cancellable();
        this.#reading = reading;
        this.#say('');
        readSelection(kind, reading).then(
            attachment => {
                if (!reading.is_cancelled()) this.#add(kind, attachment);
            },
            (error: unknown) => {
                // The program that offers the text may be gone, or break off.
                if (!reading.is_cancelled())
                    this.#say(_('The text could not be read: {reason}', { reason: String(error) }));
            },
        );
    }

    #add(kind: Attachment['kind'], attachment: Attachment | null): void {
        if (attachment === null) {
            this.#say(
                kind === 'selection'
                    ? _('No window has selected text. You can also attach text that you copied.')
                    : _('The clipboard contains no text.'),
            );
            return;
        }
        if (!this.#attachments.some(other => other.kind === kind && other.text === attachment.text))
            this.#attachments = [...this.#attachments, attachment].slice(-mostAttachments);
        this.#attach.checked = false;
        this.#syncChips();
        this.#syncChoices();
        announce(this, _('Attached: {what}', { what: attachmentText(attachment) }));
        this.takeFocus();
    }

    #say(text: string): void {
        showText(this.#notice, text);
        if (text !== '') announce(this, text);
    }

    #syncChips(): void {
        const hadFocus = hasKeyFocus(this.#chips);
        this.#chips.destroy_all_children();
        const about = this.#about;
        if (about !== null) {
            this.#addChip(aboutIcon, aboutText(about), '', () => {
                this.#about = null;
            });
        }
        for (const attachment of this.#attachments) {
            const words = [attachmentText(attachment), attachmentPreview(attachment)] as const;
            this.#addChip(attachmentIcons[attachment.kind], ...words, () => {
                this.#attachments = this.#attachments.filter(other => other !== attachment);
            });
        }
        this.#chips.visible = this.#chips.get_n_children() > 0;
        this.#syncEntry();
        if (hadFocus) this.takeFocus();
    }

    #addChip(iconName: string, title: string, preview: string, remove: () => void): void {
        const words = column('', label(title, ''));
        words.y_align = Clutter.ActorAlign.CENTER;
        if (preview !== '') words.add_child(label(preview, 'reeve-caption reeve-dim'));
        const close = iconButton(
            'window-close-symbolic',
            _('Remove: {what}', { what: title }),
            'reeve-flat reeve-small-button',
            () => {
                remove();
                this.#syncChips();
            },
        );
        const icon = new St.Icon({ icon_name: iconName, style_class: 'popup-menu-icon' });
        this.#chips.add_child(row('reeve-inset', icon, words, close));
    }

    #syncChoices(): void {
        this.#choices.visible = this.#attach.checked;
    }

    #syncEntry(): void {
        const hint = this.#unwritten || _('Ask about this computer');
        this.#entry.hint_text = this.#isReady ? hint : _('Reeve cannot answer questions now');
        this.#syncSend();
    }

    #syncSend(): void {
        const isUseful = this.#isAnswering || (this.#isReady && this.#text !== '');
        this.#send.icon_name = this.#isAnswering ? 'media-playback-stop-symbolic' : 'go-up-symbolic';
        this.#send.accessible_name = this.#isAnswering ? _('Stop') : _('Send');
        this.#send.reactive = isUseful;
        this.#send.can_focus = isUseful;
    }

    /** Steps through earlier questions, as a terminal does. */
    #recall(step: -1 | 1): boolean {
        const questions = this.#context.questions();
        const index = (this.#recallIndex ?? questions.length) + step;
        if (index < 0 || index > questions.length) return false;
        this.#recallIndex = index;
        this.#entry.text = questions[index] ?? '';
        this.#entry.clutter_text.set_cursor_position(-1);
        return true;
    }
}
