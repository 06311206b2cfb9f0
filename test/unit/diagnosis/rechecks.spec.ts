import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Rechecks } from '../../../service/diagnosis/rechecks.ts';
import { failureOf, makeLoop } from '../approval/loop.ts';
import type { Loop } from '../approval/loop.ts';

const minute = 60_000;

describe('Rechecks of open incidents', () => {
    let directory: string;
    let loop: Loop;
    let rechecked: number[];
    let rechecks: Rechecks;

    beforeEach(() => {
        jasmine.clock().install();
        directory = mkdtempSync(join(tmpdir(), 'reeve-rechecks-'));
        loop = makeLoop(directory, {});
        rechecked = [];
        const recheck = (id: number) => {
            rechecked.push(id);
            return Promise.resolve();
        };
        rechecks = new Rechecks({ ...loop, recheck });
    });
    afterEach(() => {
        rechecks[Symbol.dispose]();
        jasmine.clock().uninstall();
        loop.incidents[Symbol.dispose]();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    const report = (change = {}) => loop.incidents.report({ ...failureOf('sda'), family: 'disk', ...change });
    /** Lets what follows a look that has been made take place. */
    const settled = () =>
        new Promise<void>(
            resolve =>
                void Promise.resolve()
                    .then(() => Promise.resolve())
                    .then(resolve),
        );
    async function pass(milliseconds: number): Promise<void> {
        jasmine.clock().tick(milliseconds);
        await settled();
    }

    it('does so soon, then ever more seldom, until it is closed', async () => {
        report();
        await pass(minute / 2);
        expect(rechecked).toEqual([1]);
        await pass(2 * minute - 1);
        expect(rechecked).toEqual([1]);
        await pass(1);
        expect(rechecked).toEqual([1, 1]);
        loop.incidents.setState(1, 'recovered');
        await pass(600 * minute);
        expect(rechecked).toEqual([1, 1]);
    });

    it('starts over when it happens again, and does so at once when something changed', async () => {
        report();
        await pass(minute / 2);
        report({ occurrence: 'b'.repeat(32) });
        await pass(minute / 2);
        expect(rechecked).toEqual([1, 1]);
        loop.timeline.add({ time: 1, kind: 'link', subject: 'eth0', summary: '', detail: '' });
        await pass(3000);
        expect(rechecked).toEqual([1, 1, 1]);
    });

    it('leaves units to systemd', async () => {
        report({ family: 'unit' });
        await pass(600 * minute);
        expect(rechecked).toEqual([]);
    });
});
