import { login as rules } from '../generated/login.ts';
import { either, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { logInAgain } from '../shared/steps.ts';
import { readFacts } from './facts.ts';
import { isNotLocked } from './recovery.ts';
import { isKeyringOpen } from './steps.ts';

/** For what happened at this computer itself. */
const unlessYou = () => _('If it was not you, change your password, and check who else can use this computer.');

export const login = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(60),
            advice: () => _('Check what changed about users, groups and passwords.'),
        },
        kinds: {
            attempts: {
                recovery: quietFor(60),
                advice: incident =>
                    readFacts(incident?.facts ?? {}).address === undefined
                        ? unlessYou()
                        : _(
                              'If this computer does not need to be reached by SSH, turn SSH off. Otherwise, allow keys instead of passwords.',
                          ),
            },
            'sudo-attempts': { recovery: quietFor(60), advice: unlessYou },
            locked: {
                recovery: either(isNotLocked, quietFor(30)),
                advice: () => _('It is unlocked by itself after a while.'),
                fixes: [
                    {
                        action: 'account.unlock',
                        parameters: ({ facts }) => {
                            const { user } = readFacts(facts);
                            return user === undefined ? null : { user };
                        },
                        explanation: () => _('Choose this if you typed it wrong yourself.'),
                    },
                ],
            },
            expired: {
                recovery: quietFor(60),
                advice: () => _('An administrator can extend the account in the user settings or set a new password.'),
            },
            keyring: {
                recovery: quietFor(60),
                advice: () => _('It still has one of your earlier passwords. Change it in “Passwords and Keys”.'),
                guide: [
                    {
                        text: () =>
                            _(
                                'In “Passwords and Keys”, set the password of the login keyring to your log-in password.',
                            ),
                        seen: isKeyringOpen,
                    },
                    logInAgain,
                ],
            },
            certificate: {
                recovery: quietFor(12 * 60),
                advice: () => _('Check that the clock is right and whether the certificate has expired.'),
            },
        },
    },
});
