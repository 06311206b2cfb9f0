/** org.reevedesktop.Reeve1.Grants on the bus. */
import * as z from 'zod';

import type { Actions } from '../actions/actions.ts';
import type { Callers } from '../approval/callers.ts';
import type { Grants, KeptGrant } from '../approval/grants.ts';
import type { Proposals } from '../approval/proposals.ts';
import { termsFor } from '../approval/grantedFixes.ts';
import type { Connection } from '../dbus/connection.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { readOptions } from '../dbus/options.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import type { Mechanism } from '../execution/mechanism.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Status } from '../lifecycle/status.ts';
import type { Plan } from '../model/proposal.ts';
import { defaultLimits, grantEnd, grantTerms } from '../model/grant.ts';
import { ReeveError } from '../util/errors.ts';
import { grantsTable, type Grants as GrantsInterface } from './generated/interfaces.ts';
import { proposalPath } from './paths.ts';

const states: Record<ReturnType<Grants['state']>, number> = { usable: 0, suspended: 1, over: 2, 'used-up': 3 };

export function exportGrants({
    objects,
    path,
    session,
    mechanism,
    grants,
    proposals,
    incidents,
    actions,
    callers,
    status,
}: {
    objects: ExportedObjects;
    path: string;
    session: Connection;
    /** null where there is none to ask. */
    mechanism: Mechanism | null;
    grants: Grants;
    proposals: Proposals;
    incidents: Incidents;
    actions: Actions;
    callers: Callers;
    status: Status;
}): Disposable {
    /** Who leaves the bus withdraws the password dialog. */
    const allowByRoot = async (plan: Plan, sender: string) => {
        const left = new AbortController();
        await using watches = new AsyncDisposableStack();
        watches.use(
            await session.watchName(sender, owner => {
                if (owner === null) left.abort();
            }),
        );
        if (mechanism === null) throw new ReeveError('Unavailable', needsMechanism());
        await mechanism.allow(plan, left.signal);
    };
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
                if (plan.authentication && (await mechanism?.isThere()) !== true)
                    throw new ReeveError('Unavailable', needsMechanism());
                const [first] = proposals.ask(plan.title, [plan], await callers.identify(sender)).proposals;
                if (first === undefined) throw new TypeError('a task without a plan');
                return { plan: proposalPath(first) };
            },
            Add: async ({ id }, { sender }) => {
                const approved = grants.approved(id, proposals.underWay());
                if (approved.plan.authentication) await allowByRoot(approved.plan, sender);
                grants.add(approved);
            },
            Remove: async ({ id }, { sender }) => {
                if (grants.get(id)?.plan.authentication === true) await mechanism?.disallow(id);
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
