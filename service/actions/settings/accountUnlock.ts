import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { accountName, readTally } from '../../machine/desktop/faillock.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';

const account = z.strictObject({ user: z.string().regex(accountName) });

/** Clears the failed attempts that locked an account; faillock(8). Other locks and an expired account stay. */
export const accountUnlock = defineAction({
    name: 'account.unlock',
    parameters: account,
    wishes: [
        {
            phrases: {
                en: [
                    'unlock (account|user|login) [of] {user}',
                    'unlock {user} (account|login)',
                    'let {user} log in again',
                ],
                de: ['(konto|benutzer) [von] {user} entsperren', 'entsperre (konto|benutzer) [von] {user}'],
                ar: ['(افتح|الغ قفل) حساب {user}'],
            },
            parameters: ({ user = '' }) => (accountName.test(user) ? [{ user }] : []),
        },
    ],
    async plan({ user }, { machine }) {
        const tally = machine === null ? null : await readTally(machine, user);
        if (tally === null)
            throw new ReeveError(
                'InvalidState',
                _('It is not known whether failed attempts have locked {user}', { user }),
            );
        if (!tally.isLocked)
            throw new ReeveError('InvalidState', _('{user} is not locked by failed attempts', { user }));
        return {
            title: _('Let {user} log in again', { user }),
            steps: [
                {
                    description: _('Reset the failed attempts of {user}', { user }),
                    ...programStep('system', ['faillock', '--user', user, '--reset']),
                },
            ],
            risk: 'medium',
            riskText: _('If you did not enter the wrong passwords yourself, someone may continue guessing.'),
            undo: null,
            authentication: true,
            preconditions: { [`${user} failed attempts`]: `${tally.failures}, the last at ${tally.latest}` },
        };
    },
});
