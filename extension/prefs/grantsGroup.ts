import Adw from 'gi://Adw';
import type Gio from 'gi://Gio';

import { messageOf } from '../core/errors.js';
import { GrantsWatch } from '../remote/grantsWatch.js';
import type { Grant } from '../remote/model.js';
import { localTime } from '../text/localTime.js';
import { _, ngettext } from './i18n.js';
import { rowButton, textRow } from './rows.js';

/** What a person allowed Reeve to do without asking, and the way back. */
export class GrantsGroup {
    readonly widget = new Adw.PreferencesGroup({
        title: _('Allowed without asking'),
        description: _('After a fix that helped, you can allow it for the next times. Reeve tells you each time.'),
    });
    readonly #watch: GrantsWatch;
    #rows: Adw.ActionRow[] = [];

    constructor(connection: Gio.DBusConnection) {
        this.#watch = new GrantsWatch(connection, grants => {
            this.#sync(grants ?? []);
        });
        this.#sync([]);
    }

    release(): void {
        this.#watch.destroy();
    }

    #sync(grants: readonly Grant[]): void {
        for (const row of this.#rows) this.widget.remove(row);
        this.#rows = grants.map(grant => this.#row(grant));
        for (const row of this.#rows) this.widget.add(row);
        // Nothing is allowed until somebody allows it, and then there is nothing to show.
        this.widget.visible = grants.length > 0;
    }

    #row(grant: Grant): Adw.ActionRow {
        const row = textRow(grant.title, standing(grant));
        const remove = rowButton(_('Remove'), _('Remove: {title}', { title: grant.title }), () => {
            this.#watch.remove(grant).catch((error: unknown) => {
                row.subtitle = messageOf(error);
            });
        });
        row.add_suffix(remove);
        return row;
    }
}

function standing({ state, reason, ends, uses, usesAllowed }: Grant): string {
    const used = ngettext('Used {count} time of {total}', 'Used {count} times of {total}', uses, {
        total: usesAllowed,
    });
    const time = localTime(ends)?.format('%x') ?? '';
    switch (state) {
        case 'suspended':
            return _('Suspended. {reason}', { reason });
        case 'over':
            return _('Ended on {time}', { time });
        case 'used-up':
            return _('{used}, so it has ended', { used });
        case 'usable':
            return _('{used}, until {time}', { used, time });
    }
}
