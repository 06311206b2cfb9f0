import Adw from 'gi://Adw';
import Gio from 'gi://Gio';
import { ExtensionPreferences } from 'resource:///org/gnome/Shell/Extensions/js/extensions/prefs.js';

import { AboutPage } from './prefs/aboutPage.js';
import { _ } from './prefs/i18n.js';
import { GrantsGroup } from './prefs/grantsGroup.js';
import { ModelsPage } from './prefs/modelsPage.js';
import { NotificationsGroup } from './prefs/notificationsGroup.js';
import { ShortcutGroup } from './prefs/shortcutGroup.js';
import { WatchedPage } from './prefs/watchedPage.js';
import { WatchingGroup } from './prefs/watchingGroup.js';
import { ManagerWatch } from './remote/managerWatch.js';

export default class ReevePreferences extends ExtensionPreferences {
    override fillPreferencesWindow(window: Adw.PreferencesWindow): Promise<void> {
        const shortcut = new ShortcutGroup(this.getSettings());
        const watching = new WatchingGroup(paused => manager.setPaused(paused));
        const general = new Adw.PreferencesPage({
            name: 'general',
            title: _('General'),
            icon_name: 'preferences-system-symbolic',
        });
        general.add(shortcut);
        general.add(watching);
        const notifications = new NotificationsGroup(Gio.DBus.session);
        general.add(notifications.widget);
        const grants = new GrantsGroup(Gio.DBus.session);
        general.add(grants.widget);
        const models = new ModelsPage(Gio.DBus.session);
        const watched = new WatchedPage(muted => manager.unmute(muted));
        const about = new AboutPage(this.metadata['version-name'] ?? '', () => {
            this.getSettings().set_int('introduction-shown', 0);
        });
        for (const page of [general, models, watched, about]) window.add(page);

        const manager = new ManagerWatch(Gio.DBus.session, state => {
            for (const part of [watching, watched, about]) part.sync(state);
        });
        window.connect('close-request', () => {
            manager.destroy();
            models.release();
            notifications.release();
            grants.release();
            shortcut.release();
            return false;
        });
        return Promise.resolve();
    }
}
