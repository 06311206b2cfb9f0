/** The journal as the witness of the audit log: each entry's hash is in a line that only the service's own unit can write. */
import type { JournalReader } from '../journal/query.ts';
import type { JournalEntry } from '../model/journalEntry.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { log, logAlways } from '../util/log.ts';
import { serviceUnit } from '../util/names.ts';
import { otherLogs, type AuditEntry, type AuditLog, type Verification } from './auditLog.ts';

const said = 'Recorded in the audit log';
const pattern = new RegExp(`^${said} entry=(\\d+) hash="([0-9a-f]{64})"$`);
/** How many of the newest are compared. */
const limit = 5000;
const timeout = 30_000;

export function witnessInJournal({ id, hash }: AuditEntry): void {
    logAlways('info', said, { entry: id, hash });
}

/**
 * Verifies the chain, then compares it with what the journal has. The chain alone does not show that the end of the log was cut
 * off, or that the whole log was written again. Where the journal cannot be read, only the chain is verified.
 */
export async function verifyWithJournal(audit: AuditLog, journal: JournalReader): Promise<Verification> {
    const verified = audit.verify();
    if (!verified.ok) return verified;
    const lines = await readLines(journal);
    if (lines === null) return verified;
    const all = lines.flatMap(({ message, time }) => {
        const [, id, hash = ''] = pattern.exec(message) ?? [];
        return id === undefined || time === null ? [] : [{ id: Number(id), hash, time }];
    });
    // The log that came before is kept elsewhere, and is not this one. Only the service can have said so.
    const other = audit.latest(otherLogs);
    const isSaid = all.some(({ hash }) => hash === other?.hash);
    const witnessed = all.filter(({ time }) => time >= (isSaid ? (other?.time ?? 0) : 0));
    const known = new Set(witnessed.map(({ id }) => id));
    // What is older than the journal has no witness any more.
    const oldest = Math.min(...known);
    const unknown = audit.list({ limit }).filter(({ id }) => id > oldest && !known.has(id));
    const wrong = [...witnessed.filter(({ id, hash }) => audit.hashAt(id) !== hash), ...unknown];
    if (wrong.length === 0) return verified;
    const id = Math.min(...wrong.map(entry => entry.id));
    return { ...verified, ok: false, detail: difference(id, audit.hashAt(id) !== null, known.has(id)) };
}

function difference(id: number, isHere: boolean, isThere: boolean): string {
    if (!isHere) return _('Entry {id}, which the journal has, is missing.', { id });
    return isThere
        ? _('Entry {id} is not the one that the journal has.', { id })
        : _('The journal does not have entry {id}.', { id });
}

async function readLines(journal: JournalReader): Promise<JournalEntry[] | null> {
    try {
        return await journal.query({
            matches: [`_SYSTEMD_USER_UNIT=${serviceUnit}`, `_UID=${process.getuid?.() ?? 0}`],
            grep: `^${said} entry=`,
            lines: limit,
            signal: AbortSignal.timeout(timeout),
        });
    } catch (error) {
        if (!(error instanceof ReeveError) || error.code !== 'Unavailable') throw error;
        log('warning', 'Could not compare the audit log with the journal', { reason: error.message });
        return null;
    }
}
