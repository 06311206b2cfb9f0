import { parseMemory, readMemory } from '../../../service/machine/processes/memory.ts';
import { readMemoryUsers } from '../../../service/machine/processes/memoryUsers.ts';
import { parsePressure, readPressure } from '../../../service/machine/processes/pressure.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';

const machine = recordedMachine();
const never = new AbortController().signal;

describe('Memory', () => {
    it('is read in bytes, with the figures it rests on', async () => {
        const memory = await readMemory(machine);
        expect(memory?.total).toBe(24684092 * 1024);
        expect(memory?.available).toBeLessThan(memory?.total ?? 0);
        expect(memory?.evidence.origin).toBe('/proc/meminfo');
        expect(memory?.evidence.message).toContain('MemTotal: 24684092 kB');
    });

    it('is not known where the kernel says nothing of it', async () => {
        expect(await readMemory({ ...machine, root: '/nonexistent' })).toBeNull();
        expect(parseMemory('MemTotal: lots\n')).toBeNull();
    });

    it('is counted for each program, by what its processes keep for themselves', async () => {
        const { users, evidence } = await readMemoryUsers(machine, never);
        const [largest, second] = users;
        expect(largest).toEqual(
            jasmine.objectContaining({ owner: { kind: 'process', name: 'gnome-shell' }, processes: 1 }),
        );
        expect(second?.owner).toEqual({ kind: 'process', name: 'gnome-text-edit' });
        expect(users.map(({ owner }) => owner)).toContain({ kind: 'unit', name: 'NetworkManager.service' });
        expect(evidence.message).toContain('14 processes read');
    });
});

describe('Pressure', () => {
    it('is the share of the last minute in which something waited', async () => {
        expect((await readPressure(machine, 'cpu'))?.waiting).toBeCloseTo(0.2627);
        expect((await readPressure(machine, 'memory'))?.waiting).toBe(0);
    });

    it('is not known from what does not look like it', () => {
        expect(parsePressure('cpu', 'some avg10=high\n')).toBeNull();
    });
});
