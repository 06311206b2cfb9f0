import Adw from 'gi://Adw';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import type { Manager } from '../remote/model.js';
import { _ } from './i18n.js';
import { propertyRow, rowButton, textRow } from './rows.js';

/** The version, its licence, and where its files are. */
export class AboutPage extends Adw.PreferencesPage {
    static {
        GObject.registerClass(this);
    }

    readonly #service = propertyRow(_('Service'), '');

    /**
     * @param version of the extension
     * @param introduceAgain has the introduction shown when Reeve is next opened
     */
    constructor(version: string, introduceAgain: () => void) {
        super({ name: 'about', title: _('About'), icon_name: 'help-about-symbolic' });
        const home = GLib.get_home_dir();
        const short = (path: string) => (path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
        const what = new Adw.PreferencesGroup({
            title: _('Reeve'),
            description: _(
                'Says what went wrong and why, fixes it with your consent, checks the result, and can undo it.',
            ),
        });
        for (const each of [
            propertyRow(_('Extension'), version),
            this.#service,
            propertyRow(_('Licence'), _('GNU General Public License, version 3 or later')),
        ])
            what.add(each);
        const introduction = textRow(_('Introduction'), '');
        const again = rowButton(_('Show again'), _('Show the introduction again'), () => {
            introduceAgain();
            introduction.subtitle = _('It is shown when you next open Reeve.');
            again.sensitive = false;
        });
        introduction.add_suffix(again);
        what.add(introduction);
        const where = new Adw.PreferencesGroup({
            title: _('On this computer'),
            description: _('Everything Reeve knows stays on this computer.'),
        });
        where.add(propertyRow(_('Incidents, timeline and audit log'), short(`${GLib.get_user_state_dir()}/reeve`)));
        where.add(propertyRow(_('Service settings'), short(`${GLib.get_user_config_dir()}/reeve/config.toml`)));
        where.add(propertyRow(_('Service log'), 'journalctl --user --unit=reeve.service'));
        this.add(what);
        this.add(where);
        this.sync(null);
    }

    sync(manager: Manager | null): void {
        this.#service.subtitle = manager?.serviceVersion || _('Not running');
    }
}
