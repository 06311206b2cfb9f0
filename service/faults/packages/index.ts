import { packages as rules } from '../generated/packages.ts';
import { day, quietFor, whereUnknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { readFacts } from './facts.ts';
import { arePackagesWhole } from './recovery.ts';
import { hasPower, isTriedAgain, isUnlocked } from './steps.ts';
import { firmware } from './watch/firmware.ts';
import { installations } from './watch/installations.ts';
import { packageKit } from './watch/packageKit.ts';

export const packages = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            // Package managers other than dpkg do not report unfinished work; updates are tried each day.
            recovery: whereUnknown(arePackagesWhole, quietFor(36 * 60)),
            advice: () => _('Update the package list, then try the installation again.'),
            fixes: [
                {
                    action: 'packages.complete',
                    parameters: () => ({}),
                    explanation: () => _('Dependencies of a package are missing, so it cannot be set up.'),
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
                recovery: quietFor(10),
                advice: () => _('Wait until the other program has finished.'),
                guide: [
                    { text: () => _('Let the other program finish its installation, or close it.'), seen: isUnlocked },
                ],
            },
            repository: {
                recovery: quietFor(12 * 60),
                advice: () =>
                    _(
                        'Check that the internet can be reached and the clock is right. A source that no longer exists can be removed from the list.',
                    ),
            },
            firmware: {
                recovery: quietFor(day),
                advice: () => _('Connect the computer to power, and try again later.'),
                guide: [
                    { text: () => _('Connect the computer to power.'), seen: hasPower, panel: 'power' },
                    { text: () => _('Install the firmware again in Software.'), seen: isTriedAgain },
                ],
            },
        },
    },
    watch: [firmware, installations, packageKit],
    changes: {
        'installations interrupted': {
            kind: 'interrupted',
            severity: 'high',
            cause: () => _('The package manager was interrupted and must finish its work first.'),
            // The log may have named the package at which it stopped.
            rootCause: ({ facts }) => readFacts(facts).packages?.[0] ?? null,
        },
        'installations half-configured': {
            kind: 'broken',
            severity: 'high',
            cause: () => _('Its scripts failed, or its dependencies cannot be installed.'),
        },
        'firmware firmware-failed': {
            kind: 'firmware',
            severity: 'medium',
            cause: () =>
                _('The device still runs its old firmware: it rejected the new one, or the update was interrupted.'),
            // The log may have reported it without the device's name.
            rootCause: () => 'firmware update',
        },
    },
});
