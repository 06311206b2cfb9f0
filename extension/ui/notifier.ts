import type Gio from 'gi://Gio';
import * as Main from 'resource:///org/gnome/shell/ui/main.js';
import * as MessageTray from 'resource:///org/gnome/shell/ui/messageTray.js';

import { _, ngettext } from '../core/i18n.js';
import type { Client } from '../remote/client.js';
import type { Incident, Proposal } from '../remote/model.js';
import { bannerFix, mayTryAgain, mayUndoAtOnce } from '../state/bannerFix.js';
import { choosePlans, isOpen, proposalsOf, undoable } from '../state/cards.js';
import type { Fix, Fixes } from '../state/fixes.js';
import type { Joint, JointFixes } from '../state/jointFixes.js';
import { bannerText, sentences } from '../text/banner.js';
import { jointOutcome } from './jointPlan.js';
import { fixText } from './outcomeText.js';
import { undoText } from './undoCard.js';
import { severityIcons } from './widgets.js';

export type NotifierContext = {
    client: Client;
    fixes: Fixes;
    joint: JointFixes;
    icon: Gio.Icon;
    /** Whether the popover is open, which already shows everything. */
    isPopoverOpen: () => boolean;
    showIncident: (path: string) => void;
};

type Shown = {
    notification: MessageTray.Notification;
    /** Null for the outcome of a fix, which stays until the user has seen it. */
    incident: Incident | null;
    /** The fix that its body names; null for none. */
    fix: Proposal | null;
};

const urgencies = {
    low: MessageTray.Urgency.NORMAL,
    medium: MessageTray.Urgency.NORMAL,
    high: MessageTray.Urgency.HIGH,
    critical: MessageTray.Urgency.CRITICAL,
} as const;

/** After a start or a wake-up one notification may stand for several incidents. */
function titleOf({ title, announcedWith }: Incident): string {
    if (announcedWith === 0) return title;
    return ngettext('{title}, and {count} more problem', '{title}, and {count} more problems', announcedWith, {
        title,
    });
}

/** What happened, and the change that would fix it, as a question. */
function bodyOf({ cause }: Incident, fix: Proposal | null): string {
    const [first, second] = bannerFix(fix)?.words ?? [];
    if (first === undefined) return bannerText(cause);
    const change = second === undefined ? first : _('{first}, then: {second}', { first, second });
    return sentences([bannerText(cause), _('{change}?', { change })]);
}

/** One notification for an incident, and one for the outcome of its fix; each goes when it is out of date. */
export class Notifier {
    readonly #context: NotifierContext;
    readonly #shown = new Map<string, Shown>();
    /** Announced since the extension was enabled, in case the service is gone before it can record that. */
    readonly #announced = new Set<string>();
    readonly #handlers: { changed: number; finished: number; joint: number };
    /** What was done without asking, and is known here; null before the first look, which tells nobody of the past. */
    #doneByGrant: Set<string> | null = null;
    #source: MessageTray.Source | null = null;

