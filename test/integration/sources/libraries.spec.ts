import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { librariesSource } from '../../../service/faults/reboot/watch/libraries.ts';
import { findOldLibraries } from '../../../service/machine/packages/oldLibraries.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const { signal } = new AbortController();

describe('The libraries source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    /** A process as proc_pid_maps(5) and proc_pid_stat(5) have it. */
    function process(pid: number, name: string, ...mapped: string[]): void {
        const folder = join(bed.root, `proc/${pid}`);
        mkdirSync(folder, { recursive: true });
        const zeros = Array.from({ length: 48 }, () => '0').join(' ');
        writeFileSync(join(folder, 'stat'), `${pid} (${name}) S 1 ${zeros}\n`);
        const lines = mapped.map(
            path => `7f1c5a000000-7f1c5a195000 r-xp 00026000 08:01 1572 ${' '.repeat(10)}${path}\n`,
        );
        writeFileSync(join(folder, 'maps'), lines.join(''));
    }
    const upgraded = (name: string) =>
        bed.timeline.add({ time: 1, kind: 'package', event: 'upgraded', subject: name, summary: name, detail: '' });
    const libssl = '/usr/lib/x86_64-linux-gnu/libssl.so.3';

    it('finds the programs that run with what is no longer there', async () => {
        process(10, 'firefox', '/usr/lib/x86_64-linux-gnu/libc.so.6', `${libssl} (deleted)`);
        process(11, 'firefox', `${libssl} (deleted)`, '/usr/lib/x86_64-linux-gnu/libz.so.1.3.1 (deleted)');
        process(12, 'gnome-shell', libssl, '/usr/share/mime/mime.cache (deleted)', '/memfd:x.so (deleted)');
        process(13, 'builder', '/home/alice/build/libown.so (deleted)', '/SYSV00000000 (deleted)');
        const machine = { root: bed.root, system: null, session: null, run: () => Promise.resolve(null) };
        expect([...(await findOldLibraries(machine, signal))]).toEqual([
            ['firefox', [libssl, '/usr/lib/x86_64-linux-gnu/libz.so.1.3.1']],
        ]);
    });

    it('reports them after an upgrade, once, and again when they were all gone', async () => {
        await using run = await bed.start(librariesSource(1));
        const told = () => run.entries.filter(({ event }) => event === 'libraries-outdated');
        process(10, 'firefox', `${libssl} (deleted)`);
        upgraded('libssl3');
        await run.until(() => told().length === 1);
        expect(told()[0]?.summary).toBe('1 program still uses a library that an upgrade has replaced');
        expect(bed.incidents.list().map(({ family, kind, severity }) => [family, kind, severity] as string[])).toEqual([
            ['reboot', 'old-libraries', 'low'],
        ]);
        bed.recover();
        rmSync(join(bed.root, 'proc/10'), { recursive: true });
        process(11, 'evince', `${libssl} (deleted)`);
        upgraded('libssl3');
        await run.until(() => told().length === 2);
        expect(told()[1]?.facts.programs).toBe('evince');
    });
});
