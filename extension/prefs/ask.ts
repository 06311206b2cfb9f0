import Adw from 'gi://Adw';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk';

import { CallError } from '../remote/bus.js';
import { _ } from './i18n.js';

/** Asks for confirmation. Resolves with the user's decision. */
export function confirm(
    parent: Gtk.Widget,
    { heading, body, action, destructive }: { heading: string; body: string; action: string; destructive: boolean },
): Promise<boolean> {
    const dialog = new Adw.AlertDialog({ heading, body, close_response: 'cancel' });
    dialog.add_response('cancel', _('Cancel'));
    dialog.add_response('go', action);
    dialog.set_response_appearance(
        'go',
        destructive ? Adw.ResponseAppearance.DESTRUCTIVE : Adw.ResponseAppearance.SUGGESTED,
    );
    if (!destructive) dialog.set_default_response('go');
    return new Promise(resolve => {
        dialog.connect('response', (_dialog, response) => {
            resolve(response === 'go');
        });
        dialog.present(parent);
    });
}

/** Reports a failure. */
export function showProblem(parent: Gtk.Widget, heading: string, error: unknown, reason = reasonOf(error)): void {
    const dialog = new Adw.AlertDialog({ heading, body: reason, close_response: 'close' });
    dialog.add_response('close', _('Close'));
    dialog.present(parent);
}

/** Why a call failed, for people. The service gives its own message; the bus only has names for it. */
export function reasonOf(error: unknown): string {
    if (!(error instanceof CallError)) return String(error);
    const isOfBus = /^org\.freedesktop\.DBus\.Error\.(?:NoReply|ServiceUnknown|NameHasNoOwner|Spawn\.)/.test(
        error.name,
    );
    return isOfBus || error.message === '' ? _('Reeve’s service is not responding.') : error.message;
}

/** Whether the entered text is invalid. */
export function isRefusal(error: unknown): boolean {
    return error instanceof CallError && error.name.endsWith('.Error.InvalidArgument');
}

/** Whether a dialog of GTK's failed only because the user closed it. */
export function wasDismissed(error: unknown): boolean {
    return error instanceof GLib.Error && error.matches(Gtk.DialogError.quark(), Gtk.DialogError.DISMISSED);
}
