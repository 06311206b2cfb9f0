import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditLog, type AuditEntry } from '../../../service/audit/auditLog.ts';
import { verifyWithJournal } from '../../../service/audit/witnesses.ts';
import type { JournalReader } from '../../../service/journal/query.ts';
import type { JournalEntry } from '../../../service/model/journalEntry.ts';
import { Database } from '../../../service/store/database.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { log } from '../../../service/util/log.ts';

describe('The journal as the witness of the audit log', () => {
    let directory: string;
    let database: Database;
    let audit: AuditLog;
    let witnessed: AuditEntry[];
    let journal: JournalReader;

    const add = (subject: string, event = 'approved', detail = 'RestartUnit') =>
        audit.append({ event, actor: 'shell', subject, detail });
    const remove = (where: string) => {
        database.connection.exec(`DELETE FROM audit WHERE ${where}`);
    };

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-witness-'));
        ({ database } = Database.open(directory, log));
        witnessed = [];
        audit = new AuditLog({ database, witness: entry => witnessed.push(entry) });
        journal = {
            query: () =>
                Promise.resolve(
                    witnessed.map(
                        ({ id, hash, time }) =>
                            ({ message: `Recorded in the audit log entry=${id} hash="${hash}"`, time }) as JournalEntry,
                    ),
                ),
            access: () => Promise.resolve('own' as const),
        };
        for (const subject of ['a.service', 'b.service', 'c.service']) add(subject);
    });
    afterEach(() => {
        database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('agrees with a log that nobody touched', async () => {
        expect(await verifyWithJournal(audit, journal)).toEqual(audit.verify());
        expect(witnessed.map(({ id }) => id)).toEqual([1, 2, 3]);
    });

    it('shows that the end was cut off, which the chain cannot', async () => {
        remove('id = 3');
        expect(audit.verify().ok).toBeTrue();
        expect(await verifyWithJournal(audit, journal)).toEqual(
            jasmine.objectContaining({ ok: false, detail: 'Entry 3, which the journal has, is missing.' }),
        );
    });

    it('shows that all of it was written again', async () => {
        remove('id > 1');
        const forger = new AuditLog({ database });
        for (const subject of ['b.service', 'd.service'])
            forger.append({ event: 'approved', actor: 'shell', subject, detail: 'StopUnit' });
        expect(audit.verify().ok).toBeTrue();
        expect(await verifyWithJournal(audit, journal)).toEqual(
            jasmine.objectContaining({ ok: false, detail: 'Entry 2 is not the one that the journal has.' }),
        );
    });

    it('shows an entry that the service did not write', async () => {
        new AuditLog({ database }).append({ event: 'approved', actor: 'shell', subject: 'x', detail: 'plan' });
        expect(audit.verify().ok).toBeTrue();
        expect(await verifyWithJournal(audit, journal)).toEqual(
            jasmine.objectContaining({ ok: false, detail: 'The journal does not have entry 4.' }),
        );
    });

    it('does without what the journal no longer has, or did not have yet', async () => {
        witnessed.splice(0, 2);
        expect((await verifyWithJournal(audit, journal)).ok).toBeTrue();
        witnessed.splice(0);
        expect((await verifyWithJournal(audit, journal)).ok).toBeTrue();
    });

    for (const [event, what] of [
        ['database-replaced', '1'],
        ['database-returned', 'id > 1'],
        ['database-restored', 'id > 2'],
    ] as const) {
        it(`does not compare what came before ${event}, if the service said so`, async () => {
            remove(what);
            const clock = () => Date.now() * 1000 + 5_000_000;
            const later = new AuditLog({ database, clock, witness: entry => witnessed.push(entry) });
            later.append({ event, actor: 'service', subject: '/old', detail: 'damaged' });
            expect((await verifyWithJournal(later, journal)).ok).toBeTrue();
            witnessed.pop();
            expect((await verifyWithJournal(later, journal)).ok).toBeFalse();
        });
    }

    it('does without a journal that cannot be read', async () => {
        journal.query = () => Promise.reject(new ReeveError('Unavailable', 'no journalctl'));
        expect(await verifyWithJournal(audit, journal)).toEqual(audit.verify());
    });

    it('knows which plans were approved', () => {
        const digest = 'ab'.repeat(32);
        expect(audit.hasApproved(digest)).toBeFalse();
        add('d.service', 'proposed', `unit.restart: x\nplan ${digest}`);
        expect(audit.hasApproved(digest)).toBeFalse();
        add('d.service', 'approved', `unit.restart: systemctl restart d.service\nplan ${digest}`);
        expect(audit.hasApproved(digest)).toBeTrue();
    });
});
