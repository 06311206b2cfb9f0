import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { accountName, readTally } from '../../machine/desktop/faillock.ts';

/** For the named account; pam_faillock(8). */
export const isNotLocked: RecoveryCheck = {
    about: 'the failed attempts that are counted do not lock the account',
    async check({ incident, machine, now }) {
        const { user = '' } = incident.facts;
        const tally = accountName.test(user) ? await readTally(machine, user, now / 1_000_000) : null;
        if (tally === null) return unknown();
        return tally.isLocked
            ? { gone: false, detail: _('{user} is still locked', { user }) }
            : { gone: true, detail: _('{user} can try again', { user }) };
    },
};
