import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { messageOf } from '../../core/errors.js';
import { _ } from '../../core/i18n.js';
import type { Client } from '../../remote/client.js';
import type { Incident } from '../../remote/model.js';
import { isOpen } from '../../state/cards.js';
import type { Fixes } from '../../state/fixes.js';
import { demoIncident } from '../../state/introduction.js';
import type { JointFixes } from '../../state/jointFixes.js';
import { ButtonRow } from '../buttonRow.js';
import { IncidentCard } from '../incidentCard.js';
import { announce, label, setText, showText } from '../widgets.js';
import { plainCard } from './card.js';

export type DemoContext = {
    client: Client;
    fixes: Fixes;
    joint: JointFixes;
    askAbout: (incident: Incident) => void;
};

/** A fault of Reeve's own to try it on, from the mistake to the repair, and its removal. */
export class DemoCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: DemoContext;
    readonly #words = label('', '');
    readonly #failure = label('', 'reeve-warning');
    readonly #buttons = new ButtonRow();
    #incident: { path: string; card: IncidentCard } | null = null;
    /** The call that is under way. */
    #calling: 'begin' | 'end' | null = null;
    #wasRemoved = false;
    /** Whether the fault is known to be of the demo that runs, and not of the one before. */
    #isOfThis = true;
    #isDestroyed = false;

    constructor(context: DemoContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-cards', x_expand: true });
        this.#context = context;
        this.#failure.hide();
        this.add_child(plainCard(this.#words, this.#failure, this.#buttons));
        this.connect('destroy', () => {
            this.#isDestroyed = true;
        });
    }

    sync(): void {
        const { manager, incidents, proposals } = this.#context.client.snapshot;
        const isRunning = manager?.demo === true;
        const last = demoIncident(incidents, isRunning);
        if (last !== null && isOpen(last)) this.#isOfThis = true;
        const incident = this.#isOfThis ? last : null;
        this.#syncIncident(incident);
        if (incident !== null) this.#incident?.card.sync(incident, proposals);
        const words = this.#wordsFor(isRunning, incident);
        if (words !== this.#words.text) {
            setText(this.#words, words);
            if (this.mapped) announce(this, words);
        }
        const begin = {
            key: 'begin',
            text: _('Break it'),
            kind: 'raised',
            onClicked: () => {
                this.#call('begin');
            },
        } as const;
        const end = {
            key: 'end',
            text: _('Remove the demo'),
            kind: 'raised',
            onClicked: () => {
                this.#call('end');
            },
        } as const;
        this.#buttons.sync(this.#calling !== null ? [] : [isRunning ? end : begin]);
    }

    #wordsFor(isRunning: boolean, incident: Incident | null): string {
        if (this.#calling === 'begin') return _('Breaking it…');
        if (this.#calling === 'end') return _('Removing the demo…');
        if (isRunning && incident === null) return _('It is broken. Reeve notices in a moment…');
        if (isRunning && incident !== null)
            return isOpen(incident)
                ? _('Reeve has noticed. See what it found, and apply the fix.')
                : _('Repaired and checked. Every fault is handled this way. You can remove the demo now.');
        if (this.#wasRemoved) return _('The demo is removed.');
        return _(
            'Break something harmless and let Reeve fix it: it starts a service of its own, reeve-demo.service, and puts a mistake into its settings. Nothing else is touched, and at the end both are removed.',
        );
    }

    #syncIncident(incident: Incident | null): void {
        if (this.#incident !== null && this.#incident.path === incident?.path) return;
        this.#incident?.card.destroy();
        this.#incident = null;
        if (incident === null) return;
        const card = new IncidentCard(this.#context, incident);
        card.expanded = true;
        this.add_child(card);
        this.#incident = { path: incident.path, card };
    }

    #call(what: 'begin' | 'end'): void {
        const { client } = this.#context;
        this.#calling = what;
        if (what === 'begin') this.#isOfThis = false;
        this.#failure.hide();
        this.sync();
        (what === 'begin' ? client.beginDemo() : client.endDemo())
            .then(
                () => {
                    this.#wasRemoved = what === 'end';
                },
                (error: unknown) => {
                    if (!this.#isDestroyed) showText(this.#failure, messageOf(error));
                },
            )
            .finally(() => {
                this.#calling = null;
                if (!this.#isDestroyed) this.sync();
            });
    }
}
