/** The logs that `reeve analyze` reads. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { journalFields, JournalLogEntry } from '../journal/logEntry.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { ReeveError, messageOf } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { ExportParser, NotAnExport } from '../journal/exportParser.ts';
import { readTextLog } from '../textAnalysis/textLog.ts';
import type { TextLogEntry } from '../textAnalysis/textLogEntry.ts';
import { journalAccess } from '../journal/access.ts';
import { placeArguments, runJournalctl } from '../journal/journalctl.ts';
import type { JournalPlace } from '../journal/journalctl.ts';
import { CommandError, exit } from './exit.ts';

/** `path` "-" is standard input. */
export type JournalInput = { kind: 'journal'; places: readonly JournalPlace[] } | { kind: 'export'; path: string };
export type TextInput = { kind: 'text'; path: string };

export type ReadOptions = {
    /** Microseconds since the Unix epoch; earlier entries are left out. */
    since: number | null;
    signal: AbortSignal;
    /** Called between pieces of a text, which wait for it. */
    pace?: () => Promise<void>;
    /** Called with the problem of a log that is readable all the same. */
    warn: (text: string) => void;
};

/** Bytes of a file that are read at once. */
const chunkSize = 256 * 1024;

/** HEADER_SIGNATURE in systemd's src/libsystemd/sd-journal/journal-def.h. */
const journalSignature = 'LPKSHHRH';

/**
 * Hands over each entry of a journal in turn.
 *
 * @throws CommandError that names the log, when it cannot be read or is not of its kind
 */
export async function readJournal(
    input: JournalInput,
    onEntry: (entry: LogEntry) => void,
    options: ReadOptions,
): Promise<void> {
    const take = since(options, onEntry);
    if (input.kind === 'export') {
        await readExport(input.path, take, options);
        return;
    }
    for (const place of input.places) await checkPlace(place);
    await readPlaces(input.places, take, options);
}

/** The same for each line of a text. @throws CommandError */
export async function readText(
    { path }: TextInput,
    onLine: (entry: TextLogEntry) => void,
    options: ReadOptions,
): Promise<void> {
    const { signal, warn, pace } = options;
    try {
        const notAfter = path === '-' ? Date.now() * 1000 : Math.floor((await stat(path)).mtimeMs * 1000);
        const chunks = withFirst(openStream(path, signal), head => {
            const other = certainlyNoText(head);
            if (other !== null) throw unreadable(nameOf(path), other);
            const kind = kindOtherThanText(head);
            if (kind !== null)
                warn(_('{log} does not look like a plain-text log: {kind}', { log: nameOf(path), kind }));
        });
        await readTextLog(chunks, notAfter, since(options, onLine), pace);
    } catch (error) {
        if (signal.aborted) return;
        if (error instanceof CommandError) throw error;
        throw unreadable(nameOf(path), systemError(error));
    }
}

/** Passes on the entries that are not too early. */
function since<Entry extends LogEntry>(
    { since: first }: ReadOptions,
    onEntry: (entry: Entry) => void,
): (entry: Entry) => void {
    if (first === null) return onEntry;
    return entry => {
        const time = entry.time();
        if (time === null || time >= first) onEntry(entry);
    };
}

async function readPlaces(
    places: readonly JournalPlace[],
    take: (entry: LogEntry) => void,
    { since, signal, warn }: ReadOptions,
): Promise<void> {
    const parser = exportParser(take);
    const args = [
        ...places.flatMap(placeArguments),
        '--output=export',
        ...(since === null ? [] : [`--since=@${Math.floor(since / 1_000_000)}`]),
    ];
    const names = places.map(place => (place.kind === 'machine' ? _('the journal') : place.path)).join(', ');
    try {
        const { code, errors } = await runJournalctl(
            args,
            chunk => {
                parser.push(chunk);
            },
            signal,
        );
        if (code !== 0 && !signal.aborted) throw unreadable(names, errors);
        if (errors !== '') warn(errors);
    } catch (error) {
        if (error instanceof ReeveError) throw new CommandError(exit.unavailable, error.code, error.message);
        throw error;
    }
}

