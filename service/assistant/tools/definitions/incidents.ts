import * as z from 'zod';

import { beganAt } from '../../../incidents/merge.ts';
import { fullTitle } from '../../../model/incident.ts';
import { ReeveError } from '../../../util/errors.ts';
import { moment } from '../figures.ts';
import { tool } from '../tool.ts';

export const incidents = tool({
    name: 'incidents',
    description:
        'Problems that Reeve noticed: open incidents with cause and offered fixes, or everything about one of them.',
    parameters: z.object({
        id: z.int().optional().describe('everything about this incident'),
        closed: z.boolean().optional().describe('also closed ones'),
    }),
    run({ id, closed = false }, { incidents: store, proposals, guides, clock }, out) {
        const all = store.list();
        if (id !== undefined) {
            const incident = all.find(candidate => candidate.id === id);
            if (incident === undefined) throw new ReeveError('NotFound', `there is no incident ${id}`);
            out.cite(...incident.evidence);
            out.line(`Incident ${id}: ${fullTitle(incident)} (${incident.state}, ${incident.severity})`);
            if (incident.summary !== '') out.line(`Summary: ${incident.summary}`);
            out.line(`Cause by Reeve’s rules: ${incident.cause || 'not known'}`);
            const began = `this time since ${moment(beganAt(incident), clock())}`;
            out.line(`First seen ${moment(incident.firstSeen, clock())}, ${began}, ${incident.count} times`);
            if (incident.affected.length > 0) out.line(`Also failed because of it: ${incident.affected.join(', ')}`);
            out.list('Evidence', incident.evidence, ({ origin, message }) => `${origin}: ${message}`, 10);
            out.list(
                'Offered fixes',
                proposals.list(id),
                ({ plan, state }) => `${plan.title} (${state}, risk ${plan.risk})`,
            );
            const steps = guides.steps(incident);
            if (steps.length > 0)
                out.list(
                    'What only the user can do',
                    steps,
                    ({ text, isSeen }) => `${text} (${isSeen ? 'seen' : 'waiting'})`,
                );
            return;
        }
        const shown = all.filter(({ state }) => closed || state === 'open' || state === 'fixing');
        out.cite(...shown.flatMap(({ evidence }) => evidence.slice(0, 2)));
        out.list(
            closed ? 'Incidents' : 'Open incidents',
            shown,
            incident => {
                const when = moment(incident.lastSeen, clock());
                return `${incident.id}: ${fullTitle(incident)} (${incident.state}), last ${when}. ${incident.cause}`;
            },
            20,
        );
    },
});
