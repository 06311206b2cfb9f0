import type { ActionName } from '../actions/actions.ts';
import type { Proposals } from './proposals.ts';
import { _ } from '../i18n/i18n.ts';
import type { Proposal } from '../model/proposal.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** Adds Reeve's own changes to the timeline: they, too, may cause the next failure. */
export function noteActions({ proposals, timeline }: { proposals: Proposals; timeline: Timeline }): void {
    const known = new Map<number, Proposal['state']>();
    proposals.on('removed', id => known.delete(id));
    proposals.on('changed', ({ id, state, plan, outcome, grant }) => {
        const before = known.get(id);
        known.set(id, state);
        const summary = summaryOf(before, state, plan.title, grant !== '');
        if (before === state || summary === null) return;
        timeline.add({
            time: Date.now() * 1000,
            kind: 'action',
            event: state,
            subject: plan.action,
            summary,
            detail: outcome,
            facts: { proposal: String(id), ...(grant !== '' && { grant }), ...fileFacts(plan) },
        });
    });
}

const contentRepair: ActionName = 'file.revert';
const permissionRepair: ActionName = 'file.permissions';

/** What a repair did to a file, as its entry will have it: content or permissions before and after. */
function fileFacts({ action, parameters: { path, before, after } }: Proposal['plan']): Record<string, string> {
    if (action !== contentRepair && action !== permissionRepair) return {};
    const facts =
        action === contentRepair
            ? { path, before: after, after: before }
            : { path, mode_before: after, mode_after: before };
    return Object.fromEntries(
        Object.entries(facts).filter((fact): fact is [string, string] => typeof fact[1] === 'string'),
    );
}

function summaryOf(
    before: Proposal['state'] | undefined,
    state: Proposal['state'],
    title: string,
    isByGrant: boolean,
): string | null {
    switch (state) {
        case 'applied':
            // A repair whose undo failed stays applied.
            if (before === 'undoing') return null;
            return isByGrant ? _('Done, as you allowed: {title}', { title }) : _('Done: {title}', { title });
        case 'partial':
            return before === 'undoing' ? _('Partly undone: {title}', { title }) : _('Partly done: {title}', { title });
        case 'failed':
            return _('Not done: {title}', { title });
        case 'undone':
            return _('Undone: {title}', { title });
        case 'void':
            return before === 'applying' ? _('Not done: {title}', { title }) : null;
        case 'offered':
        case 'applying':
        case 'undoing':
        case 'declined':
            return null;
    }
}
