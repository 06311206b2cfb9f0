import Adw from 'gi://Adw';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk';

import { SettingsWatch } from '../../remote/settingsWatch.js';
import type { ServiceSettings as Values } from '../../remote/settingsWatch.js';
import { confirm, showProblem, wasDismissed } from '../ask.js';
import { asWidget } from '../asWidget.js';
import { _ } from '../i18n.js';
import { textRow } from '../rows.js';
import { SettingNumber, SettingSwitch, SettingText } from '../settingRows.js';
import type { SetValue } from '../settingRows.js';
import { ServerKeyRows } from './serverKeyRows.js';
import type { ServerKeyActions } from './serverKeyRows.js';

/**
 * Settings for models and conversations, and a server in place of a model; all of it is in the service's config.toml.
 */
export class ServiceSettings {
    readonly #watch: SettingsWatch;
    readonly #obstacle = textRow(_('The settings cannot be changed here'), '');
    readonly #unloadAfter: SettingNumber;
    readonly #steps: SettingNumber;
    readonly #keep: SettingSwitch;
    readonly #url: SettingText;
    readonly #model: SettingText;
    readonly #key: ServerKeyRows;
    readonly #warning = textRow(_('Questions leave this computer'), '');
    readonly #use = new Adw.PreferencesGroup({ title: _('Model usage') });
    readonly #conversations = new Adw.PreferencesGroup({ title: _('Conversations') });
    readonly #elsewhere = new Adw.PreferencesGroup();
    readonly #server = new Adw.PreferencesGroup({
        title: _('Use a server'),
        description: _(
            'Answers when no model is installed: llama-server, vLLM, Ollama or any other OpenAI-compatible server.',
        ),
    });
    #last: Values | null = null;

    constructor(connection: Gio.DBusConnection, keys: ServerKeyActions) {
        this.#key = new ServerKeyRows(keys);
        this.#watch = new SettingsWatch(connection, values => {
            this.#sync(values);
        });
        const set: SetValue = (setting, value) => {
            this.#watch.set(setting, value).catch((error: unknown) => {
                showProblem(asWidget(this.#use), _('The setting could not be changed'), error);
                this.#sync(this.#last);
            });
        };
        this.#unloadAfter = new SettingNumber(
            'model.unload_after',
            { title: _('Free memory after'), subtitle: _('Minutes without a question') },
            { least: 1, most: 1440 },
            set,
        );
        this.#steps = new SettingNumber(
            'assistant.steps',
            {
                title: _('Maximum look-ups per answer'),
                subtitle: _('How often the model may look something up for one answer'),
            },
            { least: 1, most: 20 },
            set,
        );
        this.#keep = new SettingSwitch(
            'assistant.keep_conversations',
            {
                title: _('Keep conversations'),
                subtitle: _('Otherwise, questions have no context and nothing is saved.'),
            },
            set,
        );
        this.#url = new SettingText('server.url', _('Address, such as http://127.0.0.1:8080/v1'), set);
        this.#model = new SettingText('server.model', _('Model name on the server'), set);
        this.#warning.add_prefix(new Gtk.Image({ icon_name: 'dialog-warning-symbolic', css_classes: ['warning'] }));
        const forget = new Adw.ButtonRow({ title: _('Delete all conversations…') });
        forget.add_css_class('destructive-action');
        forget.connect('activated', () => {
            this.#deleteConversations().catch((error: unknown) => {
                showProblem(asWidget(this.#use), _('The conversations could not be deleted'), error);
            });
        });
        const openFile = new Adw.ButtonRow({ title: _('Open the configuration file') });
        openFile.connect('activated', () => {
            this.#openFile();
        });
        for (const row of [this.#obstacle, this.#unloadAfter.row, this.#steps.row]) this.#use.add(row);
        for (const row of [this.#keep.row, forget]) this.#conversations.add(row);
        this.#elsewhere.add(openFile);
        for (const row of [this.#url.row, this.#model.row, this.#warning, ...this.#key.rows]) this.#server.add(row);
        this.#sync(null);
    }

    get groups(): Adw.PreferencesGroup[] {
        return [this.#use, this.#conversations, this.#server, this.#elsewhere];
    }

    release(): void {
        for (const number of [this.#unloadAfter, this.#steps]) number.release();
        this.#watch.destroy();
    }

    #sync(values: Values | null): void {
        this.#last = values;
        for (const group of this.groups) group.visible = values !== null;
        if (values === null) return;
        this.#obstacle.subtitle = values.obstacle;
        this.#obstacle.visible = values.obstacle !== '';
        for (const setting of [this.#unloadAfter, this.#steps, this.#keep, this.#url, this.#model]) {
            setting.row.sensitive = values.obstacle === '';
            setting.sync(values);
        }
        const url = values.values['server.url'];
        const hasServer = typeof url === 'string' && url !== '';
        this.#warning.visible = hasServer && !isOnThisComputer(url);
        this.#warning.subtitle =
            hasServer && url.startsWith('http:')
                ? _(
                      'Your questions, the data that Reeve looks up for them, and the key are sent to the server unencrypted.',
                  )
                : _('Your questions and the data that Reeve looks up for them are sent to the server.');
        this.#key.sync(hasServer ? url : '');
    }

    async #deleteConversations(): Promise<void> {
        const isWanted = await confirm(asWidget(this.#use), {
            heading: _('Delete all conversations?'),
            body: _('Your questions and Reeve’s answers are permanently deleted.'),
            action: _('Delete'),
            destructive: true,
        });
        if (!isWanted) return;
        await this.#watch.deleteConversations();
        const window = this.#use.get_root();
        if (window instanceof Adw.PreferencesWindow)
            window.add_toast(new Adw.Toast({ title: _('All conversations were deleted') }));
    }

    /** Where there is no file yet, its folder. */
    #openFile(): void {
        const file = Gio.File.new_for_path(this.#last?.file ?? '');
        const attribute = Gio.FILE_ATTRIBUTE_STANDARD_TYPE;
        file.query_info_async(attribute, Gio.FileQueryInfoFlags.NONE, GLib.PRIORITY_DEFAULT, null, (_file, result) => {
            try {
                file.query_info_finish(result);
                this.#launch(file);
            } catch {
                this.#launch(file.get_parent() ?? file);
            }
        });
    }

    #launch(file: Gio.File): void {
        const launcher = new Gtk.FileLauncher({ file });
        const root = this.#use.get_root();
        launcher.launch(root instanceof Gtk.Window ? root : null, null, (_launcher, result) => {
            try {
                launcher.launch_finish(result);
            } catch (error) {
                if (!wasDismissed(error)) showProblem(asWidget(this.#use), _('The file cannot be opened'), error);
            }
        });
    }
}

/** As the service takes it, see service/inference/remote/http.ts. */
function isOnThisComputer(url: string): boolean {
    // The name of a service of the configuration, which are all here.
    if (!url.includes(':')) return true;
    try {
        const host = GLib.Uri.parse(url, GLib.UriFlags.NONE).get_host() ?? '';
        return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
    } catch {
        return false;
    }
}
