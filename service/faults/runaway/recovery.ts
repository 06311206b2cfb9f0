import { setTimeout as delay } from 'node:timers/promises';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import { readText } from '../../machine/machine.ts';
import { readProcessorTime } from '../../machine/processes/controlGroups.ts';
import { isBeyondEnding } from '../../machine/processes/kernelWaits.ts';
import { millisecondsPerTick, parseStatus, parseSwitches, readProcess } from '../../machine/processes/processes.ts';
import type { Process } from '../../machine/processes/processes.ts';
import { readFacts } from './facts.ts';

type Known = ReturnType<typeof readFacts>;

/** How long the measurement takes, in milliseconds; a check has to end while somebody waits for it. */
const measured = 2000;

/** A share of the time, on one processor or waiting for one. */
const calmShare = 0.5;

/** Whether the process that kept a processor busy still does. */
export const isCalm: RecoveryCheck = {
    about: 'over two seconds, it uses or waits for a processor less than half of the time',
    async check({ incident, machine, signal }) {
        const facts = readFacts(incident.facts);
        const ended = { gone: true, detail: _('It has ended') };
        const before = await computed(machine, facts);
        const began = performance.now();
        if (before === null) return ended;
        await delay(measured, undefined, { signal });
        const after = await computed(machine, facts);
        if (after === null) return ended;
        const share = Math.max(0, (after - before) / (performance.now() - began));
        const percent = Math.min(100, Math.round(share * 100));
        return share < calmShare
            ? { gone: true, detail: _('It now uses a processor {percent} % of the time', { percent }) }
            : { gone: false, detail: _('It still uses a processor {percent} % of the time', { percent }) };
    },
};

/**
 * For how many milliseconds a unit, or a thread of the kernel, has computed or waited for a processor; null when it has ended.
 */
async function computed(machine: Machine, facts: Known): Promise<number | null> {
    if (facts.group === undefined) {
        const process = await findProcess(machine, facts);
        return process === null ? null : process.ticks * millisecondsPerTick;
    }
    const time = await readProcessorTime(machine, facts.group);
    return time === null ? null : (time.used + time.waited) / 1000;
}

/** The share of its memory that remains when it has given back a relevant part. */
const smaller = 0.75;

/** Whether a growing process has ended, or has given memory back. */
export const hasShrunk: RecoveryCheck = {
    about: 'its process has ended, or uses a quarter less memory',
    async check({ incident, machine }) {
        const facts = readFacts(incident.facts);
        const { pid, size = NaN } = facts;
        const ended = { gone: true, detail: _('It has ended') };
        if (pid === undefined || (await findProcess(machine, facts)) === null) return ended;
        const memory = parseStatus((await readText(machine, `/proc/${pid}/status`, 4096)) ?? '');
        if (memory === null) return ended;
        const held = memory.resident + memory.swapped;
        const megabytes = Math.round(held / 1_000_000);
        return held < size * smaller
            ? { gone: true, detail: _('It now uses {megabytes} MB', { megabytes }) }
            : { gone: false, detail: _('It still uses {megabytes} MB', { megabytes }) };
    },
};

/** Adds to the result of a check, after an attempt to end the process, that it cannot be ended now, if that is so. */
export function unlessBeyondEnding(condition: RecoveryCheck): RecoveryCheck {
    return {
        about: condition.about,
        async check(place) {
            const { incident, machine, afterFix, signal } = place;
            const result = await condition.check(place);
            const { pid } = readFacts(incident.facts);
            if (result.gone || !afterFix || pid === undefined) return result;
            if (!(await isBeyondEnding(machine, pid, signal))) return result;
            const why = _('Nothing can end it while it waits in the kernel');
            return { ...result, detail: `${result.detail}. ${why}` };
        },
    };
}

const quiet = quietFor(20);

/** Whether a process that hung goes on; the criterion is that of the kernel (check_hung_task() in kernel/hung_task.c). */
export const makesProgress: RecoveryCheck = {
    about: `its process has ended or responds again; if the process is unknown, ${quiet.about}`,
    async check(place) {
        const { incident, machine } = place;
        const facts = readFacts(incident.facts);
        const { pid, started, switches } = facts;
        if (pid === undefined) return quiet.check(place);
        const process = await findProcess(machine, facts);
        // The kernel's log has a shorter name for its own threads than /proc (proc_task_name() in fs/proc/array.c).
        const isSame = process !== null && (started !== undefined || process.name.startsWith(incident.subject));
        if (!isSame) return { gone: true, detail: _('It has ended') };
        const now = parseSwitches((await readText(machine, `/proc/${pid}/status`, 4096)) ?? '');
        const isStill = process.state === 'D' && (switches === undefined || now === switches);
        return isStill
            ? { gone: false, detail: _('It is still waiting') }
            : { gone: true, detail: _('It is working again') };
    },
};

/** The process in the facts of an incident; null once its number is free or another's. */
async function findProcess(machine: Machine, { pid = 0, started }: Known): Promise<Process | null> {
    const process = await readProcess(machine, pid);
    return process === null || (started !== undefined && process.started !== started) ? null : process;
}
