import type { RecoveryCheck } from '../../../diagnosis/recovery.ts';
import { unknown } from '../../../diagnosis/recovery.ts';
import { _ } from '../../../i18n/i18n.ts';
import { readStalls, relieved } from '../../../machine/processes/pressure.ts';

/** Whether programs that waited for memory or for disks make progress again. */
export function isRelieved(resource: 'memory' | 'io'): RecoveryCheck {
    return {
        about: `programs waited for less than ${relieved[resource] * 100}% of the last minute`,
        async check({ machine }) {
            const stalls = await readStalls(machine, resource);
            if (stalls === null) return unknown();
            const percent = Math.round(stalls.full.minute * 100);
            return stalls.full.minute < relieved[resource]
                ? { gone: true, detail: _('Programs are making progress again') }
                : { gone: false, detail: _('They were stalled for {percent} % of the last minute', { percent }) };
        },
    };
}
