import { faultyComputer, incidentOf } from '../../../support/faultyComputer.ts';

describe('Memory that is short', () => {
    const computer = faultyComputer();

    it('sees whether what reached its limit of memory goes on, or has ended', async () => {
        const group = '/system.slice/indexer.service';
        const limited = incidentOf('memory', 'limit-reached', { subject: 'indexer.service', facts: { group } });
        const press = (percent: number) => {
            const averages = `avg10=0.00 avg60=${percent.toFixed(2)} avg300=90.00 total=1`;
            computer.write(`/sys/fs/cgroup${group}/memory.pressure`, `some ${averages}\nfull ${averages}\n`);
        };
        press(60);
        expect(await computer.isGone(limited)).toBeFalse();
        press(4);
        expect(await computer.isGone(limited)).toBeTrue();
        press(60);
        computer.remove(`sys/fs/cgroup${group}/memory.pressure`);
        expect(await computer.isGone(limited)).toBeTrue();
    });

    it('checks whether programs still wait for memory or a disk', async () => {
        const press = (resource: string, percent: number) => {
            const averages = `avg10=0.00 avg60=${percent.toFixed(2)} avg300=0.00 total=1`;
            computer.write(`/proc/pressure/${resource}`, `some ${averages}\nfull ${averages}\n`);
        };
        const short = incidentOf('memory', 'pressure');
        const busy = incidentOf('runaway', 'disk-busy');
        expect(await computer.isGone(short)).toBeFalse();
        press('memory', 6);
        press('io', 31);
        expect([await computer.isGone(short), await computer.isGone(busy)]).toEqual([false, false]);
        press('memory', 4);
        press('io', 29);
        expect([await computer.isGone(short), await computer.isGone(busy)]).toEqual([true, true]);
    });
});
