import { setTimeout } from 'node:timers/promises';

import { compareSamples, measureProcessor, parseProcessorTime } from '../../../service/machine/processes/processor.ts';
import { readText } from '../../../service/machine/machine.ts';
import { ownerOf } from '../../../service/machine/owner.ts';
import { readProcesses } from '../../../service/machine/processes/processes.ts';
import type { Process } from '../../../service/machine/processes/processes.ts';
import { desktopRoot, recordedMachine } from '../../support/recordedMachine.ts';

const machine = recordedMachine();
const never = new AbortController().signal;

async function sample(number: 1 | 2) {
    const recorded = { ...machine, root: desktopRoot(number) };
    const time = parseProcessorTime((await readText(recorded, '/proc/stat')) ?? '');
    if (time === null) throw new Error('not recorded');
    return { time, processes: await readProcesses(recorded, never) };
}

const named = (process: Process) => Promise.resolve(ownerOf('', process.name));

describe('The use of the processors', () => {
    it('is told from two samples, for each program in parts of one processor', async () => {
        const use = await compareSamples(await sample(1), await sample(2), named);
        expect(use.processors).toBe(2);
        expect(use.busy).toBeGreaterThan(0.5);
        expect(use.busy).toBeLessThanOrEqual(1);
        expect(use.users[0]?.owner.name).toBe('yes');
        // It had 112 of the 287 clock ticks that the two processors had together.
        expect(use.users[0]?.share).toBeCloseTo((112 / 287) * 2);
    });

    it('leaves out what did nothing, and does not take one process for another with the same number', async () => {
        const before = await sample(1);
        const after = await sample(2);
        const again = after.processes.map(process => ({ ...process, started: process.started + 1, ticks: 0 }));
        const use = await compareSamples(before, { ...after, processes: again }, named);
        expect(use.users).toEqual([]);
    });

    it('counts what a process that started in between has used', async () => {
        const before = await sample(1);
        const after = await sample(2);
        const started = { pid: 4242, name: 'new', started: 500_000, ticks: 50, state: 'R', threads: 1, reserved: 0 };
        const use = await compareSamples(before, { ...after, processes: [started] }, named);
        expect(use.users.map(({ owner }) => owner.name)).toEqual(['new']);
    });

    it('is not known without /proc/stat', async () => {
        expect(await measureProcessor({ ...machine, root: '/nonexistent' }, never)).toBeNull();
        expect(parseProcessorTime('intr 5\n')).toBeNull();
    });

    it('stops being measured as soon as it is told to, between the samples too', async () => {
        const controller = new AbortController();
        const measured = measureProcessor(machine, controller.signal, 600_000);
        await setTimeout(1);
        controller.abort(new Error('enough'));
        await expectAsync(measured).toBeRejected();
    });
});
