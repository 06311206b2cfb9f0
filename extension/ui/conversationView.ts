import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Conversation, Exchange } from '../state/conversation.js';
import { evidenceList, evidenceTitle } from './evidenceList.js';
import { Expander } from './expander.js';
import { FigureView } from './figureView.js';
import { LookupsView } from './lookupsView.js';
import { answerFailureText } from './outcomeText.js';
import { ProposedPlans } from './proposedPlans.js';
import type { PlanContext } from './proposedPlans.js';
import { aboutText, attachmentText } from './questionText.js';
import { RichText } from './richText.js';
import { button, column, copyButton, label, row } from './widgets.js';

export type ConversationContext = PlanContext & { askAgain: (exchange: Exchange) => void; ask: (text: string) => void };

/** Questions and answers, oldest first. */
export class ConversationView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: ConversationContext;
    readonly #views = new Map<Exchange, ExchangeView>();
    readonly #earlier = label(_('Earlier messages are not shown.'), 'reeve-caption reeve-dim');

    constructor(context: ConversationContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-conversation', x_expand: true });
        this.#context = context;
        this.add_child(this.#earlier);
    }

    sync({ exchanges, isCut }: Conversation): void {
        for (const [exchange, view] of this.#views) {
            if (exchanges.includes(exchange)) continue;
            view.destroy();
            this.#views.delete(exchange);
        }
        for (const exchange of exchanges) {
            let view = this.#views.get(exchange);
            if (view === undefined) {
                view = new ExchangeView(this.#context, exchange);
                this.#views.set(exchange, view);
                this.add_child(view);
            }
            view.sync();
        }
        this.#earlier.visible = isCut;
        this.visible = exchanges.length > 0;
    }

    /** The last question and its answer, of those that are drawn; null where there is none. */
    get latest(): Clutter.Actor | null {
        return [...this.#views.values()].at(-1) ?? null;
    }

    /** While an answer arrives, nothing else needs checking. */
    syncExchange(exchange: Exchange): void {
        this.#views.get(exchange)?.sync();
    }
}

class ExchangeView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: ConversationContext;
    readonly #exchange: Exchange;
    readonly #lookups = new LookupsView();
    readonly #answer = new RichText('reeve-answer');
    #plans: ProposedPlans | null = null;
    #isEnded = false;

    constructor(context: ConversationContext, exchange: Exchange) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-exchange', x_expand: true });
        this.#context = context;
        this.#exchange = exchange;
        const { text, about, attachments } = exchange.question;
        const question = column('reeve-question reeve-inset', label(text, ''));
        question.x_align = Clutter.ActorAlign.END;
        const given = [...(about === null ? [] : [aboutText(about)]), ...attachments.map(attachmentText)];
        for (const what of given) question.add_child(label(what, 'reeve-caption reeve-dim'));
        for (const child of [question, this.#lookups, this.#answer]) this.add_child(child);
    }

    sync(): void {
        const { text, lookups, result } = this.#exchange;
        this.#lookups.sync(lookups, result !== null);
        const isArriving = result === null;
        const isShown = lookups.at(-1)?.state === 'begun';
        this.#answer.setText(text, { lookups, isArriving, waiting: isArriving && !isShown ? _('Checking…') : '' });
        if (result !== null && !this.#isEnded) this.#end();
        this.#plans?.sync();
    }

    #end(): void {
        const { text, result } = this.#exchange;
        if (result === null) return;
        this.#isEnded = true;
        if (result.outcome !== 'success') {
            const words =
                result.outcome === 'cancelled'
                    ? label(_('Stopped'), 'reeve-caption reeve-dim')
                    : label(answerFailureText(result), 'reeve-warning');
            this.add_child(words);
        }
        if (result.choices.length > 0) this.add_child(this.#choices(result.choices));
        for (const figure of result.figures) this.add_child(new FigureView(figure));
        if (text !== '' || result.outcome !== 'success') this.add_child(this.#footer(result));
        if (result.proposals.length === 0) return;
        this.#plans = new ProposedPlans(this.#context, result.proposals);
        this.add_child(this.#plans);
    }

    /** One below the other: each is a whole question. */
    #choices(choices: readonly string[]): Clutter.Actor {
        const buttons = choices.map(choice => {
            const chosen = button(choice, 'raised', () => {
                this.#context.ask(choice);
            });
            chosen.x_align = Clutter.ActorAlign.START;
            return chosen;
        });
        return column('reeve-choices', ...buttons);
    }

    /** What the answer rests on, which model wrote it if any, and the actions for it. */
    #footer({ outcome, evidence, answerer }: NonNullable<Exchange['result']>): Clutter.Actor {
        const basis = column('reeve-answer-basis');
        if (outcome !== 'success') {
            const again = button(_('Try again'), 'raised', () => {
                this.#context.askAgain(this.#exchange);
            });
            basis.add_child(row('reeve-buttons', again));
        }
        if (evidence.length > 0) {
            basis.add_child(new Expander(evidenceTitle(evidence), () => evidenceList(evidence)));
        }
        if (answerer !== '')
            basis.add_child(label(_('Written by {model}', { model: answerer }), 'reeve-caption reeve-dim'));
        basis.y_align = Clutter.ActorAlign.CENTER;
        if (this.#exchange.text === '') return row('reeve-answer-footer', basis);
        const copy = copyButton(() => this.#exchange.text, _('Copy answer'));
        copy.x_align = Clutter.ActorAlign.END;
        copy.y_align = Clutter.ActorAlign.START;
        return row('reeve-answer-footer', basis, copy);
    }
}
