import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Conversation, Exchange } from '../state/conversation.js';
import { evidenceList } from './evidenceList.js';
import { Expander } from './expander.js';
import { answerFailureText } from './outcomeText.js';
import { RichText } from './richText.js';
import { copyButton, label, row } from './widgets.js';

/** Questions and answers, oldest first. */
export class ConversationView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #views = new Map<Exchange, ExchangeView>();

    constructor() {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-conversation', x_expand: true });
    }

    sync({ exchanges }: Conversation): void {
        for (const [exchange, view] of this.#views) {
            if (exchanges.includes(exchange)) continue;
            view.destroy();
            this.#views.delete(exchange);
        }
        for (const exchange of exchanges) {
            let view = this.#views.get(exchange);
            if (view === undefined) {
                view = new ExchangeView(exchange);
                this.#views.set(exchange, view);
                this.add_child(view);
            }
            view.sync();
        }
        this.visible = exchanges.length > 0;
    }
}

class ExchangeView extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #exchange: Exchange;
    readonly #answer = new RichText('reeve-answer');
    readonly #waiting = label(_('Looking…'), 'reeve-dim');
    #isEnded = false;

    constructor(exchange: Exchange) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-exchange', x_expand: true });
        this.#exchange = exchange;
        const question = label(exchange.question, 'reeve-question reeve-inset');
        question.x_align = Clutter.ActorAlign.END;
        this.add_child(question);
        this.add_child(this.#waiting);
        this.add_child(this.#answer);
    }

    sync(): void {
        const { text, result } = this.#exchange;
        this.#answer.setText(text);
        this.#waiting.visible = text === '' && result === null;
        if (result === null || this.#isEnded) return;
        this.#isEnded = true;
        if (result.outcome === 'cancelled') this.add_child(label(_('Stopped'), 'reeve-caption reeve-dim'));
        else if (result.outcome !== 'success') this.add_child(label(answerFailureText(result), 'reeve-warning'));
        if (text === '') return;
        const copy = copyButton(() => this.#exchange.text);
        copy.x_align = Clutter.ActorAlign.END;
        copy.y_align = Clutter.ActorAlign.START;
        const { evidence } = result;
        const title = ngettext('{count} piece of evidence', '{count} pieces of evidence', evidence.length);
        const basis = evidence.length > 0 ? [new Expander(title, () => evidenceList(evidence))] : [];
        this.add_child(row('reeve-answer-footer', ...basis, copy));
    }
}
