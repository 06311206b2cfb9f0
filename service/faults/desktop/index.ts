import { desktop as rules } from '../generated/desktop.ts';
import { noted } from '../../diagnosis/guide.ts';
import { day, either, inTime, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { settingsFlag } from '../../machine/desktop/settingsFlag.ts';
import { extensionUuid } from '../../machine/desktop/shellExtensions.ts';
import { defineFamily } from '../family.ts';
import { logInAgain } from '../shared/steps.ts';
import { readFacts } from './facts.ts';
import { isExtensionWell, isOwn } from './recovery.ts';
import { shellExtensions } from './watch.ts';

const isInstalledSince = noted(
    'a package that was installed or upgraded',
    ['package'],
    ({ event }) => event === 'installed' || event === 'upgraded' || event === 'changed',
);

export const desktop = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: either(untilRestart, quietFor(2 * 60)),
            advice: () => _('Log out and in again. If it happens again, turn extensions off.'),
            guide: [logInAgain],
        },
        kinds: {
            extension: {
                recovery: isExtensionWell,
                advice: () => _('Look for an update of the extension that fits this version of GNOME.'),
                fixes: [
                    {
                        action: 'extension.disable',
                        // Some lines of the Shell use another name for an extension.
                        parameters: ({ subject }) => (extensionUuid.test(subject) ? { uuid: subject } : null),
                        explanation: () =>
                            _('It does not work in its current state, and can slow down or break the desktop.'),
                    },
                ],
            },
            schema: {
                recovery: either(untilRestart, quietFor(2 * 60)),
                advice: () => _('Let the upgrade finish, or reinstall the program. Then log in again.'),
                guide: [
                    {
                        text: () => _('Let a running upgrade finish, or install the program again.'),
                        seen: isInstalledSince,
                    },
                    logInAgain,
                ],
            },
            'settings-lost': {
                recovery: quietFor(day),
                advice: () =>
                    _(
                        'If you have a backup, restore .config/dconf/user while you are not logged in. Otherwise, choose your settings again.',
                    ),
            },
            'settings-denied': {
                recovery: either(inTime(isOwn), quietFor(60)),
                advice: () => _('Make the file yours again, or remove it and log in again.'),
                fixes: [
                    {
                        action: 'settings.unblock',
                        parameters: ({ facts }) => {
                            const { path } = readFacts(facts);
                            return path === undefined || !settingsFlag.test(path) ? null : { path };
                        },
                        explanation: () => _('It is empty and is created again automatically.'),
                    },
                ],
            },
        },
    },
    watch: [shellExtensions],
    changes: {
        'shell-extensions extension-error': {
            scope: 'user',
            kind: 'extension',
            severity: 'medium',
            cause: () => _('The extension has an error or does not fit this version of GNOME.'),
        },
    },
});
