import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { GuidedStep, Incident, Proposal } from '../remote/model.js';
import {
    choosePlans,
    finishable,
    hasFollowed,
    isNamedOtherwise,
    isOpen,
    isTried,
    proposalsOf,
    undoable,
} from '../state/cards.js';
import type { PlanChoice } from '../state/cards.js';
import { sortEvidence } from '../state/evidence.js';
import type { Fix, Fixes } from '../state/fixes.js';
import type { JointFixes } from '../state/jointFixes.js';
import { isolated } from '../text/direction.js';
import { ButtonRow } from './buttonRow.js';
import type { WantedButton } from './buttonRow.js';
import { CardHeader } from './cardHeader.js';
import { changeList } from './changeList.js';
import { evidenceList, evidenceTitle } from './evidenceList.js';
import { Expander } from './expander.js';
import { GuideView } from './guideView.js';
import { fixText } from './outcomeText.js';
import { PlanCard } from './planCard.js';
import { ProposedPlans } from './proposedPlans.js';
import { stepsOf, UndoCard } from './undoCard.js';
import { timeText } from './when.js';
import { button, column, hasKeyFocus, label, showText } from './widgets.js';
import { messageOf } from '../core/errors.js';

export type CardContext = {
    client: Client;
    fixes: Fixes;
    joint: JointFixes;
    /** Lets the user ask something about an incident. */
    askAbout: (incident: Incident) => void;
};

/** More names than these would push everything else out of sight. */
const mostNames = 4;

