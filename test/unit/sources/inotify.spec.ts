import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Inotify } from '../../../service/sources/files/inotify.ts';

describe('Inotify', () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-inotify-'));
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('tells everyone when the queue that they share was full', async () => {
        const queue = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
        if (queue > 100_000) pending('needs a queue that can be filled');
        using one = new Inotify();
        using two = new Inotify();
        using bystander = new Inotify();
        const places = [one, two].map((inotify, index) => {
            const place = join(directory, String(index));
            mkdirSync(place);
            writeFileSync(join(place, 'file'), '');
            expect(inotify.watch(place, statSync(place).ino)).toBe('watching');
            return place;
        });
        const told = [one, two, bystander].map(inotify => once(inotify, 'overflow'));
        // Neither directory fills the queue by itself; by turns, because the kernel merges an event with its like before it.
        for (let count = 0; count <= queue / 2; count++)
            for (const place of places) chmodSync(join(place, 'file'), count % 2 === 0 ? 0o600 : 0o644);
        await expectAsync(Promise.all(told)).toBeResolved();
    });
});
