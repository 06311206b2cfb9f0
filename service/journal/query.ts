import { journalFields } from './logEntry.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { JournalEntry } from '../model/journalEntry.ts';
import { journalAccess, type JournalAccess } from './access.ts';
import { ExportParser } from './exportParser.ts';
import type { ExportedEntry } from './exportParser.ts';
import { safeText } from '../text/sanitise.ts';
import { placeArguments, runJournalctl } from './journalctl.ts';
import type { JournalPlace } from './journalctl.ts';
import { isUnitName } from '../model/unitName.ts';

/** Reads the journal entries that a diagnosis needs. */
export type JournalReader = {
    /**
     * @param query.matches FIELD=value; entries must match each of them
     * @param query.grep as in JournalQuery
     * @param query.lines how many of the newest
     */
    query(query: { matches: string[]; grep?: string; lines: number; signal: AbortSignal }): Promise<JournalEntry[]>;
    /** Whether this user may read the system's journal, or only their own. */
    access(): Promise<'system' | 'own' | 'none'>;
};

export type JournalQuery = {
    /** Entries of and about a unit of the system, or of the user; as `--unit=` and `--user-unit=` of journalctl(1). */
    unit?: string;
    userUnit?: string;
    /** 32 hexadecimal digits. */
    invocation?: string;
    /** FIELD=value; all must hold, or any one of several for the same field. */
    matches?: readonly string[];
    /** A pattern (PCRE2) for the message, without regard to case unless it has a capital letter. */
    grep?: string;
    /** Microseconds since the Unix epoch. */
    since?: number;
    until?: number;
    /** How many at most, the last ones; at most 10 000, which is the default too. */
    lines?: number;
    /** Newest first. */
    reverse?: boolean;
    /** Only what was logged since the computer was started. */
    boot?: boolean;
    /** Another journal than this machine's. */
    place?: JournalPlace;
    signal?: AbortSignal;
};

/** The possible queries of the journal at `place`. */
export function journalAt(place: JournalPlace) {
    return {
        query: (query: JournalQuery) => queryJournal({ place, ...query }),
        access: (): Promise<JournalAccess> =>
            place.kind === 'machine' ? journalAccess() : Promise.resolve('system' as const),
    };
}

const linesLimit = 10_000;
const fieldValueLimit = 4096;

const fieldNames = [...journalFields, 'COREDUMP_SIGNAL'] as const;
type FieldName = (typeof fieldNames)[number];
const positions = new Map(fieldNames.map((name, position) => [name, position]));

/** Fields that an entry has a member for. */
const members: ReadonlySet<FieldName> = new Set([
    '__CURSOR',
    '__REALTIME_TIMESTAMP',
    '_BOOT_ID',
    '_TRANSPORT',
    '_PID',
    '_UID',
    '_COMM',
    '_SYSTEMD_UNIT',
    '_SYSTEMD_USER_UNIT',
    'PRIORITY',
    'SYSLOG_IDENTIFIER',
    'MESSAGE_ID',
    'MESSAGE',
]);

/**
 * Queries the journal.
 *
 * @throws ReeveError InvalidArgument for an invalid unit, invocation or match; Unavailable when journalctl is missing or fails
 */
export async function queryJournal(query: JournalQuery): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    const parser = new ExportParser(fieldNames, exported => {
        if (entries.length < linesLimit) entries.push(toJournalEntry(exported));
    });
    const { code, errors } = await runJournalctl(
        queryArguments(query),
        chunk => {
            parser.push(chunk);
        },
        query.signal,
    );
    query.signal?.throwIfAborted();
    // With --grep= journalctl exits with 1 when nothing matches.
    if (code !== 0 && !(code === 1 && errors === '')) {
        throw new ReeveError('Unavailable', _('The journal cannot be read: {reason}', { reason: errors }));
    }
    return entries;
}

function queryArguments(query: JournalQuery): string[] {
    const args = [...placeArguments(query.place ?? { kind: 'machine' }), '--output=export'];
    args.push(`--output-fields=${fieldNames.filter(name => !name.startsWith('__')).join(',')}`);
    args.push(`--lines=${Math.min(query.lines ?? linesLimit, linesLimit)}`);
    if (query.reverse === true) args.push('--reverse');
    if (query.boot === true) args.push('--boot');
    if (query.since !== undefined) args.push(`--since=${journalTime(query.since)}`);
    if (query.until !== undefined) args.push(`--until=${journalTime(query.until)}`);
    if (query.grep !== undefined) args.push(`--grep=${query.grep}`);
    if (query.unit !== undefined) args.push(`--unit=${checked(query.unit, isUnitName)}`);
    if (query.userUnit !== undefined) args.push(`--user-unit=${checked(query.userUnit, isUnitName)}`);
    const matches = (query.matches ?? []).map(match =>
        checked(match, text => /^[A-Z_][A-Z0-9_]{0,63}=[^\0]*$/.test(text)),
    );
    args.push('--');
    if (query.invocation === undefined) return [...args, ...matches];
    const id = checked(query.invocation, text => /^[0-9a-f]{32}$/.test(text));
    // Entries by the unit's processes, and by the manager about it; "+" means or, and binds less tightly than adjacency.
    const ofInvocation = ['_SYSTEMD_INVOCATION_ID', 'INVOCATION_ID', 'USER_INVOCATION_ID'];
    return [...args, ...ofInvocation.flatMap((field, i) => [...(i > 0 ? ['+'] : []), `${field}=${id}`, ...matches])];
}

/** @param microseconds since the Unix epoch; @returns the format of systemd.time(7) */
function journalTime(microseconds: number): string {
    return `@${Math.floor(microseconds / 1_000_000)}.${String(microseconds % 1_000_000).padStart(6, '0')}`;
}

function checked(text: string, isValid: (text: string) => boolean): string {
    if (isValid(text)) return text;
    throw new ReeveError(
        'InvalidArgument',
        _('The journal cannot be searched for “{text}”', { text: safeText(text, 300) }),
    );
}

function toJournalEntry(exported: ExportedEntry): JournalEntry {
    const text = (name: FieldName): string | null => {
        const value = exported.bytes(positions.get(name) ?? -1);
        return value === null ? null : safeText(value, fieldValueLimit);
    };
    const integer = (name: FieldName): number | null => {
        const value = exported.latin1(positions.get(name) ?? -1);
        return value !== null && /^\d{1,16}$/.test(value) ? Number(value) : null;
    };
    const priority = integer('PRIORITY');
    const fields: Record<string, string> = {};
    for (const name of fieldNames) {
        const value = members.has(name) ? null : text(name);
        if (value !== null) fields[name] = value;
    }
    return {
        cursor: text('__CURSOR'),
        line: null,
        time: integer('__REALTIME_TIMESTAMP'),
        bootId: text('_BOOT_ID'),
        transport: text('_TRANSPORT'),
        priority: priority !== null && priority <= 7 ? priority : null,
        identifier: text('SYSLOG_IDENTIFIER'),
        pid: integer('_PID'),
        uid: integer('_UID'),
        command: text('_COMM'),
        unit: text('_SYSTEMD_UNIT'),
        userUnit: text('_SYSTEMD_USER_UNIT'),
        messageId: text('MESSAGE_ID'),
        message: safeText(exported.bytes(positions.get('MESSAGE') ?? -1) ?? ''),
        fields,
    };
}
