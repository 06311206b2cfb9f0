import { login as rules } from '../../detection/rules/login.ts';
import { either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { accountName } from '../../machine/desktop/faillock.ts';
import type { Family } from '../family.ts';
import { isNotLocked } from './recovery.ts';

export const login: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Look at what changed about users, groups and passwords.'),
        },
        kinds: {
            attempts: {
                recovery: quietFor(60),
                advice: () =>
                    _(
                        'If this computer need not be reached by ssh, turn that off; else allow keys instead of passwords.',
                    ),
            },
            'sudo-attempts': {
                recovery: quietFor(60),
                advice: () => _('If it was not you, change your password, and see who else can use this computer.'),
            },
            locked: {
                recovery: either(isNotLocked, quietFor(30)),
                advice: () => _('It opens by itself after a while.'),
                fixes: [
                    {
                        action: 'account.unlock',
                        parameters: ({ facts }) => (accountName.test(facts.user ?? '') ? { user: facts.user } : null),
                        explanation: () => _('If it was you who typed it wrong.'),
                    },
                ],
            },
            expired: {
                recovery: quietFor(60),
                advice: () =>
                    _('An administrator can extend the account in the settings of users, or set a new password.'),
            },
            keyring: {
                recovery: quietFor(60),
                advice: () => _('Its password is an older one of yours; change it in “Passwords and Keys”.'),
            },
            certificate: {
                recovery: quietFor(12 * 60),
                advice: () => _('See whether the clock is right, and whether the certificate has expired.'),
            },
        },
    },
};
