import { crash as rules } from '../generated/crash.ts';
import { day, quietFor, untilRestart } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { namePackage } from './package.ts';

export const crash = defineFamily({
    ...rules,
    crash: 'program',
    enrich: (of, findings, { run }) => namePackage(of, findings, run),
    remediation: {
        otherwise: {
            recovery: quietFor(day),
            advice: () => _('If it happens again, look for an update of the program, and report it to its developers.'),
        },
        kinds: {
            panic: {
                recovery: untilRestart,
                advice: () => _('If it happens again, start with the earlier kernel and test the memory.'),
            },
            kernel: {
                recovery: untilRestart,
                advice: () =>
                    _('Save your work and restart the computer: after such an error, the kernel cannot be relied on.'),
                guide: [{ text: () => _('Save your work and restart the computer.') }],
            },
        },
    },
});
