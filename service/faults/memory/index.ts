import { memory as rules } from '../generated/memory.ts';
import { both, quietFor } from '../../diagnosis/recovery.ts';
import type { Guide } from '../../diagnosis/guide.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { isRelieved } from '../shared/pressure/recovery.ts';
import { restartService } from '../shared/units.ts';
import { readFacts } from './facts.ts';
import { hasLeeway, hasMemory } from './recovery.ts';
import { pressure } from '../shared/pressure/pressure.ts';

const freeMemory: Guide = [
    {
        text: () =>
            _(
                'Close what you do not need until a tenth of the memory is free. Ask “what uses the memory” to see what takes the most.',
            ),
        seen: hasMemory,
    },
];

export const memory = defineFamily({
    ...rules,
    remediation: {
        otherwise: {
            recovery: both(hasMemory, quietFor(10)),
            advice: () =>
                _('Close what you do not need. Ask “what uses the memory” to see which programs take the most.'),
            guide: freeMemory,
        },
        kinds: {
            'killed-in-group': {
                recovery: quietFor(60),
                advice: () =>
                    _('It used more memory than its limit allows. The limit is set in its unit or container.'),
            },
            'limit-reached': {
                recovery: hasLeeway,
                advice: () =>
                    _('It used more memory than its limit allows. The limit is set in its unit or container.'),
                fixes: [restartService],
            },
            pressure: {
                recovery: isRelieved('memory'),
                guide: freeMemory,
                advice: () =>
                    _('Close what you do not need. Ask “what uses the memory” to see which programs take the most.'),
            },
        },
    },
    watch: [pressure],
    changes: {
        'pressure memory-short': {
            kind: 'pressure',
            severity: 'medium',
            cause: facts => {
                const { name, megabytes } = readFacts(facts);
                return name === undefined
                    ? _('Programs need more memory than there is.')
                    : _('Programs need more memory than there is. {name} uses the most, {megabytes} MB.', {
                          name,
                          megabytes: megabytes ?? '',
                      });
            },
        },
        'pressure memory-limited': {
            kind: 'limit-reached',
            severity: 'medium',
            cause: facts => {
                const { limit } = readFacts(facts);
                return limit === undefined
                    ? _('It needs more memory than its limit allows, so the kernel makes it wait.')
                    : _('It needs more than its memory limit of {limit} MB, so the kernel makes it wait.', { limit });
            },
        },
    },
});
