import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../../i18n/i18n.ts';
import { readProcessorTime } from '../../tools/controlGroups.ts';
import type { Condition } from '../care/care.ts';

/** How long it is measured, in milliseconds; a check has to end while somebody waits for it. */
const measured = 2000;
/** Of the time, on one processor or waiting for one. */
const calmShare = 0.5;

/** Whether what kept a processor busy still does. */
export const isCalm: Condition = {
    about: 'it computes, or waits for a processor, for less than half of the time, over two seconds',
    async check({ incident: { facts }, machine, signal }) {
        const ended = { gone: true, detail: _('It has ended') };
        const { group } = facts;
        const before = group === undefined ? null : await readProcessorTime(machine, group);
        const began = performance.now();
        if (group === undefined || before === null) return ended;
        await delay(measured, undefined, { signal });
        const after = await readProcessorTime(machine, group);
        if (after === null) return ended;
        const busy = after.used - before.used + after.waited - before.waited;
        const share = Math.max(0, busy / 1000 / (performance.now() - began));
        const percent = Math.min(100, Math.round(share * 100));
        return share < calmShare
            ? { gone: true, detail: _('It computes for {percent} % of the time now', { percent }) }
            : { gone: false, detail: _('It still computes for {percent} % of the time', { percent }) };
    },
};
