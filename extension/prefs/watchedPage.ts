import Adw from 'gi://Adw';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

import type { Manager, Source } from '../remote/model.js';
import { _, ngettext } from './i18n.js';

/** What is watched, and what keeps it from being watched. */
export class WatchedPage extends Adw.PreferencesPage {
    static {
        GObject.registerClass(this);
    }

    #groups: Adw.PreferencesGroup[] = [];

    constructor() {
        super({ name: 'watched', title: _('Watched'), icon_name: 'view-reveal-symbolic' });
        this.sync(null);
    }

    sync(manager: Manager | null): void {
        for (const group of this.#groups) this.remove(group);
        const sources = group(_('Sources'), (manager?.sources ?? []).map(sourceRow));
        const notices = (manager?.notices ?? []).map(({ text, remedy }) => textRow(text, remedy));
        if (manager === null) sources.description = _('Reeve’s service is not running.');
        this.#groups = notices.length > 0 ? [group(_('Limits'), notices), sources] : [sources];
        for (const each of this.#groups) this.add(each);
    }
}

/** Sources by the names that the service gives them; one that is new shows its name. */
function sourceTitle(name: string): string {
    const titles: Record<string, string> = {
        journal: _('The journal'),
        'systemd-system': _('Services of the system'),
        'systemd-user': _('Your own services'),
    };
    return titles[name] ?? name;
}

function sourceRow({ name, state, detail, events, lost }: Source): Adw.ActionRow {
    const states = {
        off: _('Off'),
        starting: _('Starting'),
        watching: _('Watched'),
        waiting: _('Will be tried again'),
        unavailable: _('Not on this computer'),
    };
    const counts = [
        events > 0 ? ngettext('{count} event', '{count} events', events) : '',
        lost > 0 ? ngettext('{count} lost', '{count} lost', lost) : '',
        detail,
    ];
    const row = textRow(sourceTitle(name), counts.filter(part => part !== '').join(' · '));
    row.add_suffix(new Gtk.Label({ label: states[state], css_classes: ['dim-label'] }));
    return row;
}

function textRow(title: string, subtitle: string): Adw.ActionRow {
    return new Adw.ActionRow({ title, subtitle, use_markup: false, subtitle_selectable: true });
}

function group(title: string, rows: Adw.ActionRow[]): Adw.PreferencesGroup {
    const result = new Adw.PreferencesGroup({ title });
    for (const row of rows) result.add(row);
    return result;
}
