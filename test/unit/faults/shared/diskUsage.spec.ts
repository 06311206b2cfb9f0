import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { nameDiskUsage } from '../../../../service/faults/shared/diskUsage.ts';
import type { Case, Findings } from '../../../../service/diagnosis/playbook.ts';
import type { Machine } from '../../../../service/machine/machine.ts';
import { familyOf } from '../../../support/faultyComputer.ts';
import { findDiskUsage } from '../../../../service/machine/storage/diskUsage.ts';

const { signal } = new AbortController();
const megabyte = 1_000_000;

describe('The disk usage of a full disk', () => {
    let root: string;
    let home: string;
    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-eaters-'));
        home = join(root, 'home/alice');
        mkdirSync(home, { recursive: true });
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });
    function write(path: string, megabytes: number): void {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), Buffer.alloc(megabytes * megabyte, 1));
    }
    const usage = async (least = megabyte) => {
        const found = await findDiskUsage({ root, home, place: root, least }, signal);
        return found.map(({ what, size }) => [what, Math.round(size / megabyte)] as const);
    };

    it('is the trash, the log, downloads and what else grows, the largest three of them', async () => {
        write('home/alice/.local/share/Trash/files/film.mkv', 8);
        write('var/log/journal/0123/system.journal', 5);
        write('var/cache/apt/archives/linux-image.deb', 3);
        write('var/lib/systemd/coredump/core.x.zst', 2);
        write('home/alice/Videos/other.mkv', 20);
        expect(await usage()).toEqual([
            ['trash', 8],
            ['journal', 5],
            ['downloads', 3],
        ]);
        expect(await usage(4 * megabyte)).toEqual([
            ['trash', 8],
            ['journal', 5],
        ]);
    });

    it('are kernels, but not the one that runs or the newest', async () => {
        // An old one may have been changed last, and 10 comes after 9.
        for (const [index, version] of ['999.0.0-10', '999.0.0-9', release(), '1.0.0-1'].entries()) {
            write(`usr/lib/modules/${version}/kernel/driver.ko`, index === 0 ? 5 : 2);
            write(`boot/initrd.img-${version}`, 1);
            write(`boot/vmlinuz-${version}`, 0);
            utimesSync(join(root, 'usr/lib/modules', version), index, index);
        }
        expect(await usage()).toEqual([['kernels', 6]]);
    });

    it('is the largest folder where none of these is large', async () => {
        write('home/alice/Videos/film.mkv', 4);
        write('srv/backup.img', 9);
        expect(await usage()).toEqual([
            ['folder', 9],
            ['folder', 4],
        ]);
    });

    it('is nothing where nobody may look, or nothing is there', async () => {
        expect(await usage()).toEqual([]);
        expect(await findDiskUsage({ root, home, place: join(root, 'nowhere') }, signal)).toEqual([]);
    });

    describe('in a diagnosis', () => {
        const findings: Findings = {
            summary: 'Little is left.',
            cause: 'Programs can no longer save.',
            evidence: [],
            facts: {},
            fixes: (['packages.cleanCache', 'journal.vacuum'] as const).map(action => ({
                action,
                parameters: {},
                explanation: '',
            })),
        };
        const of = (family: string, kind: string) =>
            ({ incident: { family, kind, facts: { place: root } }, signal }) as unknown as Case;
        const machine = () => ({ root }) as Machine;
        const enrich = async (of: Case, found: Findings) =>
            (await familyOf(of.incident.family).enrich?.(of, found, {
                machine: machine(),
                run: () => Promise.resolve(null),
            })) ?? found;

        it('is named in front of the cause, and what frees the most space is offered first', async () => {
            write('var/log/journal/0123/system.journal', 120);
            const found = await nameDiskUsage(of('disk-space', 'low'), findings, machine(), { home });
            expect(found.cause).toBe('Among the largest items: the log (120 MB). Programs can no longer save.');
            expect(found.fixes.map(({ action }) => action)).toEqual(['journal.vacuum', 'packages.cleanCache']);
            expect(found.evidence.map(({ source, message }) => [source, message.split(': ')[0]])).toEqual([
                ['system', join(root, 'var/log/journal')],
            ]);
            const again = await nameDiskUsage(of('disk-space', 'low'), found, machine(), { home });
            expect(again.evidence.length).toBe(1);
        });

        it('is offered to be emptied last, where it is the trash', async () => {
            write('home/alice/.local/share/Trash/files/film.mkv', 130);
            const found = await nameDiskUsage(of('disk-space', 'low'), findings, machine(), { home });
            expect(found.cause).toContain('the trash (130 MB)');
            expect(found.fixes.map(({ action }) => action)).toEqual([
                'packages.cleanCache',
                'journal.vacuum',
                'trash.empty',
            ]);
        });

        it('is named behind the cause of a service that could not write, and of no other', async () => {
            write('var/log/journal/0123/system.journal', 120);
            const failed = (message: string) => ({ ...findings, cause: 'It failed.', evidence: [{ message }] });
            const full = failed('dd: error writing: No space left on device') as unknown as Findings;
            const found = await nameDiskUsage(of('unit', 'exit-code'), full, machine(), { home, isVictim: true });
            expect(found.cause).toBe('It failed. Among the largest items: the log (120 MB).');
            const other = failed('no such user') as unknown as Findings;
            expect(await enrich(of('unit', 'exit-code'), other)).toBe(other);
        });

        it('is left out where the disk cannot be read, and the rest is said', async () => {
            // ENAMETOOLONG: an error that does not only say that nothing is there, as those of a bad disk.
            const place = join(root, 'x'.repeat(300));
            const unreadable = { incident: { family: 'disk-space', kind: 'low', facts: { place } }, signal };
            expect(await nameDiskUsage(unreadable as unknown as Case, findings, machine(), { home })).toBe(findings);
            const ended = { ...unreadable, signal: AbortSignal.abort(new Error('closed')) };
            await expectAsync(nameDiskUsage(ended as unknown as Case, findings, machine(), { home })).toBeRejected();
        });

        it('is left alone for other faults, and where the computer cannot be read', async () => {
            write('var/log/journal/0123/system.journal', 120);
            expect(await enrich(of('disk-space', 'quota'), findings)).toBe(findings);
            expect(await enrich(of('disk', 'errors'), findings)).toBe(findings);
            expect(await nameDiskUsage(of('disk-space', 'low'), findings, null, { home })).toBe(findings);
        });
    });
});
