import Clutter from 'gi://Clutter';
import type Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import St from 'gi://St';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';

import { _, ngettext } from '../core/i18n.js';
import type { ShortcutOffer } from '../input/shortcutOffer.js';
import type { Client } from '../remote/client.js';
import type { Incident, Lookup, Question } from '../remote/model.js';
import { cardOrder, isEndToBeSeen, isOpen, proposalsOf } from '../state/cards.js';
import { groupsOf } from '../state/groups.js';
import type { Conversation, Exchange } from '../state/conversation.js';
import type { Fix, Fixes } from '../state/fixes.js';
import type { Joint, JointFixes } from '../state/jointFixes.js';
import type { Hints } from '../state/hints.js';
import { Banners } from './banner.js';
import { bannersFor, offersFor } from './bannerContents.js';
import { Composer } from './composer.js';
import { ConversationView } from './conversationView.js';
import { FadedScroll } from './fadedScroll.js';
import { GroupCard } from './groupCard.js';
import { jointOutcome } from './jointPlan.js';
import { History } from './history.js';
import { Idle } from './idle.js';
import { IncidentCard } from './incidentCard.js';
import { Introduction } from './introduction/introduction.js';
import type { IntroductionContext } from './introduction/introduction.js';
import { lookupText } from './lookupsView.js';
import { answerFailureText, fixText } from './outcomeText.js';
import { StatusLine } from './statusLine.js';
import { announce, button, column, ensureStyles, hasKeyFocus, label, setText } from './widgets.js';

/** Nobody takes in more at a glance, and it would slow down opening the popover. */
const mostCards = 12;
/** What the Shell draws around the content of a menu, and a little air. */
const screenMargin = 32;

export type QuickChatContext = {
    client: Client;
    conversation: Conversation;
    fixes: Fixes;
    joint: JointFixes;
    offer: ShortcutOffer;
    hints: Hints;
    conversationsIcon: Gio.Icon;
    watchModels: IntroductionContext['watchModels'];
    openPreferences: () => void;
};

/**
 * The content of the popover. It draws from the snapshot and never waits. While the popover is closed, changes are
 * drawn ahead in small steps whenever the Shell is idle, so that a key press only has to show it.
 */
