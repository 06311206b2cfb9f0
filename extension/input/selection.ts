import Gio from 'gi://Gio';
import Meta from 'gi://Meta';

import type { Attachment } from '../remote/model.js';
import { attachable, mostBytes } from '../text/attachable.js';

const types = {
    selection: Meta.SelectionType.SELECTION_PRIMARY,
    text: Meta.SelectionType.SELECTION_CLIPBOARD,
} as const;
/** In the order in which StClipboard prefers them (src/st/st-clipboard.c in GNOME/gnome-shell). */
const textTypes = ['text/plain;charset=utf-8', 'UTF8_STRING', 'text/plain', 'STRING'];

/**
 * Reads the text that is selected in a window, or that is in the clipboard. StClipboard would read all of it, at any
 * length; here the beginning is enough.
 *
 * @returns null when there is no text
 */
export function readSelection(kind: Attachment['kind'], cancellable: Gio.Cancellable): Promise<Attachment | null> {
    const selection = global.display.get_selection();
    const offered = selection.get_mimetypes(types[kind]);
    const textType = textTypes.find(type => offered.includes(type));
    if (textType === undefined) return Promise.resolve(null);
    const output = Gio.MemoryOutputStream.new_resizable();
    return new Promise((resolve, reject) => {
        selection.transfer_async(types[kind], textType, mostBytes, output, cancellable, (_selection, result) => {
            try {
                selection.transfer_finish(result);
                output.close(null);
                const found = attachable(output.steal_as_bytes().toArray());
                resolve(found === null ? null : { kind, ...found });
            } catch (error) {
                reject(error instanceof Error ? error : new Error(String(error)));
            }
        });
    });
}
