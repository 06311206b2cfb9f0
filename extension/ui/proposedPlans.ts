import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { Incident, Proposal } from '../remote/model.js';
import { finishable, isAwaited, isOfTask, isTried, undoable } from '../state/cards.js';
import type { Fixes } from '../state/fixes.js';
import { fixText } from './outcomeText.js';
import { PlanCard } from './planCard.js';
import { stepsOf, UndoCard, type FollowUp } from './undoCard.js';
import { column, focusText, hasKeyFocus, label, setText } from './widgets.js';
import { messageOf } from '../core/errors.js';

export type PlanContext = { client: Client; fixes: Fixes };

/** A card, or the words for what became of a plan. */
type Drawn = PlanCard | UndoCard | St.Label;

/** The plans of an answer, for a wish or as a language model proposed them: cards to approve them; then their outcomes, and the way back. */
export class ProposedPlans extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: PlanContext;
    readonly #paths: readonly string[];
    readonly #failure = label('', 'reeve-warning');
    #isDestroyed = false;
    readonly #drawn = new Map<string, { key: string; column: St.BoxLayout; actors: readonly Drawn[] }>();

    /** @param paths of the proposals */
    constructor(context: PlanContext, paths: readonly string[]) {
        super({ orientation: Clutter.Orientation.VERTICAL, style_class: 'reeve-plans', x_expand: true });
        this.#context = context;
        this.#paths = paths;
        this.#failure.hide();
        this.connect('destroy', () => {
            this.#isDestroyed = true;
        });
        this.add_child(this.#failure);
    }

    sync(): void {
        const { client, fixes } = this.#context;
        const { incidents, proposals } = client.snapshot;
        const all = this.#paths.map(path => proposals.get(path)).filter(proposal => proposal !== undefined);
        // One way is enough for a wish: once one is taken, the others need not be read any more.
        const isTaken = all.some(proposal => isOfTask(proposal) && isTried([proposal]));
        for (const [index, path] of this.#paths.entries()) {
            const proposal = proposals.get(path);
            const incident = incidents.find(candidate => candidate.path === proposal?.incident) ?? null;
            const isGone =
                proposal === undefined ||
                (incident === null && !isOfTask(proposal)) ||
                (isTaken && proposal.state === 'offered');
            const key = isGone ? '' : this.#keyOf(incident, proposal);
            let drawn = this.#drawn.get(path);
            let hadFocus = false;
            if (drawn !== undefined && drawn.key !== key) {
                hadFocus = hasKeyFocus(drawn.column);
                drawn.column.destroy();
                this.#drawn.delete(path);
                drawn = undefined;
            }
            if (isGone) continue;
            if (drawn === undefined) {
                const actors = this.#draw(incident, proposal);
                drawn = { key, column: column('reeve-plans', ...actors), actors };
                this.#drawn.set(path, drawn);
                this.insert_child_at_index(drawn.column, Math.min(index, this.get_n_children() - 1));
                const [first] = actors;
                if (hadFocus && first instanceof St.Label) focusText(first);
            }
            const first = proposal.undoFirst.map(each => proposals.get(each)?.title);
            for (const actor of drawn.actors) {
                if (actor instanceof PlanCard) actor.sync(proposal, fixes.of(proposal));
                if (actor instanceof St.Label) setText(actor, this.#outcome(proposal));
                if (actor instanceof UndoCard)
                    actor.sync(
                        proposal,
                        fixes.of(proposal),
                        first.filter(title => title !== undefined),
                    );
            }
        }
        this.visible = this.#drawn.size > 0;
    }

    /** What is drawn stays while this does. */
    #keyOf(incident: Incident | null, proposal: Proposal): string {
        if (this.#isOffered(incident, proposal)) return proposal.digest;
        const followUps = this.#followUps(proposal).map(kind => [kind, stepsOf(proposal, kind)]);
        return JSON.stringify([proposal.digest, followUps]);
    }

    #isOffered(incident: Incident | null, proposal: Proposal): boolean {
        const isFollowUp = proposal.state === 'undoing' || this.#context.fixes.of(proposal)?.kind === 'finish';
        return isAwaited(incident, proposal) && !(isOfTask(proposal) && isFollowUp);
    }

    /** An incident's card offers them itself. */
    #followUps(proposal: Proposal): FollowUp[] {
        if (!isOfTask(proposal)) return [];
        const isFinishable = finishable([proposal], this.#finishing(proposal)).length > 0;
        return [
            ...(isFinishable ? (['finish'] as const) : []),
            ...(undoable([proposal]).length > 0 ? (['undo'] as const) : []),
        ];
    }

    #finishing(proposal: Proposal): string | undefined {
        const fix = this.#context.fixes.of(proposal);
        return fix?.kind === 'finish' && fix.result === null ? proposal.path : undefined;
    }

    #draw(incident: Incident | null, proposal: Proposal): Drawn[] {
        if (this.#isOffered(incident, proposal)) return [this.#card(incident, proposal)];
        const { fixes } = this.#context;
        const cards = this.#followUps(proposal).map(kind => new UndoCard(proposal, fixes, kind));
        return [label(this.#outcome(proposal), ''), ...cards];
    }

    #card(incident: Incident | null, proposal: Proposal): PlanCard {
        const { client, fixes } = this.#context;
        return new PlanCard(incident, proposal, {
            fixes,
            decline: declined => {
                this.#report(client.decline(declined));
            },
            dismissForever: dismissed => {
                this.#report(client.dismiss(dismissed, true));
            },
        });
    }

    #outcome(proposal: Proposal): string {
        const fix = this.#context.fixes.of(proposal);
        const result = fix?.result ?? null;
        const { title } = proposal;
        if (proposal.state !== 'undoing' && fix !== null && result !== null)
            return `${title}: ${fixText({ ...fix, result }).title}`;
        if (proposal.outcome !== '') return `${title}: ${proposal.outcome}`;
        switch (proposal.state) {
            case 'declined':
                return _('{fix}: postponed', { fix: title });
            case 'applied':
            case 'undoing':
                return `${title}: ${_('Done')}`;
            case 'undone':
                return `${title}: ${_('Undone')}`;
            case 'partial':
                return `${title}: ${_('Partly done')}`;
            case 'offered':
            case 'applying':
            case 'failed':
            case 'void':
                return _('{fix}: no longer needed, or no longer possible', { fix: title });
        }
    }

    #report(promise: Promise<void>): void {
        promise.catch((error: unknown) => {
            if (this.#isDestroyed) return;
            setText(this.#failure, messageOf(error));
            this.#failure.show();
        });
    }
}
