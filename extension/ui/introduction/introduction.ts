import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../../core/i18n.js';
import { introductionSteps } from '../../state/introduction.js';
import type { IntroductionStep } from '../../state/introduction.js';
import { ButtonRow } from '../buttonRow.js';
import type { WantedButton } from '../buttonRow.js';
import { FadedScroll } from '../fadedScroll.js';
import { announce, column, focusText, hasKeyFocus, label, setText, textOf } from '../widgets.js';
import { DemoCard } from './demoCard.js';
import type { DemoContext } from './demoCard.js';
import { HealthCard } from './healthCard.js';
import type { HealthContext } from './healthCard.js';
import { ModelCard } from './modelCard.js';
import type { ModelContext } from './modelCard.js';
import { WatchedCard } from './watchedCard.js';

export type IntroductionContext = HealthContext & ModelContext & DemoContext & { leave: () => void };

type Card = WatchedCard | HealthCard | ModelCard | DemoCard;

/** What Reeve is, in three steps and a try, which can be left at any time. */
export class Introduction extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: IntroductionContext;
    readonly #title = label('', 'reeve-heading');
    readonly #cards = new Map<IntroductionStep, Card>();
    readonly #content: St.BoxLayout;
    readonly #scroll: FadedScroll;
    readonly #buttons = new ButtonRow();
    #index = 0;

    constructor(context: IntroductionContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-introduction', x_expand: true });
        this.#context = context;
        this.#content = column('reeve-content', this.#title);
        this.#scroll = new FadedScroll(this.#content);
        this.add_child(this.#scroll);
        this.add_child(column('reeve-composer', this.#buttons));
        const focusHandler = global.stage.connect('notify::key-focus', () => {
            const focus = global.stage.get_key_focus();
            if (focus !== null && this.mapped && this.#content.contains(focus)) this.#scroll.keepInView(focus);
        });
        this.connect('destroy', () => {
            global.stage.disconnect(focusHandler);
        });
        this.#show(0);
    }

    sync(): void {
        const card = this.#card;
        // Models have signals of their own.
        if (!(card instanceof ModelCard)) card.sync();
    }

    takeFocus(): void {
        focusText(this.#title);
    }

    get #step(): IntroductionStep {
        return introductionSteps[this.#index] ?? 'watched';
    }

    /** A card that was left stays as it was, for who goes back to it. */
    get #card(): Card {
        const known = this.#cards.get(this.#step);
        if (known !== undefined) return known;
        const card = this.#make(this.#step);
        this.#cards.set(this.#step, card);
        this.#content.add_child(card);
        return card;
    }

    #make(step: IntroductionStep): Card {
        switch (step) {
            case 'watched':
                return new WatchedCard(this.#context.client);
            case 'health':
                return new HealthCard(this.#context);
            case 'model':
                return new ModelCard(this.#context);
            case 'demo':
                return new DemoCard(this.#context);
        }
    }

    #show(index: number): void {
        const hadFocus = hasKeyFocus(this);
        this.#index = index;
        const current = this.#card;
        for (const card of this.#cards.values()) card.visible = card === current;
        this.sync();
        setText(this.#title, titleOf(this.#step));
        this.#buttons.sync(this.#wantedButtons());
        this.#scroll.vadjustment.value = 0;
        if (!hadFocus) return;
        this.takeFocus();
        announce(this, textOf(current));
    }

    #wantedButtons(): WantedButton[] {
        const { leave } = this.#context;
        const show = (index: number) => () => {
            this.#show(index);
        };
        const isLast = this.#index === introductionSteps.length - 1;
        const next = { key: 'next', text: _('Next'), kind: 'default', onClicked: show(this.#index + 1) } as const;
        const done = { key: 'done', text: _('Start using Reeve'), kind: 'default', onClicked: leave } as const;
        return [
            isLast ? done : next,
            ...(this.#index > 0
                ? [{ key: 'back', text: _('Back'), kind: 'raised', onClicked: show(this.#index - 1) } as const]
                : []),
            ...(isLast ? [] : [{ key: 'skip', text: _('Skip'), kind: 'raised', onClicked: leave } as const]),
        ];
    }
}

function titleOf(step: IntroductionStep): string {
    switch (step) {
        case 'watched':
            return _('1 of 3: What Reeve watches');
        case 'health':
            return _('2 of 3: What is wrong now');
        case 'model':
            return _('3 of 3: A language model');
        case 'demo':
            return _('Try it');
    }
}
