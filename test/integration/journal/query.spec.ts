import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { queryJournal } from '../../../service/journal/query.ts';
import type { JournalQuery } from '../../../service/journal/query.ts';
import { isJournalKept, journalAccess } from '../../../service/journal/access.ts';
import { isPresent } from '../../support/hostPackages.ts';
import { appendToJournal, EntryWriter, journalRemote } from '../../support/journals.ts';

describe('queryJournal', () => {
    let root: string;
    const start = 1_700_000_000_000_000;
    const query = (of: JournalQuery) => queryJournal({ place: { kind: 'directory', path: root }, ...of });
    const messages = async (of: JournalQuery) => (await query(of)).map(({ message }) => message);

    beforeAll(async () => {
        root = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
        if (!isPresent(journalRemote)) return;
        const writer = new EntryWriter(start);
        await appendToJournal(
            root,
            [
                writer.unitLine('a.service', 'one'),
                writer.unitLine('b.service', 'two'),
                writer.entry({ PRIORITY: 3, _TRANSPORT: 'kernel', MESSAGE: 'three \u001b[31mred\u202e' }),
                writer.unitLine('a.service', 'four'),
                writer.entry({
                    MESSAGE_ID: 'fc2e22bc6ee647b6b90729ab34a250b1',
                    COREDUMP_EXE: '/usr/bin/crashy',
                    COREDUMP_SIGNAL_NAME: 'SIGSEGV',
                    MESSAGE: 'dumped',
                }),
                writer.entry({ INVOCATION_ID: 'a'.repeat(32), PRIORITY: 4, MESSAGE: 'of the run' }),
                writer.entry({ _SYSTEMD_INVOCATION_ID: 'a'.repeat(32), MESSAGE: 'by the run' }),
            ].join(''),
        );
    });
    beforeEach(() => {
        if (!isPresent(journalRemote)) pending('systemd-journal-remote is not installed');
    });
    afterAll(() => {
        rmSync(root, { recursive: true });
    });

    it('gives entries with safe text and what identifies them', async () => {
        const [, , third] = await query({});
        expect(third).toEqual(
            jasmine.objectContaining({
                message: 'three red',
                priority: 3,
                transport: 'kernel',
                time: start + 3000,
                line: null,
            }),
        );
        expect(third?.cursor).toMatch(/^s=/);
    });

    it('narrows down by unit, field, pattern, time and number', async () => {
        expect(await messages({ unit: 'a.service' })).toEqual(['one', 'four']);
        expect(await messages({ unit: 'a.service', lines: 1 })).toEqual(['four']);
        expect(await messages({ matches: ['_TRANSPORT=kernel'] })).toEqual(['three red']);
        expect(await messages({ matches: ['PRIORITY=3', 'PRIORITY=4'] })).toEqual(['three red', 'of the run']);
        expect(await messages({ grep: 'fo.r' })).toEqual(['four']);
        expect(await messages({ grep: 'nothing like it' })).toEqual([]);
        expect(await messages({ since: start + 2000, until: start + 3000 })).toEqual(['two', 'three red']);
        expect(await messages({ lines: 2, reverse: true })).toEqual(['by the run', 'of the run']);
    });

    it('finds what a run wrote and what was said of it', async () => {
        const invocation = 'a'.repeat(32);
        expect(await messages({ invocation })).toEqual(['of the run', 'by the run']);
        expect(await messages({ invocation, matches: ['PRIORITY=4'] })).toEqual(['of the run']);
    });

    it('gives the fields of crashes', async () => {
        const [dump] = await query({ matches: ['MESSAGE_ID=fc2e22bc6ee647b6b90729ab34a250b1'] });
        expect(dump?.fields).toEqual(
            jasmine.objectContaining({ COREDUMP_EXE: '/usr/bin/crashy', COREDUMP_SIGNAL_NAME: 'SIGSEGV' }),
        );
    });

    it('refuses what could mean something else to journalctl', async () => {
        const refused: JournalQuery[] = [
            { unit: '--file=/etc/passwd' },
            { unit: 'a*' },
            { userUnit: '' },
            { invocation: 'x' },
            { matches: ['/usr/bin/program'] },
            { matches: ['--all'] },
            { matches: ['lower=case'] },
        ];
        for (const of of refused) {
            await expectAsync(query(of))
                .withContext(JSON.stringify(of))
                .toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidArgument' }));
        }
    });

    it('says when the journal cannot be read', async () => {
        const place = { kind: 'directory', path: join(root, 'none') } as const;
        await expectAsync(queryJournal({ place })).toBeRejectedWith(jasmine.objectContaining({ code: 'Unavailable' }));
    });

    it('stops when it is no longer wanted', async () => {
        await expectAsync(query({ signal: AbortSignal.abort() })).toBeRejected();
    });
});

describe('journalAccess', () => {
    let root: string;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-access-'));
    });
    afterEach(() => {
        rmSync(root, { recursive: true });
    });

    it('is none without a journal, own with the user’s, system with the system’s', async () => {
        const machine = existsSync('/etc/machine-id') ? readFileSync('/etc/machine-id', 'utf8').trim() : '';
        const folder = join(root, machine);
        expect(await journalAccess([root])).toBe('none');
        mkdirSync(folder, { recursive: true });
        expect(await journalAccess([root])).toBe('none');
        expect(await isJournalKept([root])).toBeFalse();
        writeFileSync(join(folder, `user-${process.getuid?.()}.journal`), '');
        expect(await journalAccess([root])).toBe('own');
        expect(await isJournalKept([join(root, 'none'), root])).toBeTrue();
        writeFileSync(join(folder, 'system.journal'), '');
        expect(await journalAccess([join(root, 'none'), root])).toBe('system');
    });
});