/** journalctl takes any file for a journal, and hardly explains when it is none. */
async function checkPlace(place: JournalPlace): Promise<void> {
    if (place.kind === 'machine') {
        if ((await journalAccess()) !== 'none') return;
        throw unreadable(_('the journal'), _('it does not exist, or you may not read it'));
    }
    const { path } = place;
    try {
        if (place.kind === 'directory') {
            const entries = await readdir(path, { withFileTypes: true });
            const folders = entries.filter(entry => entry.isDirectory()).map(entry => join(path, entry.name));
            const names = (await Promise.all(folders.map(folder => readdir(folder).catch(() => [])))).flat();
            const isJournal = (name: string) => /\.journal~?$/.test(name);
            if (![...entries.map(entry => entry.name), ...names].some(isJournal)) {
                throw unreadable(path, _('it contains no journal'));
            }
            return;
        }
        await using file = await open(path);
        const { buffer } = await file.read(Buffer.alloc(journalSignature.length), 0, journalSignature.length, 0);
        if (buffer.toString('latin1') !== journalSignature)
            throw unreadable(path, _('it is not a journal file; {option} reads plain text', { option: '--text' }));
    } catch (error) {
        throw error instanceof CommandError ? error : unreadable(path, systemError(error));
    }
}

async function readExport(path: string, take: (entry: LogEntry) => void, { signal, warn }: ReadOptions): Promise<void> {
    const parser = exportParser(take);
    try {
        for await (const chunk of openStream(path, signal)) parser.push(chunk);
        const isWhole = parser.end();
        if (!isWhole) warn(_('{log} ends in the middle of an entry', { log: nameOf(path) }));
        if (parser.malformed > 0) {
            warn(_('{count} entries of {log} are damaged', { count: parser.malformed, log: nameOf(path) }));
        }
    } catch (error) {
        if (signal.aborted) return;
        if (error instanceof NotAnExport) {
            throw unreadable(
                nameOf(path),
                _('it is not in the journal export format: {reason}', { reason: error.message }),
            );
        }
        throw unreadable(nameOf(path), systemError(error));
    }
}

/** How files begin that are compressed: RFC 1952 (gzip), RFC 8878 (zstd), and the formats of xz, bzip2 and zip. */
const compressed = ['\x1f\x8b', '\x28\xb5\x2f\xfd', '\xfd7zXZ\0', 'BZh', 'PK\x03\x04'];
/** elf(5). */
const program = '\x7fELF';

/**
 * The kind of a file that is surely no text, and the program that would read it; null for what may be a text with some
 * odd bytes.
 */
function certainlyNoText(head: Buffer): string | null {
    const start = head.subarray(0, 64).toString('latin1');
    if (start.startsWith(journalSignature))
        return _('it is a journal file, which {option} reads', { option: '--file' });
    if (/^__[A-Z_]+=/.test(start))
        return _('it is in the journal export format, which {option} reads', { option: '--input' });
    if (compressed.some(magic => start.startsWith(magic))) return _('it is compressed; unpack it first');
    return start.startsWith(program) ? _('it is a program') : null;
}

/**
 * The likely kind of a supposed plain-text log that begins with `head`, and the program that would read it; or null.
 */
function kindOtherThanText(head: Buffer): string | null {
    const text = stripVTControlCharacters(new TextDecoder().decode(head.subarray(0, 4096), { stream: true }));
    if (/^\s*[{[]\s*"/.test(text))
        return _('it seems to be JSON; {option} reads what {command} prints', {
            option: '--input',
            command: 'journalctl --output=export',
        });
    // Text in an old 8-bit encoding has a few bytes that are no UTF-8.
    const foreign = text.match(/\ufffd|(?!\s)\p{Cc}/gu)?.length ?? 0;
    return foreign > text.length / 10 ? _('it does not seem to be text') : null;
}

/** The same chunks; `peek` gets the first one before the reader does. */
async function* withFirst(chunks: AsyncIterable<Buffer>, show: (first: Buffer) => void): AsyncGenerator<Buffer> {
    let isFirst = true;
    for await (const chunk of chunks) {
        if (isFirst) show(chunk);
        isFirst = false;
        yield chunk;
    }
}

function exportParser(take: (entry: LogEntry) => void): ExportParser {
    return new ExportParser(journalFields, exported => {
        take(new JournalLogEntry(exported));
    });
}

function openStream(path: string, signal: AbortSignal): AsyncIterable<Buffer> {
    return path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkSize, signal });
}

function nameOf(path: string): string {
    return path === '-' ? _('standard input') : path;
}

function unreadable(name: string, reason: string): CommandError {
    return new CommandError(exit.unavailable, 'Unreadable', _('{log} cannot be read: {reason}', { log: name, reason }));
}

/** Errors of system calls in the words of strerror(3); any other error is a defect of ours and is thrown again. */
export function systemError(error: unknown): string {
    switch ((error as NodeJS.ErrnoException).code) {
        case 'ENOENT':
            return _('there is no such file');
        case 'EACCES':
        case 'EPERM':
            return _('you may not read it');
        case 'EISDIR':
            return _('it is a directory');
        case 'ENOTDIR':
            return _('it is not a directory');
        case undefined:
            throw error;
        default:
            return messageOf(error);
    }
}
