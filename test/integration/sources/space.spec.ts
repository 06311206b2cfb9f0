import { spaceSource } from '../../../service/sources/space.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const gigabyte = 1024 ** 3;

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

    it('looks when something was installed, and tells once of what got full and once of what has room again', async () => {
        const disk = { path: '/', size: 100 * gigabyte, available: 50 * gigabyte, readOnly: false };
        const image = { path: '/image', size: gigabyte, available: 0, readOnly: true };
        let looks = 0;
        const source = spaceSource(() => {
            looks += 1;
            return Promise.resolve([disk, image]);
        }, 1);
        await using run = await bed.start(source);
        const storage = () => run.entries.filter(({ kind }) => kind === 'storage').map(({ event }) => event);
        disk.available = gigabyte;
        packageInstalled('one');
        await run.until(() => storage().length === 1);
        const seen = looks;
        packageInstalled('two');
        while (looks === seen) await new Promise(resolve => setImmediate(resolve));
        disk.available = 20 * gigabyte;
        packageInstalled('three');
        await run.until(() => storage().length === 2);
        expect(storage()).toEqual(['space-low', 'space-back']);
        expect(run.entries.find(({ event }) => event === 'space-low')?.summary).toBe('Only 1074 MB are left on /');
    });
});
