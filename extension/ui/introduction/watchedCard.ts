import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../../core/i18n.js';
import type { Client } from '../../remote/client.js';
import { fact } from '../planCard.js';
import { label, setText } from '../widgets.js';
import { plainCard } from './card.js';

/** What Reeve watches, what leaves the computer, and that it asks. */
export class WatchedCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #client: Client;
    readonly #sources = label('', 'reeve-caption reeve-dim');

    constructor(client: Client) {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'reeve-cards',
            x_expand: true,
        });
        this.#client = client;
        const watched = _(
            'Reeve reads the log of this computer, and follows its services, files, packages, devices and network, to notice what goes wrong.',
        );
        this.add_child(
            plainCard(
                fact('view-reveal-symbolic', watched, ''),
                fact(
                    'changes-prevent-symbolic',
                    _('Nothing leaves this computer, unless you choose a model on a server.'),
                    '',
                ),
                fact(
                    'security-high-symbolic',
                    _('Nothing is changed until you have seen the change and approved it.'),
                    '',
                ),
                this.#sources,
            ),
        );
    }

    sync(): void {
        const { manager } = this.#client.snapshot;
        const count = manager?.sources.filter(({ state }) => state === 'watching').length ?? 0;
        const text =
            manager?.state === 'paused'
                ? _('Reeve is paused')
                : ngettext('{count} source is watched', '{count} sources are watched', count);
        setText(this.#sources, text);
    }
}
