// The few kinds of widget that make up the popover, in the Shell's own style classes where it has them.
import Atk from 'gi://Atk';
import Clutter from 'gi://Clutter';
import Gio from 'gi://Gio';
import Pango from 'gi://Pango';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import { leftToRight, rightToLeft } from '../text/direction.js';
import { escapeMarkup } from '../text/pangoMarkup.js';
import { FadedScroll } from './fadedScroll.js';

export function column(styleClass: string, ...children: Clutter.Actor[]): St.BoxLayout {
    return box(Clutter.Orientation.VERTICAL, styleClass, children);
}

export function row(styleClass: string, ...children: Clutter.Actor[]): St.BoxLayout {
    return box(Clutter.Orientation.HORIZONTAL, styleClass, children);
}

function box(orientation: Clutter.Orientation, styleClass: string, children: Clutter.Actor[]): St.BoxLayout {
    const actor = new St.BoxLayout({ orientation, style_class: styleClass, x_expand: true });
    for (const child of children) actor.add_child(child);
    return actor;
}

/** Text that wraps, also inside a word where it must: names of units and paths are long. */
export function label(text: string, styleClass: string): St.Label {
    const actor = markupLabel('', styleClass);
    setText(actor, text);
    return actor;
}

/** Changes the text of a `label`. It is never parsed as markup, whatever it holds. */
export function setText(actor: St.Label, text: string): void {
    const drawn = actor.get_text_direction() === Clutter.TextDirection.RTL ? rightToLeft(text) : text;
    if (actor.text !== drawn) setMarkup(actor, escapeMarkup(drawn));
}

/** As `setText`, of a label that is only there while it says something. */
export function showText(actor: St.Label, text: string): void {
    setText(actor, text);
    actor.visible = text !== '';
}

/** As `label`, for markup that text/pangoMarkup.ts made. */
export function markupLabel(markup: string, styleClass: string): St.Label {
    const actor = new St.Label({ style_class: styleClass, x_expand: true });
    actor.clutter_text.set({
        line_wrap: true,
        line_wrap_mode: Pango.WrapMode.WORD_CHAR,
        ellipsize: Pango.EllipsizeMode.NONE,
    });
    setMarkup(actor, markup);
    return actor;
}

/** As `setText`, for markup that text/pangoMarkup.ts made. */
export function setMarkup(actor: St.Label, markup: string): void {
    // Pango would put a hyphen where it breaks a name, and a name with one hyphen more is another name.
    actor.clutter_text.set_markup(`<span insert_hyphens="false">${markup}</span>`);
}

/** `default` is what most people will want; `raised` stands on a card, `chip` on the popover itself. */
export type ButtonKind = 'default' | 'raised' | 'flat' | 'chip';

const buttonClasses = {
    default: 'button default reeve-button',
    raised: 'notification-button reeve-button',
    flat: 'reeve-flat reeve-button',
    chip: 'button reeve-chip',
} as const;

export function button(text: string, kind: ButtonKind, onClicked: () => void): St.Button {
    const actor = new St.Button({ label: text, style_class: buttonClasses[kind], can_focus: true });
    actor.connect('clicked', onClicked);
    return actor;
}

/** @param name what a screen reader calls it */
export function iconButton(iconName: string, name: string, styleClass: string, onClicked: () => void): St.Button {
    const actor = new St.Button({
        icon_name: iconName,
        accessible_name: name,
        style_class: styleClass,
        can_focus: true,
        y_align: Clutter.ActorAlign.CENTER,
    });
    actor.connect('clicked', onClicked);
    return actor;
}

/** Says that it has copied until it is left. */
export function copyButton(text: () => string, name = _('Copy')): St.Button {
    const icon = new St.Icon({ icon_name: 'edit-copy-symbolic' });
    const copied = new St.Label({ text: _('Copied'), y_align: Clutter.ActorAlign.CENTER, visible: false });
    const actor = new St.Button({
        child: row('reeve-copy', icon, copied),
        accessible_name: name,
        style_class: 'reeve-flat reeve-small-button',
        can_focus: true,
        y_align: Clutter.ActorAlign.CENTER,
    });
    const show = (hasCopied: boolean) => {
        icon.icon_name = hasCopied ? 'object-select-symbolic' : 'edit-copy-symbolic';
        copied.visible = hasCopied;
        actor.accessible_name = hasCopied ? _('Copied') : name;
    };
    actor.connect('clicked', () => {
        St.Clipboard.get_default().set_text(St.ClipboardType.CLIPBOARD, text());
        show(true);
        announce(actor, _('Copied'));
    });
    for (const signal of ['notify::hover', 'key-focus-out', 'notify::mapped'])
        actor.connect(signal, () => {
            if (!actor.hover && !actor.has_key_focus()) show(false);
        });
    return actor;
}

/** Machine text, commands, paths and logs, runs from left to right, wherever people write otherwise. */
export function verbatim(text: string): St.Label {
    return label(leftToRight(text), 'reeve-monospace');
}

/** Text to be read letter by letter, and to be copied. */
export function quoted(text: string): St.BoxLayout {
    const words = verbatim(text);
    words.y_align = Clutter.ActorAlign.CENTER;
    return row(
        'reeve-inset',
        words,
        copyButton(() => text),
    );
}

export const severityIcons = {
    low: 'dialog-information-symbolic',
    medium: 'dialog-warning-symbolic',
    high: 'dialog-warning-symbolic',
    critical: 'dialog-error-symbolic',
} as const;

/** One of our own symbolic icons. */
export function ownIcon(directory: Gio.File, name: string): Gio.Icon {
    return new Gio.FileIcon({ file: directory.get_child('icons').get_child(`${name}-symbolic.svg`) });
}

/** Has a screen reader announce something after its present speech. */
export function announce(actor: St.Widget, text: string): void {
    actor.get_accessible().emit('notification', text, Atk.Live.POLITE);
}

/** All that an actor says, for a screen reader. */
export function textOf(actor: Clutter.Actor): string {
    if (!actor.visible) return '';
    if (actor instanceof St.Label) return actor.text;
    const parts = actor.get_children().map(textOf);
    return parts.filter(text => text !== '').join(' ');
}

export function hasKeyFocus(actor: Clutter.Actor): boolean {
    const focus = global.stage.get_key_focus();
    return focus !== null && actor.contains(focus);
}

/**
 * Gives the keyboard to a text, from where Tab goes on. What replaces a button gets it so: on another button, the second of two
 * presses of Return would do what nobody has read yet.
 */
export function focusText(actor: St.Widget): void {
    actor.can_focus = true;
    actor.grab_key_focus();
    const handler = actor.connect('key-focus-out', () => {
        actor.disconnect(handler);
        actor.can_focus = false;
    });
}

/** Scrolls an actor into view once what moves it has its place. */
export function bringIntoView(actor: Clutter.Actor): void {
    const handler = actor.connect('notify::allocation', () => {
        actor.disconnect(handler);
        for (let holder = actor.get_parent(); holder !== null; holder = holder.get_parent())
            if (holder instanceof FadedScroll) holder.keepInView(actor);
    });
}

/** Finds the styles of an actor and of all that is in it, which St does by itself when they are shown. */
export function ensureStyles(actor: Clutter.Actor): void {
    if (actor instanceof St.Widget) actor.ensure_style();
    for (const child of actor.get_children()) ensureStyles(child);
}
