/** org.reevedesktop.Reeve1.Grants on the bus. */
import * as z from 'zod';

import type { Actions } from '../actions/actions.ts';
import type { Callers } from '../approval/callers.ts';
import type { Grants, KeptGrant } from '../approval/grants.ts';
import type { Proposals } from '../approval/proposals.ts';
import { termsFor } from '../approval/standing.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { readOptions } from '../dbus/options.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Status } from '../lifecycle/status.ts';
import { defaultLimits, grantEnd, grantTerms } from '../model/grant.ts';
import { ReeveError } from '../util/errors.ts';
import { grantsTable, type Grants as GrantsInterface } from './generated/interfaces.ts';
import { proposalPath } from './paths.ts';

const states: Record<ReturnType<Grants['state']>, number> = { usable: 0, suspended: 1, over: 2, 'used-up': 3 };

export function exportGrants({
    objects,
    path,
    grants,
    proposals,
    incidents,
    actions,
    callers,
    status,
}: {
    objects: ExportedObjects;
    path: string;
    grants: Grants;
    proposals: Proposals;
    incidents: Incidents;
    actions: Actions;
    callers: Callers;
    status: Status;
}): Disposable {
    const exported = objects.export<GrantsInterface>(path, grantsTable, {
        properties: () => ({
            version: 1,
            Grants: grants.list().map(grant => toDictionary(grant, grants.state(grant))),
        }),
        methods: {
            Propose: async ({ proposal: wanted, options }, { sender }) => {
                if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
                const limits = readLimits(options);
                const proposal = proposals.list().find(one => proposalPath(one) === wanted);
                if (proposal === undefined)
                    throw new ReeveError('NotFound', _('There is no proposal {id}', { id: wanted }));
                const parameters = termsFor(proposal, incidents);
                if (parameters === null)
                    throw new ReeveError(
                        'InvalidState',
                        _('“{title}” has to be approved each time', { title: proposal.plan.title }),
                    );
                const fix = { action: 'grant.allow', parameters: { ...parameters, ...limits }, explanation: '' };
                const plan = await actions.plan(fix);
                if (plan.authentication) throw new ReeveError('Unavailable', needsMechanism());
                const [first] = proposals.ask(plan.title, [plan], await callers.identify(sender)).proposals;
                if (first === undefined) throw new TypeError('a task without a plan');
                return { plan: proposalPath(first) };
            },
            Add: ({ id }) => {
                grants.add(id, proposals.underWay());
            },
            Remove: async ({ id }, { sender }) => {
                grants.remove(id, await callers.identify(sender));
            },
        },
    });
    const changed = () => {
        exported.changed();
    };
    grants.on('changed', changed);
    return {
        [Symbol.dispose]: () => {
            grants.off('changed', changed);
            exported[Symbol.dispose]();
        },
    };
}

function needsMechanism(): string {
    return _('Reeve can keep this only where its part that makes changes as root is installed: npm run install:system');
}

function readLimits(options: Dictionary) {
    const { days, uses, perHour } = grantTerms().shape;
    const schema = z.object({
        days: days.default(defaultLimits.days),
        uses: uses.default(defaultLimits.uses),
        uses_per_hour: perHour.default(defaultLimits.perHour),
    });
    const { uses_per_hour: often, ...read } = readOptions(options, {
        schema,
        signatures: { days: 'u', uses: 'u', uses_per_hour: 'u' },
    });
    return { ...read, perHour: often };
}

function toDictionary(grant: KeptGrant, state: ReturnType<Grants['state']>): Dictionary {
    const { id, plan, terms, made, uses, suspended } = grant;
    return {
        id: variant('s', id),
        title: variant('s', plan.title),
        action: variant('s', terms.action),
        family: variant('s', terms.family),
        kind: variant('s', terms.kind),
        subject: variant('s', terms.subject),
        made: variant('t', made),
        ends: variant('t', grantEnd(grant)),
        uses: variant('u', uses.length),
        uses_allowed: variant('u', terms.uses),
        uses_per_hour: variant('u', terms.perHour),
        last_used: variant('t', uses.at(-1) ?? 0),
        state: variant('u', states[state]),
        reason: variant('s', suspended),
        root: variant('b', terms.parameters.scope === 'system'),
    };
}
