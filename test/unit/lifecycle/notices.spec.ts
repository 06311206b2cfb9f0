import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../../service/audit/auditLog.ts';
import { openDatabase, unwatched } from '../../../service/lifecycle/notices.ts';

describe('A database that cannot be used', () => {
    let directory: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-notices-'));
        openDatabase(directory)[Symbol.dispose]();
        writeFileSync(join(directory, 'database', 'reeve.db'), 'not a database, but long enough to be taken for one');
    });

    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    function open() {
        using opened = openDatabase(directory);
        const { database, notices } = opened;
        const entries = new AuditLog({ database }).list();
        return { notices, entries };
    }

    it('is named by the first entry of the new audit log', () => {
        const { entries } = open();
        expect(entries).toEqual([jasmine.objectContaining({ id: 1, event: 'database-replaced', actor: 'service' })]);
        expect(entries[0]?.subject).toMatch(new RegExp(`^${directory}/database\\.replaced-`));
        expect(entries[0]?.detail).toBe('file is not a database');
    });

    it('is reported over restarts, until what was kept of it is removed', () => {
        const { notices, entries } = open();
        expect(notices.map(({ code }) => code)).toEqual(['database-replaced']);
        expect(open().notices).toEqual(notices);
        rmSync(entries[0]?.subject ?? '', { recursive: true });
        expect(open().notices).toEqual([]);
    });

    it('is reported for a week at most', () => {
        open();
        jasmine
            .clock()
            .install()
            .mockDate(new Date(Date.now() + 8 * 86_400_000));
        expect(open().notices).toEqual([]);
        jasmine.clock().uninstall();
    });
});

describe('A configuration that cannot be watched', () => {
    it('names the limit that was reached, not another', () => {
        const told = (code: string) => unwatched('/c.toml', Object.assign(new Error(`${code}: watch`), { code }));
        expect(told('EMFILE').remedy).toContain('fs.inotify.max_user_instances');
        expect(told('ENOSPC').remedy).toContain('fs.inotify.max_user_watches');
        expect(told('EACCES').remedy).not.toContain('inotify');
        expect(told('EACCES').text).toContain('EACCES');
    });
});
