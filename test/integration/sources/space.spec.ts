import { spaceSource } from '../../../service/faults/diskSpace/watch.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const gigabyte = 1024 ** 3;
const soon = { settle: 1, between: 1 };

describe('The space source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const packageInstalled = (name: string) =>
        bed.timeline.add({ time: 1, kind: 'package', event: 'installed', subject: name, summary: name, detail: '' });

    it('polls when something was installed, and reports once what got full and once what has space again', async () => {
        const disk = { path: '/', size: 100 * gigabyte, available: 50 * gigabyte, readOnly: false };
        const image = { path: '/image', size: gigabyte, available: 0, readOnly: true };
        let polls = 0;
        const source = spaceSource(() => {
            polls += 1;
            return Promise.resolve([disk, image]);
        }, soon);
        await using run = await bed.start(source);
        const storage = () => run.entries.filter(({ kind }) => kind === 'storage').map(({ event }) => event);
        disk.available = gigabyte;
        packageInstalled('one');
        await run.until(() => storage().length === 1);
        const seen = polls;
        packageInstalled('two');
        while (polls === seen) await new Promise(resolve => setImmediate(resolve));
        disk.available = 20 * gigabyte;
        packageInstalled('three');
        await run.until(() => storage().length === 2);
        expect(storage()).toEqual(['space-low', 'space-back']);
        expect(run.entries.find(({ event }) => event === 'space-low')?.summary).toBe('Only 1074 MB are left on /');
    });

    it('polls from time to time when nothing happens at all', async () => {
        const disk = { path: '/', size: 100 * gigabyte, available: 50 * gigabyte, readOnly: false };
        await using run = await bed.start(spaceSource(() => Promise.resolve([disk]), soon));
        disk.available = gigabyte;
        await bed.poll(900_000);
        expect(run.entries.map(({ event }) => event)).toEqual(['space-low']);
    });

    it('does not report again after a start, nor flutter, nor hold on to what was unmounted', async () => {
        const disk = { path: '/', size: 100 * gigabyte, available: gigabyte, readOnly: false };
        const stick = { path: '/srv', size: gigabyte, available: 0, readOnly: false };
        let there = [disk, stick];
        const source = spaceSource(() => Promise.resolve(there), soon);
        const toldBy = async (change: () => void) => {
            change();
            await using run = await bed.start(source);
            return run.entries.map(({ event, subject }) => `${event} ${subject}`);
        };
        expect(await toldBy(() => undefined)).toEqual(['space-low /', 'space-low /srv']);
        expect(await toldBy(() => undefined)).toEqual([]);
        expect(await toldBy(() => (disk.available = 2.1 * gigabyte))).toEqual([]);
        expect(await toldBy(() => (there = [disk]))).toEqual([]);
        expect(await toldBy(() => (there = [disk, stick]))).toEqual(['space-low /srv']);
        expect(await toldBy(() => (disk.available = 3 * gigabyte))).toEqual(['space-back /']);
    });
});
