import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { homedir } from 'node:os';
import type { DormantCheck } from './check.ts';

/** The same check again finds nothing about the subject. */
export function isFoundNoMore(of: DormantCheck): RecoveryCheck {
    return {
        about: 'the same check no longer finds it',
        async check({ incident: { subject }, machine, signal }) {
            const place = { machine, home: homedir(), uid: process.getuid?.() ?? 0, signal };
            return (await of.find(place)).some(fault => fault.subject === subject)
                ? { gone: false, detail: _('Checked again: {subject} is still as it was', { subject }) }
                : { gone: true, detail: _('Checked again: nothing is wrong with {subject} now', { subject }) };
        },
    };
}
