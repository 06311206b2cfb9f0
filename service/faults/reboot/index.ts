import { reboot as rules } from '../generated/reboot.ts';
import { both, day, either, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { needsNoRestart, usesNoOldLibraries } from './recovery.ts';
import { libraries } from './watch/libraries.ts';
import { UncleanStop } from './uncleanStop.ts';
import { restart } from './watch/restart.ts';

export const reboot = defineFamily({
    ...rules,
    stateful: sessions => new UncleanStop(sessions),
    remediation: {
        otherwise: {
            recovery: either(untilRestart, both(needsNoRestart, quietFor(10))),
            advice: () => _('Restart the computer when it suits you.'),
            guide: [{ text: () => _('Save your work and restart the computer.') }],
        },
        kinds: {
            unclean: {
                recovery: quietFor(day),
                advice: () =>
                    _(
                        'If nobody switched it off and the power did not fail, look in the timeline for what came last before.',
                    ),
            },
            'old-libraries': {
                recovery: usesNoOldLibraries,
                advice: () => _('Restart these programs, or log out and in again.'),
                guide: [{ text: () => _('Restart these programs, or log out and in again.') }],
            },
        },
    },
    watch: [libraries, restart],
    changes: {
        'restart restart-needed': {
            kind: 'needed',
            severity: 'low',
            cause: () => _('An installed update takes effect only after a restart.'),
        },
        'libraries libraries-outdated': {
            kind: 'old-libraries',
            severity: 'low',
            cause: () => _('Programs that were started before the upgrade still have the bug that it fixes.'),
        },
    },
});
