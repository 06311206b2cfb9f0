import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
    parseDpkgLog,
    parsePacmanLog,
    parseRpmQuery,
    readPackageChanges,
} from '../../../service/machine/packages/packages.ts';
import { readLastLines } from '../../../service/machine/machine.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';

const machine = recordedMachine();
const never = new AbortController().signal;
const time = (text: string) => Date.parse(text) * 1000;

describe('Package changes', () => {
    it('are the lines of dpkg that install, upgrade or remove, and nothing in between', async () => {
        const changes = parseDpkgLog((await readLastLines(machine, '/var/log/dpkg.log')) ?? []);
        expect(changes.length).toBe(6);
        expect(changes[0]).toEqual({
            time: time('2025-06-24T14:36:25'),
            action: 'upgraded',
            name: 'libsystemd0',
            from: '252.36-1~deb12u1',
            to: '252.38-1~deb12u1',
        });
        expect(changes.at(-1)).toEqual(
            jasmine.objectContaining({ action: 'installed', name: 'python3-pil', from: '' }),
        );
    });

    it('are those since a time, newest first', async () => {
        const found = await readPackageChanges(machine, { since: time('2026-05-09T00:00:00') }, never);
        expect(found?.changes.map(({ name }) => name)).toEqual(['python3-olefile', 'python3-pil', 'gpgv', 'tzdata']);
        expect(found?.evidence.origin).toBe('/var/log/dpkg.log');
    });

    it('of pacman are read too', () => {
        const lines = [
            '[2024-05-03T09:16:00+0200] [ALPM] upgraded linux (6.8-1 -> 6.9-1)',
            '[2024-05-03T09:16:01+0200] [ALPM] installed foo (1.0-1)',
            '[2024-05-03T09:16:02+0200] [ALPM] removed bar (2.0-1)',
            '[2024-05-03T09:16:03+0200] [ALPM] transaction completed',
            "[2024-05-03T09:16:04+0200] [PACMAN] Running 'pacman -Syu'",
        ];
        expect(parsePacmanLog(lines)).toEqual([
            { time: time('2024-05-03T07:16:00Z'), action: 'upgraded', name: 'linux', from: '6.8-1', to: '6.9-1' },
            { time: time('2024-05-03T07:16:01Z'), action: 'installed', name: 'foo', from: '', to: '1.0-1' },
            { time: time('2024-05-03T07:16:02Z'), action: 'removed', name: 'bar', from: '2.0-1', to: '' },
        ]);
    });

    it('of an RPM database are its installation times', () => {
        expect(parseRpmQuery('1714720560 bash 5.2.26-3.fc40\n(none)\n')).toEqual([
            { time: 1714720560_000_000, action: 'changed', name: 'bash', from: '', to: '5.2.26-3.fc40' },
        ]);
    });

    it('are not known where there is no package manager that we know', async () => {
        expect(await readPackageChanges({ ...machine, root: '/nonexistent' }, { since: 0 }, never)).toBeNull();
    });
});

describe('The end of a long log', () => {
    it('is read in whole lines', async () => {
        const root = await mkdtemp(join(tmpdir(), 'reeve-log-'));
        try {
            await mkdir(join(root, 'var'));
            await writeFile(
                join(root, 'var/log'),
                Array.from({ length: 100 }, (_value, index) => `line ${index}\n`).join(''),
            );
            expect(await readLastLines({ ...machine, root }, '/var/log', 20)).toEqual(['line 98', 'line 99']);
        } finally {
            await rm(root, { recursive: true });
        }
    });
});
