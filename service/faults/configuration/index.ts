import { configuration as rules } from '../generated/configuration.ts';
import { both, either, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { readFacts } from './facts.ts';
import { isCorrected, isUnderstood } from './recovery.ts';
import { mistakes } from './watch.ts';

const correctIt = () => _('Correct the invalid line, or restore the previous version of the file.');

export const configuration = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            // A start of the computer reads all settings again.
            recovery: either(either(isCorrected, both(untilRestart, quietFor(10))), quietFor(6 * 60)),
            advice: correctIt,
            guide: [{ text: correctIt, seen: isCorrected }],
        },
        kinds: {
            mail: {
                recovery: quietFor(60),
                advice: () => _('Correct what the evidence names, then have the mail server send again.'),
            },
            invalid: {
                recovery: isUnderstood,
                advice: correctIt,
                guide: [{ text: correctIt }],
            },
        },
    },
    watch: [mistakes],
    changes: {
        'mistakes invalid': {
            kind: 'invalid',
            severity: 'medium',
            cause: facts => {
                const { missing, line } = readFacts(facts);
                if (missing !== undefined)
                    return _(
                        '{missing} does not exist: the next startup waits for it and may stop in emergency mode.',
                        { missing },
                    );
                if (line !== undefined)
                    return _('Line {line} is invalid, and the program that reads the file may not start next time.', {
                        line,
                    });
                return _('The program that reads the file does not understand it and may not start next time.');
            },
        },
    },
});
