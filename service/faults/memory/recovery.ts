import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readGroupStalls } from '../../machine/processes/controlGroups.ts';
import { hasEnough, readMemory } from '../../machine/processes/memory.ts';
import { relieved } from '../../machine/processes/pressure.ts';
import { readFacts } from './facts.ts';

export const hasMemory: RecoveryCheck = {
    about: '10% of the memory is available',
    async check({ machine }) {
        const memory = await readMemory(machine);
        if (memory === null) return unknown();
        return hasEnough(memory)
            ? { gone: true, detail: _('There is enough memory again') }
            : { gone: false, detail: _('Memory is still short') };
    },
};

/** Whether what waited for memory because of its own limit makes progress again. */
export const hasLeeway: RecoveryCheck = {
    about: `it has ended, or waited for memory for less than ${relieved.memory * 100}% of the last minute`,
    async check({ incident, machine }) {
        const { group } = readFacts(incident.facts);
        const stalls = group === undefined ? null : await readGroupStalls(machine, group, 'memory');
        if (stalls === null) return { gone: true, detail: _('It has ended') };
        const percent = Math.round(stalls.full.minute * 100);
        return stalls.full.minute < relieved.memory
            ? { gone: true, detail: _('It is working again') }
            : { gone: false, detail: _('It was stalled for {percent} % of the last minute', { percent }) };
    },
};
