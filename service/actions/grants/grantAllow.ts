import { _, ngettext } from '../../i18n/i18n.ts';
import { defaultLimits, grantId, grantTerms, type GrantTerms } from '../../model/grant.ts';
import type { BusCall } from '../../model/proposal.ts';
import { ReeveError } from '../../util/errors.ts';
import { busName, rootPath } from '../../util/names.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { unitParameters } from '../units/unitPlan.ts';
import { unitResetAndRestart } from '../units/unitResetAndRestart.ts';
import { unitRestart } from '../units/unitRestart.ts';

/** The actions that a person can allow for many times; the metadata of each says that it can be. */
const grantable = [unitRestart, unitResetAndRestart] as const;

/** What takes and ends a grant: the service itself, which asks the mechanism for what root does. */
const service = {
    bus: 'session',
    destination: busName,
    path: rootPath,
    interface: `${busName}.Grants`,
    signature: 's',
} as const;

/** Lets Reeve answer a kind of incident without asking: the plan whose approval makes a standing grant. */
export const grantAllow = defineAction({
    name: 'grant.allow',
    parameters: grantTerms(),
    touches: terms => [`grant ${grantId(terms)}`],
    plan(terms) {
        const id = grantId(terms);
        const call = (member: 'Add' | 'Remove'): BusCall => ({ ...service, member, arguments: [id] });
        const { kind, subject } = terms;
        const { title, isForRoot } = describe(terms);
        return {
            title,
            explanation: _('It answers only the same kind of fault of {subject}: “{kind}”.', { subject, kind }),
            steps: [{ description: limitsText(terms), command: addCommand(terms), call: call('Add') }],
            risk: 'medium',
            riskText: _(
                'Reeve will do this without asking. It tells you each time, and stops when it does not help or is needed too often. You can end this in the preferences at any time.',
            ),
            undo: {
                text: _('Takes the permission back'),
                steps: [
                    {
                        description: _('Take the permission back'),
                        command: `reeve grants remove ${id}`,
                        call: call('Remove'),
                    },
                ],
            },
            authentication: isForRoot,
            preconditions: {},
        };
    },
});

/** @throws ReeveError InvalidArgument for what cannot be allowed */
function describe({ action: name, parameters }: GrantTerms): { title: string; isForRoot: boolean } {
    const action = grantable.find(one => one.name === name);
    if (action?.grantable === undefined)
        throw new ReeveError(
            'InvalidArgument',
            _('“{name}” has to be approved each time', { name: safeText(name, 64) }),
        );
    const parsed = unitParameters.safeParse(parameters);
    if (!parsed.success)
        throw new ReeveError('InvalidArgument', `parameters: ${parsed.error.issues[0]?.message ?? ''}`);
    return { title: action.grantable(parsed.data), isForRoot: parsed.data.scope === 'system' };
}

function limitsText({ days, uses, perHour }: GrantTerms): string {
    return _('Allow this for {days}: at most {times}, and at most {often} in an hour', {
        days: ngettext('{count} day', '{count} days', days),
        times: ngettext('{count} time', '{count} times', uses),
        often: ngettext('{count} time', '{count} times', perHour),
    });
}

/** What a person could type: the limits that are not the usual ones are named. */
function addCommand({ incident, ...terms }: GrantTerms): string {
    const options = { days: 'days', uses: 'times', perHour: 'per-hour' } as const;
    const given = Object.entries(options).flatMap(([name, option]) => {
        const limit = name as keyof typeof options;
        return terms[limit] === defaultLimits[limit] ? [] : [`--${option}=${terms[limit]}`];
    });
    return ['reeve grants add', String(incident), ...given].join(' ');
}
