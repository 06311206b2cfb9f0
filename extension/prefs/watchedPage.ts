import Adw from 'gi://Adw';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk';

import type { Manager, Muted, Source } from '../remote/model.js';
import { localTime } from '../text/localTime.js';
import { _, ngettext } from './i18n.js';
import { group, rowButton, textRow } from './rows.js';
import { messageOf } from '../core/errors.js';

/** What is watched, what prevents that, and what the user has muted. */
export class WatchedPage extends Adw.PreferencesPage {
    static {
        GObject.registerClass(this);
    }

    #groups: Adw.PreferencesGroup[] = [];

    readonly #unmute: (muted: Muted) => Promise<void>;

    /** @param unmute rejects when the service refuses or is absent */
    constructor(unmute: (muted: Muted) => Promise<void>) {
        super({ name: 'watched', title: _('Watched'), icon_name: 'view-reveal-symbolic' });
        this.#unmute = unmute;
        this.sync(null);
    }

    sync(manager: Manager | null): void {
        for (const group of this.#groups) this.remove(group);
        const sources = group(_('Sources'), (manager?.sources ?? []).map(sourceRow));
        const notices = (manager?.notices ?? []).map(({ text, remedy }) => textRow(text, remedy));
        if (manager === null) sources.description = _('Reeve’s service is not running.');
        const muted = (manager?.muted ?? []).map(entry => mutedRow(entry, this.#unmute));
        this.#groups = [
            ...(notices.length > 0 ? [group(_('Limits'), notices)] : []),
            // What the user decided not to watch comes below everything that is watched.
            ...(muted.length > 0 ? [group(_('Muted'), muted)] : []),
            sources,
        ];
        for (const each of this.#groups) this.add(each);
    }
}

/** Sources by the service's names; a new one shows its name. */
function sourceTitle(name: string): string {
    const titles: Record<string, string> = {
        journal: _('The journal'),
        'systemd-system': _('System services'),
        'systemd-user': _('Your own services'),
        files: _('Configuration files'),
        mistakes: _('Errors in configuration files'),
        dormant: _('Trouble at the next log-in or start'),
        packages: _('Software packages'),
        installations: _('Interrupted installations'),
        libraries: _('Programs with replaced libraries'),
        restart: _('Restarts required by updates'),
        space: _('Disk space'),
        processor: _('Programs that keep a processor busy'),
        'kernel-threads': _('Kernel activity'),
        growth: _('Programs that use more and more memory'),
        hanging: _('Programs that stop responding'),
        pressure: _('Waiting for memory and disks'),
        heat: _('Heat'),
        network: _('Network interfaces'),
        'network-manager': _('Network connections'),
        devices: _('Devices and their drivers'),
        drives: _('Drives and their health'),
        bluetooth: _('Bluetooth'),
        clock: _('Date and time'),
        zone: _('Time zone'),
        sound: _('Sound'),
        power: _('Battery and power'),
        firmware: _('Firmware'),
        logind: _('Sleep, shutdown and log-ins'),
        'package-kit': _('Software updates'),
        settings: _('Desktop settings'),
        'shell-extensions': _('Extensions'),
    };
    return titles[name] ?? name;
}

function sourceRow({ name, state, detail, events, lost }: Source): Adw.ActionRow {
    const states = {
        off: _('Off'),
        starting: _('Starting'),
        watching: _('Watched'),
        waiting: _('Retrying soon'),
        unavailable: _('Not available on this computer'),
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

function mutedRow(muted: Muted, unmute: (muted: Muted) => Promise<void>): Adw.ActionRow {
    const { subject, scope, since } = muted;
    const day = _('Since {day}', { day: localTime(since)?.format('%x') ?? '' });
    // The system and the user may each have a service of that name.
    const row = textRow(subject, scope === 'user' ? `${_('Your own service')} · ${day}` : day);
    const button = rowButton(_('Unmute'), _('Unmute {subject}', { subject }), () => {
        unmute(muted).catch((error: unknown) => {
            row.subtitle = messageOf(error);
        });
    });
    button.tooltip_text = _('Report {subject} again from its next failure', { subject });
    row.add_suffix(button);
    return row;
}
