import { _ } from '../../i18n/i18n.ts';
import { both, either, quietFor, untilRestart, whereUnknown } from '../conditions/quiet.ts';
import { accountName } from '../../machine/desktop/faillock.ts';
import { zoneName } from '../../machine/time/timeZone.ts';
import {
    arePackagesWhole,
    isClockSynchronised,
    isHardwareClockReadOtherwise,
    isNotLocked,
    isUnderstood,
    isZoneSet,
    needsNoRestart,
    usesNoOldLibraries,
} from '../conditions/system.ts';
import type { FamilyCare } from './care.ts';

const day = 24 * 60;

export const systemCare: readonly FamilyCare[] = [
    {
        family: 'packages',
        others: {
            // What other package managers than dpkg have left to do, nothing tells; updates are tried each day.
            isOver: whereUnknown(arePackagesWhole, quietFor(36 * 60)),
            advice: () => _('Update the list of packages, then try the installation again.'),
            fixes: [
                {
                    action: 'packages.complete',
                    parameters: () => ({}),
                    explanation: () => _('What a package needs is not there, so it cannot be set up.'),
                },
                {
                    action: 'packages.configure',
                    parameters: () => ({}),
                    explanation: () => _('Until that is done, nothing else can be installed.'),
                },
            ],
        },
        kinds: {
            locked: {
                isOver: quietFor(10),
                advice: () => _('Wait until the other program has finished.'),
            },
            repository: {
                isOver: quietFor(12 * 60),
                advice: () =>
                    _(
                        'See whether the internet can be reached and the clock is right; a source that is gone can be removed from the list.',
                    ),
            },
            firmware: { isOver: quietFor(day), advice: () => _('Plug the computer in, and try again later.') },
        },
    },
    {
        family: 'reboot',
        others: {
            isOver: either(untilRestart, both(needsNoRestart, quietFor(10))),
            advice: () => _('Start the computer again when it suits you.'),
        },
        kinds: {
            'old-libraries': {
                isOver: usesNoOldLibraries,
                advice: () => _('Close these programs and start them again, or log out and in.'),
            },
        },
    },
    {
        family: 'time',
        others: {
            // What keeps the clock tells but once that it cannot.
            isOver: whereUnknown(isClockSynchronised, quietFor(2 * day)),
            advice: () => _('See whether the internet can be reached, and set the time zone in the settings.'),
            fixes: [
                {
                    action: 'clock.synchronise',
                    parameters: () => ({}),
                    explanation: () => _('A wrong clock makes certificates invalid and logs hard to read.'),
                },
            ],
        },
        kinds: {
            'zone-missing': {
                isOver: isZoneSet,
                advice: () => _('Choose your time zone in the settings, under date and time.'),
                fixes: [
                    {
                        action: 'clock.zone',
                        parameters: ({ facts: { successor } }) =>
                            zoneName.test(successor ?? '') ? { zone: successor } : null,
                        explanation: () => _('It is the same time zone by its present name.'),
                    },
                ],
            },
            zone: {
                isOver: either(untilRestart, isHardwareClockReadOtherwise),
                advice: () =>
                    _(
                        'Have both systems keep the same time in the hardware clock: UTC in the other one too, which is better, or local time in this one.',
                    ),
                // Of the two only the one that is not so already can be done.
                fixes: [true, false].map(local => ({
                    action: 'clock.hardware',
                    parameters: () => ({ local }),
                    explanation: () => _('Then both systems on this computer read the hardware clock alike.'),
                })),
            },
        },
    },
    {
        family: 'login',
        others: { isOver: quietFor(60), advice: () => _('Look at what changed about users, groups and passwords.') },
        kinds: {
            attempts: {
                isOver: quietFor(60),
                advice: () =>
                    _(
                        'If this computer need not be reached by ssh, turn that off; else allow keys instead of passwords.',
                    ),
            },
            'sudo-attempts': {
                isOver: quietFor(60),
                advice: () => _('If it was not you, change your password, and see who else can use this computer.'),
            },
            locked: {
                isOver: either(isNotLocked, quietFor(30)),
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
                isOver: quietFor(60),
                advice: () =>
                    _('An administrator can extend the account in the settings of users, or set a new password.'),
            },
            keyring: {
                isOver: quietFor(60),
                advice: () => _('Its password is an older one of yours; change it in “Passwords and Keys”.'),
            },
            certificate: {
                isOver: quietFor(12 * 60),
                advice: () => _('See whether the clock is right, and whether the certificate has expired.'),
            },
        },
    },
    {
        family: 'access',
        others: {
            isOver: quietFor(6 * 60),
            advice: () => _('If the program works as it should, this was meant to happen.'),
        },
    },
    {
        family: 'configuration',
        others: {
            isOver: quietFor(6 * 60),
            advice: () => _('Correct the line that is named, or put the file back as it was.'),
        },
        kinds: {
            invalid: {
                isOver: isUnderstood,
                advice: () => _('Correct the line that is named, or put the file back as it was.'),
            },
            port: {
                isOver: quietFor(60),
                advice: () => _('Another program has the port already: stop one of the two, or give it another port.'),
            },
            address: {
                isOver: quietFor(60),
                advice: () =>
                    _('Compare the address in the settings of the program with those that the computer has now.'),
            },
        },
    },
];
