import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Incident, Proposal } from '../remote/model.js';
import type { Fix, Fixes } from '../state/fixes.js';
import { Expander } from './expander.js';
import { PlanFooter } from './planFooter.js';
import { exactSteps, stepList } from './planSteps.js';
import { bringIntoView, button, column, focusText, hasKeyFocus, label, row, setText } from './widgets.js';

export type PlanActions = {
    fixes: Pick<Fixes, 'apply' | 'cancel' | 'of'>;
    /** Not offered again for this occurrence. */
    decline: (proposal: Proposal) => void;
    /** Never again anything about the incident's subject. */
    dismissForever: (incident: Incident) => void;
};

type Phase = 'offered' | 'confirming' | 'running';

/**
 * One plan, as it will be carried out: the digest stands for exactly this text. A changed plan gets a card of its own.
 */
export class PlanCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly proposal: Proposal;
    readonly #incident: Incident | null;
    readonly #actions: PlanActions;
    readonly #title: St.Label;
    readonly #footer: PlanFooter;
    #phase: Phase | null = null;
    #progress: St.Label | null = null;

    /** @param incident that it is for; null for a task, and for many incidents */
    constructor(incident: Incident | null, proposal: Proposal, actions: PlanActions) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-plan', x_expand: true });
        this.proposal = proposal;
        this.#incident = incident;
        this.#actions = actions;
        this.#title = label(proposal.title, 'reeve-heading');
        const steps = stepList(proposal.steps, proposal.title);
        // What is of high risk is read to its end.
        this.#footer = new PlanFooter(this.#title, steps, proposal.risk !== 'high');
        const body = column('reeve-plan-body', this.#title);
        // The explanation says which one.
        if (proposal.proposedBy !== '')
            body.add_child(
                fact('dialog-information-symbolic', _('Suggested by a language model: check the exact change'), ''),
            );
        if (proposal.explanation !== '') body.add_child(label(proposal.explanation, ''));
        body.add_child(steps);
        // People decide on the exact change after reading it.
        const showFooter = () => {
            bringIntoView(this.#footer);
        };
        body.add_child(new Expander(_('Exact change'), () => exactSteps(proposal.steps), showFooter));
        if (!proposal.opens) body.add_child(factList(proposal));
        this.add_child(body);
        this.add_child(this.#footer);
    }

    /** @param fix the request made here, if any */
    sync(proposal: Proposal, fix: Fix | null): void {
        const isRunning = fix?.result === null || proposal.state === 'applying' || proposal.state === 'undoing';
        if (isRunning) this.#show('running');
        else if (this.#phase !== 'confirming') this.#show('offered');
        if (this.#progress !== null) {
            const begun = proposal.opens ? _('Opening…') : _('Applying…');
            const words = proposal.state === 'undoing' || fix?.kind === 'undo' ? _('Undoing…') : begun;
            setText(this.#progress, fix?.progress || words);
        }
    }

    focus(): void {
        focusText(this.#title);
    }

    #show(phase: Phase): void {
        if (phase === this.#phase) return;
        const hadFocus = hasKeyFocus(this.#footer);
        this.#phase = phase;
        this.#progress = null;
        const words = phase === 'offered' ? this.#title : label('', '');
        if (phase === 'offered') this.#footer.offer(() => this.#offered());
        else if (phase === 'running' || this.#incident === null) this.#footer.replace(this.#running(words));
        else this.#footer.replace(this.#confirming(words, this.#incident));
        if (hadFocus) focusText(words);
    }

    #offered(): Clutter.Actor {
        const isHighRisk = this.proposal.risk === 'high';
        const apply = button(this.proposal.opens ? _('Open') : _('Apply'), 'default', () => {
            this.#actions.fixes.apply(this.proposal, isHighRisk ? (typed?.text ?? '') : null);
        });
        const buttons = row(
            'reeve-buttons',
            apply,
            button(_('Not now'), 'raised', () => {
                this.#actions.decline(this.proposal);
            }),
        );
        if (this.#incident !== null)
            buttons.add_child(
                button(_('Never for this'), 'raised', () => {
                    this.#show('confirming');
                }),
            );
        const typed = isHighRisk ? this.#confirmationEntry(apply) : null;
        return typed === null ? buttons : column('reeve-confirmation', ...this.#confirmationText(), typed, buttons);
    }

    #confirmationText(): Clutter.Actor[] {
        return [label(_('To apply it anyway, type {name}', { name: this.proposal.confirmation }), '')];
    }

    #confirmationEntry(apply: St.Button): St.Entry {
        const { confirmation } = this.proposal;
        const entry = new St.Entry({
            can_focus: true,
            x_expand: true,
            hint_text: confirmation,
            accessible_name: _('Type {name}', { name: confirmation }),
        });
        const sync = () => {
            const matches = entry.text === confirmation;
            apply.reactive = matches;
            apply.can_focus = matches;
        };
        entry.clutter_text.connect('text-changed', sync);
        sync();
        return entry;
    }

    #confirming(question: St.Label, incident: Incident): Clutter.Actor {
        setText(question, _('Never report {name} again?', { name: incident.subject }));
        return column(
            'reeve-confirmation',
            question,
            row(
                'reeve-buttons',
                button(_('Never report'), 'default', () => {
                    this.#actions.dismissForever(incident);
                }),
                button(_('Back'), 'raised', () => {
                    this.#show('offered');
                }),
            ),
        );
    }

    #running(progress: St.Label): Clutter.Actor {
        this.#progress = progress;
        const cancel = button(_('Cancel'), 'raised', () => {
            this.#actions.fixes.cancel(this.proposal);
        });
        // A change of another client cannot be stopped from here.
        cancel.visible = this.#actions.fixes.of(this.proposal) !== null;
        return column('reeve-running', progress, row('reeve-buttons', cancel));
    }
}

function factList({ risk, riskText, reversible, undoText, passwords }: Proposal): Clutter.Actor {
    const risks = { low: _('Low risk'), medium: _('Medium risk'), high: _('High risk') };
    const facts = [
        fact(risk === 'low' ? 'security-high-symbolic' : 'dialog-warning-symbolic', risks[risk], riskText),
        fact('edit-undo-symbolic', reversible ? _('Can be undone') : _('Cannot be undone'), reversible ? undoText : ''),
    ];
    if (passwords > 0) facts.push(passwordFact(passwords));
    return column('reeve-facts', ...facts);
}

export function passwordFact(count: number): Clutter.Actor {
    const text = ngettext('You will be asked for a password', 'You will be asked for a password {count} times', count);
    return fact('dialog-password-symbolic', text, '');
}

export function fact(iconName: string, title: string, text: string): Clutter.Actor {
    const icon = new St.Icon({
        icon_name: iconName,
        style_class: 'popup-menu-icon',
        y_align: Clutter.ActorAlign.START,
    });
    return row('reeve-fact', icon, label(text === '' ? title : `${title}: ${text}`, ''));
}
