import Gio from 'gi://Gio';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import type { PopupMenu } from 'resource:///org/gnome/shell/ui/popupMenu.js';

import { _ } from '../core/i18n.js';
import type { Address } from '../text/markdown/address.js';
import { messageOf } from '../core/errors.js';

/** Opens an address in the user's program for it, and closes what is open in the panel. */
export function openLink({ uri, host }: Address): void {
    // @girs does not know it (js/ui/popupMenu.js).
    const { activeMenu } = Main.panel.menuManager as unknown as { activeMenu: PopupMenu | null };
    activeMenu?.close();
    const context = global.create_app_launch_context(0, -1);
    Gio.AppInfo.launch_default_for_uri_async(uri, context, null, (_source, result) => {
        try {
            Gio.AppInfo.launch_default_for_uri_finish(result);
        } catch (error) {
            Main.notifyError(_('Could not open {host}', { host }), messageOf(error));
        }
    });
}
