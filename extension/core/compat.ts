// Every difference between GNOME Shell 48, 49, 50 and 51 that concerns this extension, and nothing else.
import Clutter from 'gi://Clutter';
import Meta from 'gi://Meta';
import type St from 'gi://St';
import { PACKAGE_VERSION } from 'resource:///org/gnome/shell/misc/config.js';
import { PopupAnimation } from 'resource:///org/gnome/shell/ui/boxpointer.js';
import type { PopupMenu } from 'resource:///org/gnome/shell/ui/popupMenu.js';

const major = Number.parseInt(PACKAGE_VERSION, 10);

/** Part of Clutter from 50 on; @girs describes 48. */
type KeyController = Clutter.Action & {
    connect(signal: 'key-press', handler: () => boolean): number;
    get_key(): [unknown, number];
};

/** Part of Clutter from 50 on. */
type WithCursor = Clutter.Actor & { set_cursor_type: (type: number) => void };

/**
 * Closes a menu so that it is hidden when this returns. While a menu is visible, no window may be drawn past the
 * compositor (js/ui/boxpointer.js in GNOME/gnome-shell), and one that is destroyed in its closing animation is never
 * hidden. From 51 on close() animates unless an option, by name where it was by flags, says otherwise
 * (js/ui/popupMenu.js).
 */
export function closeAtOnce(menu: PopupMenu): void {
    if (major < 51) menu.close(PopupAnimation.NONE);
    else (menu as unknown as { close: (how: { animate: boolean }) => void }).close({ animate: false });
}

/**
 * Calls `handler` with the key symbol of each key pressed while `actor` has the focus; `true` keeps the key from others.
 * Clutter.KeyController, there from 50 on, takes the place of `key-press-event` (js/misc/history.js in GNOME/gnome-shell).
 */
export function onKeyPress(actor: Clutter.Actor, handler: (symbol: number) => boolean): void {
    if (major < 50) {
        actor.connect('key-press-event', (_actor: Clutter.Actor, event: Clutter.Event) =>
            handler(event.get_key_symbol()),
        );
        return;
    }
    const { KeyController } = Clutter as unknown as { KeyController: new () => KeyController };
    const controller = new KeyController();
    controller.connect('key-press', () => handler(controller.get_key()[1]));
    actor.add_action(controller);
}

/**
 * Makes the pointer a hand over a button, as it is over links. Actors have pointers of their own from 50 on, where the whole screen
 * had one before (js/ui/messageList.js in GNOME/gnome-shell).
 */
export function pointWithHand(button: St.Button): void {
    if (major < 50) {
        button.connect('notify::hover', () => {
            global.display.set_cursor(button.hover ? Meta.Cursor.POINTER : Meta.Cursor.DEFAULT);
        });
        button.connect('destroy', () => {
            if (button.hover) global.display.set_cursor(Meta.Cursor.DEFAULT);
        });
        return;
    }
    const { CursorType } = Clutter as unknown as { CursorType: { POINTER: number } };
    (button as unknown as WithCursor).set_cursor_type(CursorType.POINTER);
}