export class QuickChat extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: QuickChatContext;
    readonly #statusLine: StatusLine;
    readonly #banners = new Banners();
    readonly #cardBox = column('reeve-cards');
    readonly #cards = new Map<string, IncidentCard>();
    #groupCards: GroupCard[] = [];
    /** The card that was asked for, and stays in sight while things around it change; null once the user goes on. */
    #inSight: IncidentCard | null = null;
    /** The path of the incident that was asked for, which gets a card wherever it stands. */
    #wanted: string | null = null;
    readonly #moreCards = label('', 'reeve-caption reeve-dim');
    readonly #conversationView: ConversationView;
    readonly #offers = new Banners();
    readonly #welcome = label(_('No problems found. Ask anything about this computer.'), 'reeve-welcome reeve-dim');
    readonly #suggestions = column('reeve-suggestions');
    readonly #content: St.BoxLayout;
    readonly #scroll: FadedScroll;
    readonly #composer: Composer;
    readonly #history: History;
    /** There while it is wanted: at first, and when it was asked for again. */
    #introduction: Introduction | null = null;
    /** It was closed, and stays to be seen until that has faded. */
    #isIntroductionOver = false;
    /** Whether the popover closes for a window that the introduction opens. */
    #isAtPreferences = false;
    #isOpen = false;
    readonly #drawingAhead = new Idle(this, GLib.PRIORITY_LOW);
    /**
     * What scrolls into view as it arrives: the answer from its question on, whose first sentence must not scroll away unread, or
     * the end once the user has gone there.
     */
    #follows: 'answer' | 'end' | 'nothing' = 'nothing';
    /** Whether it scrolls by itself, and not the user. */
    #isScrolling = false;
    #drawnSuggestions: readonly string[] = [];
    /** Incidents that have closed, and whose end is to be seen: shown until the popover closes. */
    readonly #justClosed = new Map<string, Incident>();
    #lastOpen: ReadonlySet<string> | null = null;
    #announcedLookup: Lookup | null = null;
    /** The last answer whose end was shown. */
    #seen: Exchange | null = null;

    constructor(context: QuickChatContext) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-popover' });
        this.#context = context;
        const { client, conversation, openPreferences } = context;
        this.#statusLine = new StatusLine(
            {
                togglePause: () => {
                    const isPaused = client.snapshot.manager?.state === 'paused';
                    (isPaused ? client.resumeWatching() : client.pause()).catch(logError);
                },
                begin: () => {
                    this.#leaveIntroduction();
                    conversation.begin();
                    this.#showChat();
                },
                showHistory: () => {
                    this.#leaveIntroduction();
                    if (this.#history.visible) this.#showChat();
                    else this.#showHistory();
                },
                openPreferences,
            },
            context.conversationsIcon,
        );
        this.#conversationView = new ConversationView({
            client,
            fixes: context.fixes,
            ask: text => {
                this.#ask({ text, about: null, attachments: [] });
            },
            askAgain: exchange => {
                this.#follows = 'answer';
                conversation.askAgain(exchange);
                this.focusEntry();
            },
        });
        this.#composer = new Composer({
            ask: question => {
                this.#ask(question);
            },
            stop: () => {
                conversation.stop();
            },
            questions: () => conversation.exchanges.map(({ question }) => question.text),
        });
        this.#history = new History({
            client,
            conversation,
            open: (id, exchanges) => {
                conversation.resume(id, exchanges);
                this.#follows = 'answer';
                this.#showChat();
            },
        });
        this.#content = column(
            'reeve-content',
            this.#banners,
            this.#cardBox,
            this.#moreCards,
            this.#welcome,
            this.#offers,
            this.#conversationView,
            this.#suggestions,
        );
        this.#scroll = new FadedScroll(this.#content);
        this.add_child(this.#statusLine);
        this.add_child(this.#scroll);
        this.add_child(this.#composer);
        this.add_child(this.#history);
        this.#followEnd();
        this.#fitContrast();
        this.#listen();
        this.#drawAhead();
    }

    /** Redraws what depends on state outside the snapshot, such as the shortcut. */
    refresh(): void {
        if (this.#isOpen) this.#sync();
        else if (!this.mapped) this.#drawAhead();
    }

    opened(): void {
        this.#isOpen = true;
        this.#isAtPreferences = false;
        this.#drawingAhead.stop();
        this.#fitScreen();
        this.#composer.opened();
        this.#syncIntroduction();
        this.#setPage(this.#introduction === null ? 'chat' : 'introduction');
        const hasNews = this.#hasNews();
        this.#sync();
        this.#expandOnly();
        const { vadjustment } = this.#scroll;
        this.#follows = hasNews ? 'answer' : 'nothing';
        if (hasNews) this.#beginWithAnswer();
        else vadjustment.value = this.#cardBox.visible ? 0 : vadjustment.upper;
    }

    closed(): void {
        this.#isOpen = false;
        // The dialog that asks for the password of a plan closes the popover, too, and a demo is still to be ended.
        const { client, fixes, hints } = this.#context;
        const isGoingOn = fixes.isBusy || client.snapshot.manager?.demo === true || this.#isAtPreferences;
        this.#isIntroductionOver = this.#introduction?.visible === true && !isGoingOn;
        if (this.#isIntroductionOver) hints.shown('introduction');
        if (this.#offers.visible) this.#context.hints.shown('shortcut-offer');
        this.#wanted = null;
        this.#inSight = null;
        this.#justClosed.clear();
    }

    /** Closed, it fades for a while, in which drawing ahead would be felt; this is for when it is out of sight. */
    hidden(): void {
        if (this.#isIntroductionOver) this.#dropIntroduction();
        this.#drawAhead();
    }

    /** Gives the keyboard to the entry, or while that is useless, to the remedy. */
    focusEntry(): void {
        if (this.#introduction?.visible === true) this.#introduction.takeFocus();
        else if (this.#history.visible) this.#history.takeFocus();
        else if (!this.#composer.takeFocus()) this.#content.navigate_focus(null, St.DirectionType.TAB_FORWARD, false);
    }

    /** Opens the card of an incident, which then begins at the top of what is seen. */
    showIncident(path: string): void {
        this.#wanted = path;
        this.#sync();
        const group = this.#groupCards.find(each => each.has(path));
        const card = this.#cards.get(path) ?? group?.cardOf(path);
        if (card === undefined) return;
        this.#setPage('chat');
        card.expanded = true;
        card.focus();
        this.#follows = 'nothing';
        this.#scroll.beginWith(card);
        this.#inSight = card;
        card.connect('destroy', () => {
            if (this.#inSight === card) this.#inSight = null;
        });
    }

    #listen(): void {
        const { client, conversation, fixes, joint } = this.#context;
        const sync = () => {
            this.#noticeClosing();
            this.refresh();
        };
        for (const source of [client, fixes, joint]) source.connectObject('changed', sync, this);
        conversation.connectObject(
            'changed',
            sync,
            'progress',
            (_conversation: Conversation, exchange: Exchange) => {
                // What arrives while the popover is closed is drawn when it opens.
                if (this.#isOpen) this.#showProgress(exchange);
            },
            'ended',
            (_conversation: Conversation, { text, result }: Exchange) => {
                if (this.#isOpen && result !== null) announce(this, text || answerFailureText(result));
            },
            this,
        );
        const announceFix = (_fixes: Fixes, fix: Fix) => {
            if (!this.#isOpen || fix.result === null || joint.isPart(fix)) return;
            const { title, detail } = fixText({ ...fix, result: fix.result });
            announce(this, `${fix.proposal.title}: ${title}. ${detail}`);
        };
        fixes.connectObject('finished', announceFix, this);
        const announceJoint = (_joint: JointFixes, all: Joint) => {
            if (this.#isOpen) announce(this, jointOutcome(all));
            sync();
        };
        joint.connectObject('finished', announceJoint, this);
        const focusHandler = global.stage.connect('notify::key-focus', () => {
            const focus = global.stage.get_key_focus();
            if (!this.#isOpen || focus === null) return;
            if (this.#inSight?.contains(focus) === false) this.#inSight = null;
            if (focus !== this.#content && this.#content.contains(focus)) this.#scroll.keepInView(focus);
        });
        const settings = St.Settings.get();
        const contrastHandler = settings.connect('notify::high-contrast', () => {
            this.#fitContrast();
        });
        this.connect('destroy', () => {
            global.stage.disconnect(focusHandler);
            settings.disconnect(contrastHandler);
        });
    }

    /** Large text must not make the popover wider than the screen; its height is the panel's business. */
    #fitScreen(): void {
        const { width } = Main.layoutManager.getWorkAreaForMonitor(Main.layoutManager.primaryIndex);
        const { scale_factor: scale } = St.ThemeContext.get_for_stage(global.stage);
        this.style = '';
        const [, wanted] = this.get_preferred_width(-1);
        if (wanted > width - screenMargin * scale) this.style = `width: ${Math.floor(width / scale) - screenMargin}px;`;
    }

    /** The Shell's high contrast is dark, whichever of the two stylesheets it has loaded for us. */
    #fitContrast(): void {
        if (St.Settings.get().high_contrast) this.add_style_class_name('reeve-high-contrast');
        else this.remove_style_class_name('reeve-high-contrast');
    }

    #noticeClosing(): void {
        const { link, incidents, proposals } = this.#context.client.snapshot;
        if (link !== 'present') return;
        for (const incident of incidents) {
            const own = proposalsOf(incident, proposals);
            if (this.#lastOpen?.has(incident.path) && isEndToBeSeen(incident, own, this.#isOpen))
                this.#justClosed.set(incident.path, incident);
        }
        this.#lastOpen = new Set(incidents.filter(isOpen).map(({ path }) => path));
    }

    #sync(): void {
        const steps = this.#steps();
        while (!steps.next().done);
        const last = this.#context.conversation.exchanges.at(-1);
        if (last !== undefined && last.result !== null) this.#seen = last;
        // What had the focus may be gone, or the entry may be of use again.
        if (!hasKeyFocus(this)) this.focusEntry();
    }

    #drawAhead(): void {
        const steps = this.#stepsAhead();
        this.#drawingAhead.start(() => !steps.next().done);
    }

    *#stepsAhead(): Generator<undefined> {
        yield* this.#steps();
        this.#expandOnly();
        this.#fitScreen();
        yield;
        // St and Clutter find the styles and sizes of what is hidden only when they are asked for, and then those of all
        // that is in it: the innermost first, so that each step is small.
        for (const actor of [
            ...this.#cardBox.get_children(),
            ...this.#content.get_children(),
            ...this.get_children(),
            this,
        ]) {
            ensureStyles(actor);
            actor.get_preferred_size();
            yield;
        }
    }

    /** All pending drawing, in pieces that nobody notices. */
    *#steps(): Generator<undefined> {
        const { client, conversation } = this.#context;
        const { snapshot } = client;
        this.#statusLine.sync(snapshot, conversation.exchanges.length > 0);
        this.#syncBanners();
        yield;
        yield* this.#cardSteps();
        this.#conversationView.sync(conversation);
        const isReady = snapshot.manager !== null && snapshot.manager.state !== 'paused';
        const isEmpty = conversation.exchanges.length === 0;
        this.#welcome.visible = isReady && isEmpty && !this.#cardBox.visible;
        this.#syncSuggestions(isReady ? this.#currentSuggestions() : []);
        this.#composer.sync(isReady, conversation.isAnswering);
        this.#introduction?.sync();
    }

    #showProgress(exchange: Exchange): void {
        const hadFocus = hasKeyFocus(this);
        this.#conversationView.syncExchange(exchange);
        // The actor that had it may have been rebuilt.
        if (hadFocus && !hasKeyFocus(this)) this.focusEntry();
        const lookup = exchange.lookups.at(-1);
        if (lookup?.state !== 'begun' || lookup === this.#announcedLookup) return;
        this.#announcedLookup = lookup;
        announce(this, lookupText(lookup));
    }

    /** Whether an answer is arriving, or has arrived while the popover was closed. */
    #hasNews(): boolean {
        const last = this.#context.conversation.exchanges.at(-1);
        return last !== undefined && last !== this.#seen;
    }

    #setPage(page: 'introduction' | 'chat' | 'history'): void {
        if (this.#introduction !== null) this.#introduction.visible = page === 'introduction';
        for (const actor of [this.#scroll, this.#composer]) actor.visible = page === 'chat';
        this.#history.visible = page === 'history';
        this.#statusLine.showsHistory = page === 'history';
    }

    #syncIntroduction(): void {
        const { client, fixes, joint, hints, watchModels, openPreferences } = this.#context;
        // Why there is no service is more important.
        const isWanted = hints.isWanted('introduction') && client.snapshot.manager !== null;
        if (this.#isIntroductionOver || !isWanted) this.#dropIntroduction();
        if (isWanted && this.#introduction === null) {
            this.#introduction = new Introduction({
                ...{ client, fixes, joint, watchModels },
                openPreferences: () => {
                    this.#isAtPreferences = true;
                    openPreferences();
                },
                askAbout: incident => {
                    this.#leaveIntroduction();
                    this.#showChat();
                    this.#askAbout(incident);
                },
                showIncident: path => {
                    this.#leaveIntroduction();
                    this.showIncident(path);
                },
                leave: () => {
                    if (client.snapshot.manager?.demo === true) client.endDemo().catch(logError);
                    this.#leaveIntroduction();
                    this.#showChat();
                },
            });
            this.add_child(this.#introduction);
        }
    }

    #dropIntroduction(): void {
        this.#introduction?.destroy();
        this.#introduction = null;
        this.#isIntroductionOver = false;
    }

    /** For good: who wants it again finds it in the preferences. */
    #leaveIntroduction(): void {
        if (this.#introduction === null) return;
        this.#context.hints.shown('introduction');
        this.#dropIntroduction();
    }

    #showChat(): void {
        this.#setPage('chat');
        this.focusEntry();
    }

    #showHistory(): void {
        this.#setPage('history');
        this.#history.opened();
    }

    /** A single fault leaves nothing to choose. */
    #expandOnly(): void {
        const [only, ...others] = this.#context.client.snapshot.incidents.filter(isOpen);
        const card = only === undefined || others.length > 0 ? undefined : this.#cards.get(only.path);
        if (card !== undefined) card.expanded = true;
    }

    #syncBanners(): void {
        const { client, hints, offer } = this.#context;
        const actions = {
            start: () => {
                client.startService();
            },
            resume: () => {
                client.resumeWatching().catch(logError);
            },
            endDemo: () => {
                client.endDemo().catch(logError);
            },
        };
        this.#banners.sync(bannersFor(client, actions));
        this.#offers.sync(hints.isWanted('shortcut-offer') ? offersFor(offer) : []);
    }

    *#cardSteps(): Generator<undefined> {
        const { client, fixes, joint } = this.#context;
        const { incidents, proposals } = client.snapshot;
        const isGrouped = ({ path }: Incident) => this.#groupCards.some(card => card.has(path));
        const all = groupsOf(cardOrder(incidents, this.#justClosed), isGrouped, incident => joint.has(incident));
        const shown = all.filter(
            (group, index) => index < mostCards || group.some(({ path }) => path === this.#wanted),
        );
        const single = shown.filter(group => group.length === 1);
        for (const [path, card] of this.#cards) {
            if (single.some(([incident]) => incident.path === path)) continue;
            card.destroy();
            this.#cards.delete(path);
        }
        const context = { client, fixes, joint, askAbout: this.#askAbout };
        // These steps may be given up at each yield, so what they have made is known at once.
        const kept = new Set<GroupCard>();
        for (const [index, group] of shown.entries()) {
            const [incident] = group;
            let card: IncidentCard | GroupCard | undefined;
            if (group.length > 1) {
                card = this.#groupCards.find(each => each.isOf(group) && !kept.has(each));
                if (card === undefined) this.#groupCards.push((card = new GroupCard(context, group)));
                kept.add(card);
            } else {
                card = this.#cards.get(incident.path) ?? new IncidentCard(context, incident);
                this.#cards.set(incident.path, card);
            }
            if (card.get_parent() === null) this.#cardBox.add_child(card);
            this.#cardBox.set_child_at_index(card, index);
            if (card instanceof GroupCard) card.sync(group);
            else card.sync(incident, proposals);
            yield;
        }
        for (const card of this.#groupCards) if (!kept.has(card)) card.destroy();
        this.#groupCards = [...kept];
        this.#cardBox.visible = shown.length > 0;
        const rest = all.filter(group => !shown.includes(group)).reduce((sum, group) => sum + group.length, 0);
        this.#moreCards.visible = rest > 0;
        setText(this.#moreCards, ngettext('And {count} more problem', 'And {count} more problems', rest));
    }

    /** After an answer its suggestions, in an empty conversation the possible questions. */
    #currentSuggestions(): readonly string[] {
        const { client, conversation } = this.#context;
        const last = conversation.exchanges.at(-1);
        return last === undefined ? client.snapshot.suggestions : (last.result?.suggestions ?? []);
    }

    #syncSuggestions(suggestions: readonly string[]): void {
        if (suggestions.join('\n') === this.#drawnSuggestions.join('\n')) return;
        this.#drawnSuggestions = suggestions;
        this.#suggestions.destroy_all_children();
        for (const suggestion of suggestions) {
            const chip = button(suggestion, 'chip', () => {
                this.#ask({ text: suggestion, about: null, attachments: [] });
            });
            chip.x_align = Clutter.ActorAlign.START;
            this.#suggestions.add_child(chip);
        }
        this.#suggestions.visible = suggestions.length > 0;
    }

    #ask(question: Question): void {
        if (this.#context.conversation.isAnswering) return;
        this.#follows = 'answer';
        this.#context.conversation.ask(question);
        this.focusEntry();
    }

    readonly #askAbout = (incident: Incident) => {
        this.#composer.askAbout(incident);
    };

    /** Shows the end, or of an answer that does not fit the beginning. */
    #beginWithAnswer(): void {
        const { vadjustment } = this.#scroll;
        const end = vadjustment.upper - vadjustment.page_size;
        const { latest } = this.#conversationView;
        this.#isScrolling = true;
        vadjustment.value = Math.min(end, (latest === null ? null : this.#scroll.startOf(latest)) ?? end);
        this.#isScrolling = false;
    }

    #followEnd(): void {
        const { vadjustment } = this.#scroll;
        const end = () => vadjustment.upper - vadjustment.page_size;
        let last = 0;
        vadjustment.connect('notify::value', () => {
            const { value } = vadjustment;
            // What becomes shorter takes the value along with the end.
            const isGoingOn = value > last || this.#follows === 'end';
            last = value;
            if (this.#isScrolling) return;
            this.#inSight = null;
            // Without a conversation, what grows there is a card that is being read.
            const { exchanges } = this.#context.conversation;
            const isAtEnd = exchanges.length > 0 && value >= end() - 1;
            this.#follows = !isAtEnd ? 'nothing' : isGoingOn ? 'end' : this.#follows;
        });
        // `changed` reports a new height, which comes after the text that made it.
        vadjustment.connect('changed', () => {
            if (this.#inSight !== null) {
                this.#isScrolling = true;
                this.#scroll.beginWith(this.#inSight);
                this.#isScrolling = false;
            } else if (this.#follows === 'answer') this.#beginWithAnswer();
            else if (this.#follows === 'end') vadjustment.value = end();
        });
    }
}
