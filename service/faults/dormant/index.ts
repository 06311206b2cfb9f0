import { dormant as rules } from '../generated/dormant.ts';
import type { ReportedFault } from '../../detection/changes.ts';
import type { Fix, Remediation } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { everyCheck } from './checks/everyCheck.ts';
import type { DormantKind } from './checks/everyCheck.ts';
import { readFacts } from './facts.ts';
import { isFoundNoMore } from './recovery.ts';
import { sourceName, standingChecks } from './watch.ts';

/** For a file whose permissions are known to be wrong. */
const protect: Fix = {
    action: 'file.permissions',
    parameters: ({ subject: path, facts }) => {
        const { permissions: after, needed: before } = readFacts(facts);
        return after === undefined || before === undefined
            ? null
            : { path, purpose: 'protect', before, after, restart: null };
    },
    explanation: () => _('SSH accepts it again once others have less access to it.'),
};

const remediations = everyCheck.map((check): [DormantKind, Remediation] => [
    check.kind,
    {
        recovery: isFoundNoMore(check),
        advice: check.advice,
        guide: [{ text: check.advice }],
        ...(check.kind === 'keys' && { fixes: [protect] }),
    },
]);
const changes = everyCheck.map(({ kind, severity, scope, cause }): [string, ReportedFault<DormantKind>] => [
    `${sourceName} ${kind}`,
    { kind, severity, scope, cause },
]);

export const dormant = defineFamily({
    ...rules,
    remediation: {
        otherwise: { recovery: isFoundNoMore(everyCheck[0]), advice: everyCheck[0].advice },
        kinds: Object.fromEntries(remediations),
    },
    watch: [standingChecks],
    changes: Object.fromEntries(changes),
});
