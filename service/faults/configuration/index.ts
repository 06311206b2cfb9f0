import { configuration as rules } from '../../detection/rules/configuration.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Family } from '../family.ts';
import { isUnderstood } from './recovery.ts';
import { mistakes } from './watch.ts';

export const configuration: Family = {
    ...rules,
    remediation: {
        otherwise: {
            recovery: quietFor(6 * 60),
            advice: () => _('Correct the line that is named, or put the file back as it was.'),
        },
        kinds: {
            invalid: {
                recovery: isUnderstood,
                advice: () => _('Correct the line that is named, or put the file back as it was.'),
            },
            port: {
                recovery: quietFor(60),
                advice: () => _('Another program has the port already: stop one of the two, or give it another port.'),
            },
            address: {
                recovery: quietFor(60),
                advice: () =>
                    _('Compare the address in the settings of the program with those that the computer has now.'),
            },
        },
    },
    watch: [mistakes],
    changes: {
        'mistakes invalid': {
            kind: 'invalid',
            severity: 'medium',
            cause: facts =>
                facts.missing !== undefined
                    ? _('There is no {missing}: the next start waits for it, and may stop in emergency mode.', facts)
                    : facts.line === undefined
                      ? _('What reads the file does not understand it, and may not start the next time.')
                      : _('Line {line} is not understood, and what reads the file may not start the next time.', facts),
        },
    },
};
