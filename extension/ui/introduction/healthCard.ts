import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { messageOf } from '../../core/errors.js';
import { _, ngettext } from '../../core/i18n.js';
import type { Client } from '../../remote/client.js';
import type { Check, Incident } from '../../remote/model.js';
import type { Request } from '../../remote/request.js';
import { cardOrder } from '../../state/cards.js';
import type { Fixes } from '../../state/fixes.js';
import { lacksLog } from '../../state/introduction.js';
import { fact } from '../planCard.js';
import { ProposedPlans } from '../proposedPlans.js';
import { announce, column, label, row, setText, severityIcons, showText } from '../widgets.js';
import { plainCard } from './card.js';

export type HealthContext = { client: Client; fixes: Fixes; showIncident: (path: string) => void };

/** The rest stands in the popover itself. */
const mostListed = 8;

/** What is wrong now: the open incidents, what limits Reeve itself, and the plan that lets the user read the log. */
export class HealthCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: HealthContext;
    readonly #list = column('reeve-introduction-list');
    readonly #state = label('', '');
    readonly #failure = label('', 'reeve-warning');
    /** Of Reeve itself; null until they have been made. */
    #checks: readonly Check[] | null = null;
    #drawn = '';
    #asking: Request | null = null;
    #plans: ProposedPlans | null = null;
    #isDestroyed = false;

    constructor(context: HealthContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-cards', x_expand: true });
        this.#context = context;
        this.#failure.hide();
        this.add_child(plainCard(this.#list, this.#state, this.#failure));
        this.connect('destroy', () => {
            this.#isDestroyed = true;
            this.#asking?.cancel();
        });
        this.#check();
        this.#askForLog();
    }

    sync(): void {
        const open = cardOrder(this.#context.client.snapshot.incidents, new Map());
        const listed = open.slice(0, mostListed);
        const problems = this.#checks ?? [];
        const key = JSON.stringify([listed.map(({ path, severity, title }) => [path, severity, title]), problems]);
        if (key !== this.#drawn) {
            this.#drawn = key;
            this.#list.destroy_all_children();
            for (const incident of listed) this.#list.add_child(this.#entry(incident));
            for (const { title, detail, remedy } of problems)
                this.#list.add_child(
                    column(
                        'reeve-introduction-entry',
                        fact('dialog-information-symbolic', title, detail),
                        ...(remedy === '' ? [] : [label(remedy, 'reeve-caption reeve-dim')]),
                    ),
                );
            this.#list.visible = listed.length + problems.length > 0;
        }
        setText(this.#state, this.#stateText(open.length, problems.length));
        this.#state.visible = this.#state.text !== '';
        this.#plans?.sync();
    }

    #stateText(open: number, problems: number): string {
        if (this.#checks === null) return _('Checking…');
        if (open > mostListed)
            return ngettext('And {count} more problem', 'And {count} more problems', open - mostListed);
        return open + problems === 0 ? _('Reeve knows of no problems.') : '';
    }

    #entry({ path, severity, title }: Incident): St.Button {
        const icon = new St.Icon({
            icon_name: severityIcons[severity],
            style_class: `reeve-severity ${severity}`,
            y_align: Clutter.ActorAlign.START,
        });
        // From right to left, St takes the mirrored picture of the same name by itself.
        const arrow = new St.Icon({ icon_name: 'pan-end-symbolic', style_class: 'popup-menu-icon' });
        const entry = new St.Button({
            child: row('reeve-card-header', icon, label(title, ''), arrow),
            accessible_name: title,
            style_class: 'reeve-flat reeve-introduction-entry',
            can_focus: true,
            x_expand: true,
        });
        entry.connect('clicked', () => {
            this.#context.showIncident(path);
        });
        return entry;
    }

    #check(): void {
        this.#context.client.doctor().then(
            checks => {
                this.#checked(checks.filter(({ status }) => status === 'problem'));
            },
            (error: unknown) => {
                this.#checked([]);
                this.#fail(messageOf(error));
            },
        );
    }

    #checked(problems: readonly Check[]): void {
        if (this.#isDestroyed) return;
        this.#checks = problems;
        this.sync();
        if (this.mapped && this.#state.visible) announce(this, this.#state.text);
    }

    /** A wish like any other, which the service plans and a person approves. */
    #askForLog(): void {
        const { client, fixes } = this.#context;
        if (client.snapshot.manager === null || !lacksLog(client.snapshot.manager)) return;
        this.#asking = client.wish(_('let me read the system log'));
        this.#asking.connect('finished', (request, { outcome, detail, proposals }) => {
            if (this.#isDestroyed) return undefined;
            this.#asking = null;
            if (proposals.length > 0) {
                this.#plans = new ProposedPlans({ client, fixes }, proposals);
                this.add_child(this.#plans);
                this.#plans.sync();
            } else this.#fail(outcome === 'success' ? request.text.trim() : detail);
            return undefined;
        });
    }

    #fail(reason: string): void {
        if (!this.#isDestroyed) showText(this.#failure, reason);
    }
}
