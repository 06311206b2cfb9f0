import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { restartSource } from '../../../service/faults/reboot/watch/restart.ts';
import { SourceBed } from '../../support/sourceRun.ts';

describe('The restart source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
        mkdirSync(join(bed.root, 'run'));
        mkdirSync(join(bed.root, 'var/lib/dpkg'), { recursive: true });
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    const write = (name: string, text: string) => {
        writeFileSync(join(bed.root, 'run', name), text);
    };
    const source = restartSource(1);

    it('reports the sign when it appears, and who wants it', async () => {
        await using run = await bed.start(source);
        write('other.pid', '1\n');
        write('reboot-required.pkgs', 'linux-image-amd64\nlinux-image-amd64\n<b>no package</b>\nlibc6\n');
        write('reboot-required', '*** System restart required ***\n');
        const { subject, facts } = await run.entry(({ event }) => event === 'restart-needed');
        expect(subject).toBe('system');
        expect(facts).toEqual({ packages: 'linux-image-amd64 libc6' });
        expect(run.entries.length).toBe(1);
    });

    it('reports a sign that was there before it, once', async () => {
        write('reboot-required', '*** System restart required ***\n');
        for (const times of [1, 0]) {
            await using run = await bed.start(source);
            expect(run.entries.length).toBe(times);
        }
        rmSync(join(bed.root, 'run/reboot-required'));
        {
            await using run = await bed.start(source);
            expect(run.entries).toEqual([]);
        }
        // A file that is made while the earlier one is there is another one for certain.
        write('next', '*** System restart required ***\n');
        renameSync(join(bed.root, 'run/next'), join(bed.root, 'run/reboot-required'));
        await using run = await bed.start(source);
        expect(run.entries.length).toBe(1);
    });

    it('is not there where packages leave no such sign', async () => {
        rmSync(join(bed.root, 'var/lib/dpkg'), { recursive: true });
        await using run = await bed.start(source);
        expect(run.source.status.state).toBe('unavailable');
    });
});