    constructor(context: NotifierContext) {
        this.#context = context;
        const { client, fixes, joint } = context;
        this.#handlers = {
            changed: client.connect('changed', () => {
                this.#sync();
                return undefined;
            }),
            finished: fixes.connect('finished', (_fixes, fix) => {
                if (!joint.isPart(fix)) this.#announceOutcome(fix);
                return undefined;
            }),
            joint: joint.connect('finished', (_joint, all) => {
                this.#announceJoint(all);
                return undefined;
            }),
        };
        this.#sync();
    }

    destroy(): void {
        this.#context.client.disconnect(this.#handlers.changed);
        this.#context.fixes.disconnect(this.#handlers.finished);
        this.#context.joint.disconnect(this.#handlers.joint);
        this.#source?.destroy(MessageTray.NotificationDestroyedReason.SOURCE_CLOSED);
    }

    /**
     * Removes the notifications about incidents, since the popover shows more. The outcome of a fix stays: when the popover has
     * closed, only its notification leads back.
     */
    withdrawAll(): void {
        for (const [path, { incident }] of [...this.#shown]) if (incident !== null) this.#withdraw(path);
    }

    #sync(): void {
        const { link, incidents } = this.#context.client.snapshot;
        if (link !== 'present') return;
        const paths = new Set(incidents.map(({ path }) => path));
        for (const path of this.#announced) if (!paths.has(path)) this.#announced.delete(path);
        for (const incident of incidents) {
            if (incident.notification === 'wanted' && isOpen(incident) && !this.#announced.has(incident.path))
                this.#announce(incident);
        }
        this.#announceGrants();
        for (const [path, shown] of this.#shown) {
            if (shown.incident === null) continue;
            const now = incidents.find(incident => incident.path === path);
            if (now === undefined || !isOpen(now)) this.#withdraw(path);
            else this.#update(shown, now);
        }
    }

    #announce(incident: Incident): void {
        this.#announced.add(incident.path);
        // The user has seen it, on the screen or in the popover. Should this fail, `told` prevents a second
        // notification.
        this.#context.client.markNotified(incident).catch(() => undefined);
        if (this.#context.isPopoverOpen()) return;
        const fix = this.#fixFor(incident);
        const notification = this.#notification(
            incident.path,
            severityIcons[incident.severity],
            titleOf(incident),
            bodyOf(incident, fix),
        );
        notification.urgency = urgencies[incident.severity];
        const shown: Shown = { notification, incident, fix };
        this.#shown.set(incident.path, shown);
        this.#setActions(shown, incident);
        this.#present(notification);
    }

    /** The cause and the fix are found a moment after the incident. */
    #update(shown: Shown, incident: Incident): void {
        const fix = this.#fixFor(incident);
        const hasOtherFix = fix?.digest !== shown.fix?.digest;
        if (shown.incident === incident && !hasOtherFix) return;
        shown.incident = incident;
        shown.fix = fix;
        const { notification } = shown;
        const title = titleOf(incident);
        if (notification.title !== title) notification.title = title;
        const body = bodyOf(incident, fix);
        if (notification.body !== body) notification.body = body;
        if (hasOtherFix) this.#setActions(shown, incident);
    }

    #setActions({ notification, fix }: Shown, { path }: Incident): void {
        notification.clearActions();
        notification.addAction(fix === null ? _('Details') : _('Show fix'), () => {
            this.#show(path);
        });
        if (fix === null || !bannerFix(fix)?.isAtOnce) return;
        notification.addAction(_('Fix now'), () => {
            // Apply only what was offered: a plan that has changed since must be reviewed.
            const { digest, state } = this.#context.client.snapshot.proposals.get(fix.path) ?? {};
            if (digest === fix.digest && state === 'offered') this.#context.fixes.apply(fix);
            else this.#show(path);
        });
    }

    #announceOutcome(fix: Fix): void {
        const { proposal, kind, result } = fix;
        if (result === null) return;
        const { owner: path } = proposal;
        this.#withdraw(path);
        const isPopoverOpen = this.#context.isPopoverOpen();
        // A fix that ended halfway may be one that can be undone as well.
        const now = this.#context.client.snapshot.proposals.get(proposal.path);
        const canUndo = kind !== 'undo' && now !== undefined && undoable([now]).length > 0;
        if (isPopoverOpen && !canUndo) return;
        const { title, detail } = fixText({ ...fix, result });
        const iconName = result.outcome === 'success' ? 'object-select-symbolic' : 'dialog-warning-symbolic';
        const canTryAgain = now !== undefined && mayTryAgain(fix, result, now);
        const words = sentences([
            bannerText(detail || proposal.title),
            canUndo || (canTryAgain && kind === 'undo') ? undoText(now) : '',
            canTryAgain && kind !== 'undo' ? _('{change}?', { change: proposal.title }) : '',
        ]);
        const notification = this.#notification(path, iconName, title, words);
        this.#shown.set(path, { notification, incident: null, fix: null });
        // The popover has shown it already: no banner, but the way back in the list.
        notification.acknowledged = isPopoverOpen;
        if (canUndo) this.#addUndo(notification, proposal, now);
        if (canTryAgain) {
            notification.addAction(_('Try again'), () => {
                const before = this.#context.client.snapshot.proposals.get(proposal.path);
                if (before !== undefined && mayTryAgain(fix, result, before)) this.#context.fixes[kind](before);
                else this.#show(path);
            });
        }
        if (result.outcome !== 'success') {
            notification.addAction(_('Show'), () => {
                this.#show(path);
            });
        }
        this.#present(notification);
    }

    #announceGrants(): void {
        const done = [...this.#context.client.snapshot.proposals.values()].filter(
            ({ state, grant }) => state === 'applied' && grant !== '',
        );
        const keyOf = ({ path, applied }: Proposal) => `${path} ${applied}`;
        const known = this.#doneByGrant;
        this.#doneByGrant = new Set(done.map(keyOf));
        if (known === null) return;
        for (const proposal of done) if (!known.has(keyOf(proposal))) this.#announceGrant(proposal);
    }

    /** What was done as a person had allowed, with the ways back. */
    #announceGrant(proposal: Proposal): void {
        const { owner: path, title, grant } = proposal;
        this.#withdraw(path);
        const canUndo = undoable([proposal]).length > 0;
        const notification = this.#notification(
            path,
            'object-select-symbolic',
            _('Done, as you allowed: {title}', { title }),
            canUndo ? sentences([undoText(proposal)]) : '',
        );
        this.#shown.set(path, { notification, incident: null, fix: null });
        notification.acknowledged = this.#context.isPopoverOpen();
        if (canUndo) this.#addUndo(notification, proposal, proposal);
        notification.addAction(_('Stop doing this'), () => {
            this.#context.client.removeGrant(grant).catch(() => {
                this.#show(path);
            });
        });
        this.#present(notification);
    }

    #addUndo(notification: MessageTray.Notification, { path, owner }: Proposal, shown: Proposal): void {
        notification.addAction(_('Undo'), () => {
            const before = this.#context.client.snapshot.proposals.get(path);
            if (before !== undefined && mayUndoAtOnce(before, shown)) this.#context.fixes.undo(before);
            else this.#show(owner);
        });
    }

    /** One for all of them: the popover has the way back. */
    #announceJoint(joint: Joint): void {
        const { members } = joint;
        for (const { incident } of members) this.#withdraw(incident);
        const [first] = members;
        if (first === undefined || this.#context.isPopoverOpen()) return;
        const { incident: path } = first;
        const isWhole = joint.results.length === members.length && joint.results.every(({ gone }) => gone);
        const iconName = isWhole || joint.kind === 'undo' ? 'object-select-symbolic' : 'dialog-warning-symbolic';
        const notification = this.#notification(path, iconName, jointOutcome(joint), '');
        this.#shown.set(path, { notification, incident: null, fix: null });
        notification.addAction(_('Show'), () => {
            this.#show(path);
        });
        this.#present(notification);
    }

    #fixFor(incident: Incident): Proposal | null {
        const own = proposalsOf(incident, this.#context.client.snapshot.proposals);
        const { current } = choosePlans(incident, own, null);
        return current?.state === 'offered' ? current : null;
    }

    #notification(path: string, iconName: string, title: string, body: string): MessageTray.Notification {
        const notification = new MessageTray.Notification({ source: this.#ensureSource(), title, body, iconName });
        notification.connect('activated', () => {
            this.#show(path);
        });
        notification.connect('destroy', () => {
            if (this.#shown.get(path)?.notification === notification) this.#shown.delete(path);
        });
        return notification;
    }

    #present(notification: MessageTray.Notification): void {
        notification.source?.addNotification(notification);
    }

    /** Opens the popover on a click on the notification, which the Shell then destroys by itself. */
    #show(path: string): void {
        this.#shown.delete(path);
        this.#context.showIncident(path);
    }

    #withdraw(path: string): void {
        this.#shown.get(path)?.notification.destroy(MessageTray.NotificationDestroyedReason.EXPIRED);
    }

    /** A source goes with its last notification. */
    #ensureSource(): MessageTray.Source {
        if (this.#source !== null) return this.#source;
        const source = new MessageTray.Source({ title: _('Reeve'), icon: this.#context.icon });
        source.connect('destroy', () => {
            this.#source = null;
        });
        Main.messageTray.add(source);
        this.#source = source;
        return source;
    }
}
