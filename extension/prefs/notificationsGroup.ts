import Adw from 'gi://Adw';
import type Gio from 'gi://Gio';

import { SettingsWatch } from '../remote/settingsWatch.js';
import type { ServiceSettings } from '../remote/settingsWatch.js';
import { isRefusal, showProblem } from './ask.js';
import { asWidget } from './asWidget.js';
import { _ } from './i18n.js';
import { textRow } from './rows.js';
import { SettingNumber, SettingText } from './settingRows.js';
import type { SetValue } from './settingRows.js';

const quietHours = 'notifications.quiet_hours';

/** How many notifications may come, and when; docs/configuration.md documents the settings. */
export class NotificationsGroup {
    readonly widget = new Adw.PreferencesGroup({
        title: _('Notifications'),
        description: _('Problems without a notification are still listed. Critical ones always notify you.'),
    });
    readonly #watch: SettingsWatch;
    readonly #obstacle = textRow(_('The settings cannot be changed here'), '');
    readonly #perHour: SettingNumber;
    readonly #quietHours: SettingText;
    #last: ServiceSettings | null = null;

    constructor(connection: Gio.DBusConnection) {
        this.#watch = new SettingsWatch(connection, settings => {
            this.#sync(settings);
        });
        const set: SetValue = (setting, value) => {
            this.#watch.set(setting, value).catch((error: unknown) => {
                // The service's own words are for those who write the file.
                const isMiswritten = setting === quietHours && isRefusal(error);
                const reason = isMiswritten ? _('Enter two times, such as 22:00-07:00, or leave it empty.') : undefined;
                showProblem(asWidget(this.widget), _('The setting could not be changed'), error, reason);
                this.#sync(this.#last);
            });
        };
        this.#perHour = new SettingNumber(
            'notifications.per_hour',
            { title: _('Maximum notifications per hour'), subtitle: _('Further problems are only listed') },
            { least: 0, most: 100 },
            set,
        );
        this.#quietHours = new SettingText(quietHours, _('Quiet hours, such as 22:00-07:00'), set);
        for (const row of [this.#obstacle, this.#perHour.row, this.#quietHours.row]) this.widget.add(row);
        this.#sync(null);
    }

    release(): void {
        this.#perHour.release();
        this.#watch.destroy();
    }

    #sync(settings: ServiceSettings | null): void {
        this.#last = settings;
        this.widget.visible = settings !== null;
        if (settings === null) return;
        this.#obstacle.subtitle = settings.obstacle;
        this.#obstacle.visible = settings.obstacle !== '';
        for (const setting of [this.#perHour, this.#quietHours]) {
            setting.row.sensitive = settings.obstacle === '';
            setting.sync(settings);
        }
    }
}