/** One incident: what failed, since when and why; expanded, also the evidence and the fixes. */
export class IncidentCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: CardContext;
    readonly #header = new CardHeader(() => {
        this.#draw();
    });
    readonly #cause = label('', '');
    readonly #outcome = column('reeve-outcome');
    readonly #undoCards = column('reeve-plans');
    readonly #undo = new Map<string, { card: UndoCard; steps: string }>();
    readonly #about = column('reeve-details');
    readonly #before = new St.Bin({ x_expand: true });
    readonly #details = new St.Bin({ x_expand: true });
    readonly #plans = column('reeve-plans');
    readonly #noPlan = label('', '');
    readonly #guide = new GuideView();
    readonly #instead = label(_('Alternatives'), 'reeve-caption reeve-dim');
    readonly #choices = column('reeve-choices');
    readonly #choiceActors = new Map<string, Clutter.Actor>();
    /** The plan to allow the fix for the next times, once it was asked for. */
    readonly #grantPlans = column('reeve-plans');
    #grantPlan: ProposedPlans | null = null;
    readonly #actions = new ButtonRow();
    readonly #checkResult = label('', 'reeve-dim');
    #incident: Incident;
    #proposals: readonly Proposal[] = [];
    #fixes: readonly Fix[] = [];
    #isDrawn = false;
    #drawnAbout = '';
    #isDestroyed = false;
    /** The changes before the fault; a relapse has the same changes further behind it. */
    #changes: { of: Incident['evidence']; began: number } = { of: [], began: 0 };
    #evidence: { of: Incident['evidence']; expander: Expander } | null = null;
    #plan: PlanCard | null = null;
    #chosen: string | null = null;

    constructor(context: CardContext, incident: Incident) {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'message reeve-card',
            x_expand: true,
            // The Shell draws what is not reactive as insensitive.
            reactive: true,
        });
        this.#context = context;
        this.#incident = incident;
        this.connect('destroy', () => {
            this.#isDestroyed = true;
        });
        for (const child of [this.#instead, this.#choices]) this.#plans.add_child(child);
        // What came of a fix, and the next one, stand first: to decide on it takes no scrolling.
        const body = column(
            'reeve-card-body',
            this.#cause,
            this.#outcome,
            this.#undoCards,
            this.#plans,
            this.#about,
            this.#guide,
            this.#noPlan,
            this.#before,
            this.#details,
            this.#checkResult,
            this.#grantPlans,
            this.#actions,
        );
        this.add_child(this.#header);
        this.add_child(body);
        this.#checkResult.hide();
    }

    get expanded(): boolean {
        return this.#header.checked;
    }

    set expanded(expanded: boolean) {
        this.#header.checked = expanded;
    }

    focus(): void {
        this.#header.grab_key_focus();
    }

    /** Draws the incident as it is now; does nothing when nothing that the card shows has changed. */
    sync(incident: Incident, proposals: ReadonlyMap<string, Proposal>): void {
        this.#grantPlan?.sync();
        const own = proposalsOf(incident, proposals);
        const fixes = this.#context.fixes.ofIncident(incident.path);
        const isCurrent =
            this.#isDrawn &&
            this.#incident === incident &&
            sameItems(this.#proposals, own) &&
            sameItems(this.#fixes, fixes);
        if (isCurrent) return;
        this.#incident = incident;
        this.#proposals = own;
        this.#fixes = fixes;
        this.#draw();
    }

    #draw(): void {
        this.#isDrawn = true;
        const hadFocus = hasKeyFocus(this);
        const choice = choosePlans(this.#incident, this.#proposals, this.#chosen, this.#finishing?.path);
        this.#drawHeader();
        showText(this.#cause, this.#causeText());
        this.#drawOutcome(choice.past);
        this.#drawUndo(choice.past);
        // Hidden content is not built: with many cards that would slow down opening the popover.
        if (this.expanded) {
            this.#drawAbout();
            const { changes, others } = sortEvidence(this.#incident.evidence);
            this.#drawChanges(changes);
            this.#drawPlans(choice);
            this.#guide.sync(this.#shownSteps);
            this.#drawEvidence(others);
        }
        this.#plans.visible = this.expanded && choice.current !== null;
        this.#grantPlans.visible = this.#grantPlan !== null;
        this.#about.visible = this.expanded && this.#about.get_n_children() > 0;
        if (!this.expanded) this.#noPlan.hide();
        this.#guide.visible = this.expanded && this.#shownSteps.length > 0;
        this.#before.visible = this.expanded && this.#changes.of.length > 0;
        this.#details.visible = this.expanded && this.#evidence !== null;
        this.#drawActions(choice);
        if (hadFocus && !hasKeyFocus(this)) this.focus();
    }

    #drawHeader(): void {
        const { title, subject, state, severity, count, firstSeen, lastSeen } = this.#incident;
        const closed = {
            fixed: _('Fixed'),
            // An interrupted fix may have solved it all the same.
            recovered:
                isTried(this.#proposals) || hasFollowed(this.#incident) ? _('Resolved') : _('Recovered by itself'),
            dismissed: _('Dismissed'),
            removed: _('No longer exists'),
        };
        const since =
            count > 1
                ? ngettext('{count} time since {time}', '{count} times since {time}', count, {
                      time: timeText(firstSeen),
                  })
                : _('Since {time}', { time: timeText(firstSeen) });
        const subtitle =
            state === 'open'
                ? since
                : state === 'fixing'
                  ? _('Being fixed…')
                  : `${closed[state]} · ${_('Last seen {time}', { time: timeText(lastSeen) })}`;
        const named = isNamedOtherwise(this.#incident) ? `${isolated(subject)} · ${subtitle}` : subtitle;
        this.#header.sync(isOpen(this.#incident) ? severity : null, title, named);
    }

    #causeText(): string {
        const { cause, summary } = this.#incident;
        if (cause !== '' || !isOpen(this.#incident)) return cause;
        // Of many faults the title says all that is known; the expanded card has the summary below.
        return this.expanded ? '' : summary;
    }

    /** The outcomes of fixes so far: those requested here in their own words, others as the service remembers them. */
    #drawOutcome(past: readonly Proposal[]): void {
        this.#outcome.destroy_all_children();
        // What a try before the last one found is no longer so.
        const last = past.reduce<Proposal | null>(
            (latest, one) => (one.applied > (latest?.applied ?? 0) ? one : latest),
            null,
        );
        const counts = ({ path }: Proposal) => isOpen(this.#incident) || last === null || path === last.path;
        for (const fix of this.#fixes.filter(({ proposal }) => counts(proposal))) {
            const { result } = fix;
            if (result === null) continue;
            const { title, detail } = fixText({ ...fix, result });
            this.#outcome.add_child(label(`${fix.proposal.title}: ${title}`, 'reeve-heading'));
            if (detail !== '') this.#outcome.add_child(label(detail, ''));
        }
        const elsewhere = past
            .filter(counts)
            .filter(({ path }) => !this.#fixes.some(({ proposal }) => proposal.path === path));
        for (const { title, outcome } of elsewhere)
            if (outcome !== '') this.#outcome.add_child(label(`${title}: ${outcome}`, ''));
        const { stillWrong } = this.#incident;
        const isSaid =
            this.#fixes.some(({ result }) => result?.detail === stillWrong) ||
            elsewhere.some(({ outcome }) => outcome === stillWrong);
        if (stillWrong !== '' && !isSaid && isOpen(this.#incident))
            this.#outcome.add_child(label(_('Still broken: {finding}', { finding: stillWrong }), 'reeve-warning'));
        this.#outcome.visible = this.#outcome.get_n_children() > 0;
    }

    /** The fix whose rest was asked for here and is being done, as it was then: the service no longer says what was left. */
    get #finishing(): Proposal | undefined {
        return this.#fixes.find(({ kind, result }) => kind === 'finish' && result === null)?.proposal;
    }

    #asRequested(proposal: Proposal): Proposal {
        const finishing = this.#finishing;
        return finishing?.path === proposal.path ? finishing : proposal;
    }

    #drawUndo(past: readonly Proposal[]): void {
        const { client, fixes } = this.#context;
        const left = [
            ...finishable(past, this.#finishing?.path).map(proposal => ({ proposal, kind: 'finish' as const })),
            ...undoable(past).map(proposal => ({ proposal, kind: 'undo' as const })),
        ].map(each => ({
            ...each,
            key: `${each.kind} ${each.proposal.path}`,
            steps: JSON.stringify(stepsOf(this.#asRequested(each.proposal), each.kind)),
        }));
        for (const [key, { card, steps }] of this.#undo) {
            if (left.some(now => now.key === key && now.steps === steps)) continue;
            card.destroy();
            this.#undo.delete(key);
        }
        for (const [index, { proposal, kind, key, steps }] of left.entries()) {
            const drawn = this.#undo.get(key) ?? { card: new UndoCard(proposal, fixes, kind), steps };
            if (drawn.card.get_parent() === null) this.#undoCards.insert_child_at_index(drawn.card, index);
            this.#undo.set(key, drawn);
            const first = kind === 'undo' ? proposal.undoFirst : [];
            const titles = first.map(each => client.snapshot.proposals.get(each)?.title);
            drawn.card.sync(
                proposal,
                fixes.of(proposal),
                titles.filter(title => title !== undefined),
            );
        }
        this.#undoCards.visible = left.length > 0;
    }

    #drawPlans({ current, alternatives, past }: PlanChoice): void {
        const { fixes } = this.#context;
        if (this.#plan?.proposal.digest !== current?.digest || this.#plan?.proposal.path !== current?.path) {
            this.#plan?.destroy();
            this.#plan = null;
        }
        const isOver = current === null && finishable(past, this.#finishing?.path).length === 0;
        const { state, cause, steps, isLooking } = this.#incident;
        const isWithoutFix = isOver && state === 'open' && cause !== '' && steps.length === 0;
        const text = isLooking ? _('Reeve is looking for a fix.') : this.#noPlanText(past);
        showText(this.#noPlan, isWithoutFix ? text : '');
        this.#drawChoices(current === null ? [] : alternatives);
        if (current === null) return;
        if (this.#plan === null) {
            this.#plan = new PlanCard(this.#incident, current, {
                fixes,
                decline: proposal => {
                    this.#report(this.#context.client.decline(proposal));
                },
                dismissForever: incident => {
                    this.#report(this.#context.client.dismiss(incident, true));
                },
            });
            this.#plans.insert_child_at_index(this.#plan, 0);
        }
        this.#plan.sync(current, fixes.of(current));
    }

    /** One that stays is not rebuilt: the user may be clicking it. */
    #drawChoices(alternatives: readonly Proposal[]): void {
        for (const [path, actor] of this.#choiceActors) {
            if (alternatives.some(proposal => proposal.path === path)) continue;
            actor.destroy();
            this.#choiceActors.delete(path);
        }
        for (const [index, proposal] of alternatives.entries()) {
            if (this.#choiceActors.has(proposal.path)) continue;
            const actor = this.#choice(proposal);
            this.#choiceActors.set(proposal.path, actor);
            this.#choices.insert_child_at_index(actor, index);
        }
        for (const actor of [this.#instead, this.#choices]) actor.visible = alternatives.length > 0;
    }

    #choice({ title, path, proposedBy }: Proposal): Clutter.Actor {
        const choice = button(title, 'raised', () => {
            this.#chosen = path;
            this.#draw();
        });
        if (proposedBy === '') return choice;
        const mark = label(_('Proposed by {model}', { model: proposedBy }), 'reeve-caption reeve-dim');
        return column('reeve-choice', mark, choice);
    }

    /** Once the fault is over, only for those who took the steps. */
    get #shownSteps(): readonly GuidedStep[] {
        const { steps } = this.#incident;
        return isOpen(this.#incident) || hasFollowed(this.#incident) ? steps : [];
    }

    #noPlanText(past: readonly Proposal[]): string {
        if (this.#proposals.some(({ state }) => state === 'declined'))
            return _('You postponed the fix. It is offered again when this happens again.');
        return past.length > 0 || this.#fixes.length > 0
            ? _('There is no other known safe fix. The evidence may help.')
            : _('There is no known safe fix. The evidence may help.');
    }

    #drawAbout(): void {
        const { affected, localRule } = this.#incident;
        const summary = this.#isSaidOfFix(this.#incident.summary) ? '' : this.#incident.summary;
        const key = JSON.stringify([summary, affected, localRule]);
        if (key === this.#drawnAbout) return;
        this.#drawnAbout = key;
        this.#about.destroy_all_children();
        if (summary !== '') this.#about.add_child(label(summary, ''));
        if (affected.length > 0) this.#about.add_child(affectedNames(affected));
        if (localRule === '') return;
        const place = _('Local rule: {place}', { place: isolated(localRule) });
        this.#about.add_child(label(place, 'reeve-caption reeve-dim'));
    }

    /** Whether the outcome of a fix already says what has become of the subject. */
    #isSaidOfFix(summary: string): boolean {
        const outcomes = [
            ...this.#fixes.map(({ result }) => result?.detail),
            ...this.#proposals.map(each => each.outcome),
        ];
        return (
            !isOpen(this.#incident) &&
            outcomes.some(outcome => outcome?.replace(/\.$/, '') === summary.replace(/\.$/, ''))
        );
    }

    #drawChanges(changes: Incident['evidence']): void {
        const { began } = this.#incident;
        if (this.#changes.began === began && sameEvidence(this.#changes.of, changes)) return;
        this.#changes = { of: changes, began };
        this.#before.set_child(changes.length === 0 ? null : changeList(changes, this.#incident));
    }

    #drawEvidence(evidence: Incident['evidence']): void {
        if (evidence.length === 0) {
            this.#evidence?.expander.destroy();
            this.#evidence = null;
            return;
        }
        const title = evidenceTitle(evidence);
        const fill = () => evidenceList(evidence);
        if (this.#evidence === null) {
            this.#evidence = { of: evidence, expander: new Expander(title, fill) };
            this.#details.set_child(this.#evidence.expander);
        } else if (!sameEvidence(this.#evidence.of, evidence)) {
            this.#evidence.of = evidence;
            this.#evidence.expander.refill(title, fill);
        }
    }

    #drawActions({ current, past }: PlanChoice): void {
        this.#actions.sync(isOpen(this.#incident) ? this.#wantedActions(current !== null) : this.#closingActions(past));
    }

    /** A fix that helped can be allowed for the next times. */
    #closingActions(past: readonly Proposal[]): WantedButton[] {
        const { state } = this.#incident;
        const helped = past.find(proposal => state === 'fixed' && proposal.state === 'applied' && proposal.grantable);
        if (helped === undefined || this.#grantPlan !== null) return [];
        const allow = () => {
            this.#report(
                this.#context.client.proposeGrant(helped).then(path => {
                    if (this.#isDestroyed || this.#grantPlan !== null) return;
                    this.#grantPlan = new ProposedPlans(this.#context, [path]);
                    this.#grantPlans.add_child(this.#grantPlan);
                    this.#grantPlan.sync();
                    this.#draw();
                }),
            );
        };
        return [{ key: 'allow', text: _('Always do this'), kind: 'flat', onClicked: allow }];
    }

    #wantedActions(hasFix: boolean): WantedButton[] {
        if (!this.expanded) {
            const open = () => {
                this.expanded = true;
                if (this.#plan === null) this.focus();
                else this.#plan.focus();
            };
            const text = hasFix ? _('Show fix') : this.#shownSteps.length > 0 ? _('Show steps') : _('Details');
            return [{ key: 'open', text, kind: 'raised', onClicked: open }];
        }
        if (this.#incident.state !== 'open') return [];
        const ask = () => {
            this.#context.askAbout(this.#incident);
        };
        const check = () => {
            this.#recheck();
        };
        const dismiss = () => {
            this.#report(this.#context.client.dismiss(this.#incident, false));
        };
        return [
            { key: 'ask', text: _('Ask about this'), kind: 'flat', onClicked: ask },
            { key: 'check', text: _('Check again'), kind: 'flat', onClicked: check },
            { key: 'dismiss', text: _('Dismiss'), kind: 'flat', onClicked: dismiss },
        ];
    }

    #recheck(): void {
        showText(this.#checkResult, _('Checking…'));
        this.#report(
            this.#context.client.recheck(this.#incident).then(({ detail }) => {
                if (!this.#isDestroyed) showText(this.#checkResult, detail);
            }),
        );
    }

    /** Reports a failed call, in the card that made it. */
    #report(promise: Promise<void>): void {
        promise.catch((error: unknown) => {
            if (this.#isDestroyed) return;
            showText(this.#checkResult, messageOf(error));
        });
    }
}

/** Many names are only for users who want all of them. */
function affectedNames(affected: readonly string[]): Clutter.Actor {
    const names = [...affected].sort((a, b) => a.localeCompare(b)).join(', ');
    if (affected.length <= mostNames) return label(_('Also failed as a result: {names}', { names }), '');
    const title = ngettext('{count} other failed as a result', '{count} others failed as a result', affected.length);
    return new Expander(title, () => label(names, ''));
}

/** Each change of an incident brings all of its properties, also the unchanged ones. */
function sameEvidence(a: Incident['evidence'], b: Incident['evidence']): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
    return a.length === b.length && a.every((item, index) => item === b[index]);
}
