import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _ } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { Incident, Proposal } from '../remote/model.js';
import { isAwaited } from '../state/cards.js';
import type { Fixes } from '../state/fixes.js';
import { fixText } from './outcomeText.js';
import { PlanCard } from './planCard.js';
import { label, setText } from './widgets.js';
import { messageOf } from '../core/errors.js';

export type PlanContext = { client: Client; fixes: Fixes };

/** The fixes that a language model proposed in an answer, with the same approval as any other; then their outcomes. */
export class ProposedPlans extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: PlanContext;
    readonly #paths: readonly string[];
    readonly #failure = label('', 'reeve-warning');
    #isDestroyed = false;
    readonly #drawn = new Map<string, { digest: string; actor: PlanCard | St.Label }>();

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
        for (const [index, path] of this.#paths.entries()) {
            const proposal = proposals.get(path);
            const incident = incidents.find(candidate => candidate.path === proposal?.incident);
            const isGone = proposal === undefined || incident === undefined;
            const words = isGone || isAwaited(incident, proposal) ? null : this.#outcome(proposal);
            const key = isGone ? '' : `${proposal.digest}\n${words ?? ''}`;
            let drawn = this.#drawn.get(path);
            if (drawn?.digest !== key) {
                drawn?.actor.destroy();
                this.#drawn.delete(path);
                drawn = undefined;
            }
            if (isGone) continue;
            if (drawn === undefined) {
                const actor = words === null ? this.#card(incident, proposal) : label(words, '');
                drawn = { digest: key, actor };
                this.#drawn.set(path, drawn);
                this.insert_child_at_index(actor, index);
            }
            if (drawn.actor instanceof PlanCard) drawn.actor.sync(proposal, fixes.of(proposal));
        }
        this.visible = this.#drawn.size > 0;
    }

    #card(incident: Incident, proposal: Proposal): PlanCard {
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
        if (fix !== null && result !== null) return `${title}: ${fixText({ ...fix, result }).title}`;
        if (proposal.outcome !== '') return `${title}: ${proposal.outcome}`;
        return proposal.state === 'declined'
            ? _('{fix}: postponed', { fix: title })
            : _('{fix}: no longer needed, or no longer possible', { fix: title });
    }

    #report(promise: Promise<void>): void {
        promise.catch((error: unknown) => {
            if (this.#isDestroyed) return;
            setText(this.#failure, messageOf(error));
            this.#failure.show();
        });
    }
}
