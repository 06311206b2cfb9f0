import Clutter from 'gi://Clutter';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { Evidence, Incident, Proposal } from '../remote/model.js';
import { isOpen, proposalsOf } from '../state/cards.js';
import { areServices, commonCause, commonChange, summaryOf, type Group } from '../state/groups.js';
import { jointFix, jointUndo } from '../state/jointPlans.js';
import { isolated } from '../text/direction.js';
import { ButtonRow } from './buttonRow.js';
import { CardHeader } from './cardHeader.js';
import { changeList } from './changeList.js';
import { Idle } from './idle.js';
import { IncidentCard, type CardContext } from './incidentCard.js';
import { jointDriver, jointProposal } from './jointPlan.js';
import { PlanCard } from './planCard.js';
import { UndoCard } from './undoCard.js';
import { isToday, timeText } from './when.js';
import { column, label, showText } from './widgets.js';

/** Names that fit in a line or two. */
const mostNames = 3;
/** How many more cards are shown at a time. */
const more = 10;

/** Many incidents that began together: what they have in common, and expanded, a card for each of the first. */
export class GroupCard extends St.BoxLayout {
    static {
        GObject.registerClass(this);
    }

    readonly #context: CardContext;
    readonly #header = new CardHeader(() => {
        this.#draw();
    });
    readonly #names = label('', '');
    readonly #cause = label('', '');
    readonly #before = new St.Bin({ x_expand: true });
    #drawnChange = '';
    readonly #fix = new St.Bin({ x_expand: true });
    #drawnFix: { key: string; proposal: Proposal; card: PlanCard | UndoCard } | null = null;
    readonly #cardBox = column('reeve-cards');
    readonly #cards = new Map<string, IncidentCard>();
    readonly #making = new Idle(this, GLib.PRIORITY_DEFAULT_IDLE);
    readonly #actions = new ButtonRow();
    readonly #body = column(
        'reeve-card-body',
        this.#names,
        this.#cause,
        this.#fix,
        this.#before,
        this.#cardBox,
        this.#actions,
    );
    /** Those that are over are not put together with those that are open. */
    readonly #isOpen: boolean;
    #group: Group;
    #shown = more;
    /** The path of one that is to be seen wherever it stands. */
    #wanted: string | null = null;

    constructor(context: CardContext, group: Group) {
        super({
            orientation: Clutter.Orientation.VERTICAL,
            style_class: 'message reeve-card',
            x_expand: true,
            // The Shell draws what is not reactive as insensitive.
            reactive: true,
        });
        this.#context = context;
        this.#isOpen = isOpen(group[0]);
        this.#group = group;
        this.add_child(this.#header);
        this.add_child(this.#body);
    }

    has(path: string): boolean {
        return this.#group.some(incident => incident.path === path);
    }

    /** Whether it was about any of these, and they are still open, or still over. */
    isOf(group: Group): boolean {
        return isOpen(group[0]) === this.#isOpen && group.some(({ path }) => this.has(path));
    }

    sync(group: Group): void {
        this.#group = group;
        this.#draw();
    }

    focus(): void {
        this.#header.grab_key_focus();
    }

    /** Expands the group and makes the card of one of them. */
    cardOf(path: string): IncidentCard | undefined {
        this.#wanted = path;
        this.#header.checked = true;
        this.#draw();
        return this.#cards.get(path);
    }

    #draw(): void {
        const isExpanded = this.#header.checked;
        if (this.#isOpen) this.#header.sync(worst(this.#group), ...failedTitle(this.#group));
        else this.#header.sync(null, overTitle(this.#group), this.#isUndone() ? _('Undone') : '');
        this.#header.canExpand = this.#isOpen;
        const members = this.#fixMembers();
        this.#drawFix(isExpanded || !this.#isOpen ? members : null);
        this.#body.visible = this.#isOpen || members !== null;
        for (const part of [this.#names, this.#cause, this.#before, this.#cardBox, this.#actions])
            part.visible = this.#isOpen;
        if (!this.#isOpen) return;
        showText(this.#names, isExpanded ? '' : namesText(this.#group));
        const change = commonChange(this.#group);
        showText(this.#cause, commonCause(this.#group) || (isExpanded ? '' : summaryOf(change?.message ?? '')));
        this.#drawChange(isExpanded ? change : null);
        const shown = isExpanded ? this.#group.filter((incident, index) => this.#isShown(incident, index)) : [];
        this.#making.stop();
        if (this.#drawCards(shown, 0)) this.#making.start(() => this.#drawCards(shown, 1));
        this.#drawActions(isExpanded, this.#group.length - shown.length, members !== null);
    }

    #isUndone(): boolean {
        const { proposals } = this.#context.client.snapshot;
        return this.#group.every(incident => proposalsOf(incident, proposals).some(({ state }) => state === 'undone'));
    }

    /** What one approval fixes, or undoes; null for nothing. */
    #fixMembers(): readonly Proposal[] | null {
        const { joint, client } = this.#context;
        const { current } = joint;
        if (current !== null) {
            const isOwn = current.kind === (this.#isOpen ? 'apply' : 'undo');
            return isOwn && current.members.some(({ incident }) => this.has(incident)) ? current.members : null;
        }
        const { proposals } = client.snapshot;
        if (this.#isOpen) return jointFix(this.#group, proposals);
        return this.#group[0].state === 'fixed' ? jointUndo(this.#group, proposals) : null;
    }

    #drawFix(members: readonly Proposal[] | null): void {
        const key = JSON.stringify(members?.map(({ path, digest, undoSteps }) => [path, digest, undoSteps]) ?? null);
        const isRunning = members !== null && this.#context.joint.current?.members === members;
        if (this.#drawnFix !== null && (key !== this.#drawnFix.key || members === null)) {
            this.#drawnFix.card.destroy();
            this.#drawnFix = null;
        }
        const [first] = members ?? [];
        this.#fix.visible = first !== undefined;
        if (members === null || first === undefined) return;
        if (this.#drawnFix === null) {
            const proposal = jointProposal(members, first, areServices(this.#group));
            const card = this.#isOpen ? this.#planCard(members, proposal) : this.#undoCard(members, proposal);
            this.#drawnFix = { key, proposal, card };
            this.#fix.set_child(card);
        }
        const { card, proposal } = this.#drawnFix;
        const fix = isRunning ? jointDriver(this.#context.joint, members, proposal).of() : null;
        if (card instanceof PlanCard) card.sync(proposal, fix);
        else card.sync(proposal, fix, []);
    }

    #planCard(members: readonly Proposal[], proposal: Proposal): PlanCard {
        const { client, joint } = this.#context;
        return new PlanCard(null, proposal, {
            fixes: jointDriver(joint, members, proposal),
            decline: () => {
                for (const member of members) client.decline(member).catch(logError);
            },
            dismissForever: () => undefined,
        });
    }

    #undoCard(members: readonly Proposal[], proposal: Proposal): UndoCard {
        return new UndoCard(proposal, jointDriver(this.#context.joint, members, proposal), 'undo');
    }

    #drawChange(change: Evidence | null): void {
        const key = JSON.stringify(change);
        this.#before.visible = change !== null;
        if (key === this.#drawnChange) return;
        this.#drawnChange = key;
        this.#before.set_child(change === null ? null : changeList([change], this.#group[0]));
    }

    #isShown({ path }: Incident, index: number): boolean {
        return index < this.#shown || path === this.#wanted;
    }

    /**
     * @param most how many cards it makes beside the one that is wanted: a frame in which ten are made is seen to be late
     * @returns whether there are more to make
     */
    #drawCards(incidents: readonly Incident[], most: number): boolean {
        for (const [path, card] of this.#cards) {
            if (incidents.some(incident => incident.path === path)) continue;
            card.destroy();
            this.#cards.delete(path);
        }
        const { proposals } = this.#context.client.snapshot;
        let left = most;
        let index = 0;
        for (const incident of incidents) {
            let card = this.#cards.get(incident.path);
            if (card === undefined) {
                if (left <= 0 && incident.path !== this.#wanted) continue;
                left -= 1;
                card = new IncidentCard(this.#context, incident);
                this.#cards.set(incident.path, card);
                this.#cardBox.insert_child_at_index(card, index);
            } else if (this.#cardBox.get_child_at_index(index) !== card) this.#cardBox.set_child_at_index(card, index);
            card.sync(incident, proposals);
            index += 1;
        }
        this.#cardBox.visible = incidents.length > 0;
        return index < incidents.length;
    }

    #drawActions(isExpanded: boolean, rest: number, hasFix: boolean): void {
        const expand = () => {
            this.#header.checked = true;
            if (this.#drawnFix?.card instanceof PlanCard) this.#drawnFix.card.focus();
            else this.focus();
        };
        const showMore = () => {
            this.#shown += more;
            this.#draw();
        };
        const dismiss = () => {
            dismissAll(this.#context.client, this.#group);
        };
        const next = ngettext('Show {count} more', 'Show {count} more', Math.min(rest, more));
        this.#actions.sync([
            ...(isExpanded
                ? []
                : [
                      {
                          key: 'open',
                          text: hasFix ? _('Show fix') : _('Details'),
                          kind: 'raised',
                          onClicked: expand,
                      } as const,
                  ]),
            ...(isExpanded && rest > 0
                ? [{ key: 'more', text: next, kind: 'raised', onClicked: showMore } as const]
                : []),
            ...(isExpanded
                ? [{ key: 'dismiss', text: _('Dismiss all'), kind: 'flat', onClicked: dismiss } as const]
                : []),
        ]);
    }
}

function worst(group: Group): Incident['severity'] {
    // They stand worst first.
    return group[0].severity;
}

function failedTitle(group: Group): [title: string, subtitle: string] {
    const began = Math.min(...group.map(incident => incident.began));
    const values = { time: timeText(began) };
    const title = areServices(group)
        ? isToday(began)
            ? ngettext('{count} service failed at {time}', '{count} services failed at {time}', group.length, values)
            : ngettext('{count} service failed', '{count} services failed', group.length)
        : ngettext('{count} problem since {time}', '{count} problems since {time}', group.length, values);
    return [title, commonChange(group) === null ? _('They began together, so they probably have one cause') : ''];
}

function overTitle(group: Group): string {
    if (group[0].state === 'fixed')
        return areServices(group)
            ? ngettext('{count} service was fixed', '{count} services were fixed', group.length)
            : ngettext('{count} problem was fixed', '{count} problems were fixed', group.length);
    if (group[0].state === 'removed')
        return areServices(group)
            ? ngettext(
                  '{count} failed service no longer exists',
                  '{count} failed services no longer exist',
                  group.length,
              )
            : ngettext('{count} problem is over', '{count} problems are over', group.length);
    return areServices(group)
        ? ngettext('{count} service has recovered', '{count} services have recovered', group.length)
        : ngettext('{count} problem has gone by itself', '{count} problems have gone by themselves', group.length);
}

function namesText(group: Group): string {
    const names = group.slice(0, mostNames).map(({ subject }) => isolated(subject));
    const rest = group.length - names.length;
    return ngettext('{names} and {count} more', '{names} and {count} more', rest, { names: names.join(', ') });
}

function dismissAll(client: Client, group: Group): void {
    for (const incident of group) client.dismiss(incident, false).catch(logError);
}
