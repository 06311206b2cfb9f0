import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditLog, genesis } from '../../../service/audit/auditLog.ts';
import { log } from '../../../service/util/log.ts';
import { sha256 } from '../../../service/util/sha256.ts';
import { Database } from '../../../service/store/database.ts';

describe('The audit log', () => {
    let directory: string;
    let database: Database;
    let audit: AuditLog;

    const add = (subject: string) => audit.append({ event: 'apply', actor: 'shell', subject, detail: 'RestartUnit' });
    const tamper = (statement: string) => {
        database.connection.exec(statement);
    };

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-audit-'));
        ({ database } = Database.open(directory, log));
        audit = new AuditLog({ database });
        for (const subject of ['a.service', 'b.service', 'c.service']) add(subject);
    });

    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('verifies what it wrote and names its head', () => {
        const [newest] = audit.list({ limit: 1 });
        expect(audit.verify()).toEqual({ ok: true, checked: 3, detail: '', head: newest?.hash ?? '' });
    });

    it('begins where it always did', () => {
        expect(genesis).toBe(sha256('org.reevedesktop.Reeve1.Audit'));
    });

    it('verifies when it is empty', () => {
        tamper('DELETE FROM audit');
        expect(audit.verify()).toEqual({ ok: true, checked: 0, detail: '', head: genesis });
    });

    it('lists newest first, below a number, up to a limit', () => {
        expect(audit.list({ before: 3, limit: 1 }).map(entry => entry.subject)).toEqual(['b.service']);
    });

    for (const column of ['time', 'event', 'actor', 'subject', 'detail', 'previous', 'hash']) {
        it(`shows a changed ${column}`, () => {
            tamper(`UPDATE audit SET ${column} = ${column === 'time' ? 'time + 1' : `${column} || '0'`} WHERE id = 2`);
            const { ok, checked } = audit.verify();
            expect({ ok, checked }).toEqual({ ok: false, checked: 1 });
        });
    }

    it('goes on behind an entry that cannot be read, and shows it', () => {
        tamper(`UPDATE audit SET time = -1, event = '' WHERE id = 3`);
        const { id } = audit.append({ event: 'approved', actor: 'user', subject: 'c.service', detail: '' });
        expect(id).toBe(4);
        expect(audit.verify().checked).toBe(2);
    });

    it('shows a removed entry', () => {
        tamper('DELETE FROM audit WHERE id = 2');
        expect(audit.verify()).toEqual(
            jasmine.objectContaining({ ok: false, checked: 1, detail: 'Entry 2 is missing.' }),
        );
    });

    it('shows a removed entry whose followers were renumbered', () => {
        tamper('DELETE FROM audit WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3');
        expect(audit.verify().ok).toBeFalse();
    });

    it('shows two entries that changed places', () => {
        tamper(
            'UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9',
        );
        expect(audit.verify().ok).toBeFalse();
    });

    it('cannot show by itself that its end was cut off, but its head tells', () => {
        const { head } = audit.verify();
        tamper('DELETE FROM audit WHERE id = 3');
        const after = audit.verify();
        expect(after.ok).toBeTrue();
        expect(after.head).not.toBe(head);
    });

    it('forgets an entry together with the transaction that it belonged to', () => {
        expect(() =>
            database.transaction(() => {
                add('d.service');
                throw new Error('the rest failed');
            }),
        ).toThrowError('the rest failed');
        expect(audit.verify().checked).toBe(3);
    });
});
