/**
 * Reads the Journal Export Format (https://systemd.io/JOURNAL_EXPORT_FORMATS) from a stream.
 *
 * An entry is a sequence of fields ended by an empty line. A field is `NAME=value\n`, or, for values with unusual bytes,
 * `NAME\n`, the value's size as 64-bit little-endian, the value, `\n`.
 */

const newline = 0x0a;
const equals = 0x3d;

/** The part of a value beyond this size is neither kept nor parsed. */
export const valueLimit = 64 * 1024;
/** JOURNAL_FIELD_NAME_MAX in systemd's src/libsystemd/sd-journal/journal-file.h (also the limit of journald's own parser). */
const nameLimit = 64;
/** A larger value cannot come from a journal: DATA_SIZE_MAX is 768 MiB in src/basic/journal-importer.h. */
const sizeLimit = 1024 * 1024 * 1024;

/** The input is not in this format. */
export class NotAnExport extends Error {
    override name = 'NotAnExport';
}

/** One entry; valid only while its handler runs. Fields that occur twice have their first value. */
export interface ExportedEntry {
    /** The raw value, cut at 64 KiB; null when the entry has no such field. */
    bytes(field: number): Buffer | null;
    /**
     * The value with each byte as one character, at most `limit` of them: for identifiers, or to be sanitised later as raw
     * bytes.
     */
    latin1(field: number, limit?: number): string | null;
    has(field: number): boolean;
    /** Searches the first `limit` bytes of a value. @returns null when the entry has no such field, or no literal is in it */
    find<T>(field: number, index: LiteralSearch<T>, limit: number): T[] | null;
}

/** Finds literals in bytes; null when there are none. */
export interface LiteralSearch<T> {
    find(bytes: Uint8Array, start: number, end: number): T[] | null;
}

/**
 * @param fields the names of fields to read; handlers ask for them by their position here
 *
 * Memory stays below a few times `valueLimit` for each field, whatever the input. After a malformed entry, parsing continues
 * with the next one; `malformed` counts the malformed ones.
 */
export class ExportParser {
    malformed = 0;
    readonly #slots: FieldTable;
    readonly #onEntry: (entry: ExportedEntry) => void;
    /** In which entry, by its number, each field occurred last. */
    readonly #entries: Float64Array;
    #current = 1;
    /** Where each field's value is in `#buffer`; start -1 where it is in `#kept`. */
    readonly #starts: Int32Array;
    readonly #ends: Int32Array;
    readonly #kept: (Buffer | null)[];
    #anyKept = false;
    readonly #texts: KnownTexts;
    readonly #entry: ExportedEntry;
    #buffer: Buffer = Buffer.alloc(0);
    #anyField = false;
    /** Bytes of a large value, and its newline, that are still to come and to be skipped. */
    #skipBytes = 0;
    #skipLine = false;
    /** Set after a malformed field: everything up to the next empty line is skipped. */
    #resynchronise = false;
    #valid = false;

    constructor(fields: readonly string[], onEntry: (entry: ExportedEntry) => void) {
        this.#slots = new FieldTable(fields);
        this.#onEntry = onEntry;
        this.#entries = new Float64Array(fields.length);
        this.#starts = new Int32Array(fields.length);
        this.#ends = new Int32Array(fields.length);
        this.#kept = new Array<Buffer | null>(fields.length).fill(null);
        this.#texts = new KnownTexts(fields.length);
        this.#entry = {
            bytes: field => this.#bytes(field),
            latin1: (field, limit = valueLimit) => {
                if (!this.#has(field)) return null;
                const start = this.#starts[field] ?? 0;
                const end = this.#ends[field] ?? 0;
                if (start < 0) return this.#kept[field]?.toString('latin1', 0, limit) ?? null;
                return this.#texts.get(field, this.#buffer, start, Math.min(end, start + limit));
            },
            has: field => this.#has(field),
            find: (field, index, limit) => {
                if (!this.#has(field)) return null;
                const start = this.#starts[field] ?? 0;
                const kept = start < 0 ? this.#kept[field] : undefined;
                return kept === undefined || kept === null
                    ? index.find(this.#buffer, start, Math.min(this.#ends[field] ?? 0, start + limit))
                    : index.find(kept, 0, Math.min(kept.length, limit));
            },
        };
    }

    /**
     * Takes the next piece of the stream and calls the handler for each entry that it completes.
     *
     * @throws NotAnExport when the stream does not begin like this format
     */
    push(chunk: Buffer): void {
        let position = this.#skip(chunk, 0);
        if (this.#buffer.length > 0 && position < chunk.length) {
            // A cut value mostly ends with the line, and the rest of the chunk need not be copied for it.
            const end = chunk.indexOf(newline, position) + 1 || chunk.length;
            this.#parse(Buffer.concat([this.#buffer, chunk.subarray(position, end)]));
            position = this.#skip(chunk, end);
        }
        if (position === chunk.length) return;
        const rest = position === 0 ? chunk : chunk.subarray(position);
        this.#parse(this.#buffer.length === 0 ? rest : Buffer.concat([this.#buffer, rest]));
    }

    /** @returns where in `chunk`, from `position` on, the skipped part of a large value ends */
    #skip(chunk: Buffer, position: number): number {
        const start = Math.min(position + this.#skipBytes, chunk.length);
        this.#skipBytes -= start - position;
        if (!this.#skipLine) return start;
        const end = chunk.indexOf(newline, start);
        this.#skipLine = end < 0;
        return end < 0 ? chunk.length : end + 1;
    }

    /** Ends the stream. @returns whether it ended between two entries */
    end(): boolean {
        const clean = this.#buffer.length === 0 && !this.#anyField && this.#skipBytes === 0 && !this.#skipLine;
        if (!this.#valid && !clean) throw new NotAnExport('it ends before its first entry does');
        // The last entry of a file need not be followed by an empty line.
        if (this.#buffer.length === 0 && this.#anyField && !this.#resynchronise) {
            this.#emit();
            return true;
        }
        return clean;
    }

    #parse(buffer: Buffer): void {
        this.#buffer = buffer;
        const length = buffer.length;
        let position = 0;
        while (position < length) {
            if (buffer[position] === newline) {
                position += 1;
                if (this.#resynchronise) this.#resynchronise = false;
                else if (this.#anyField) this.#emit();
                continue;
            }
            if (this.#resynchronise) {
                const end = buffer.indexOf(newline, position);
                if (end < 0) break;
                position = end + 1;
                continue;
            }
            let separator = this.#slots.findExpected(buffer, position);
            if (separator < 0) {
                separator = findSeparator(buffer, position, Math.min(position + nameLimit + 1, length));
                if (separator < 0) {
                    if (length - position <= nameLimit) break;
                    this.#reject();
                    continue;
                }
                this.#slots.find(buffer, position, separator);
            }
            const { slot } = this.#slots;
            if (slot === invalidName) {
                this.#reject();
                continue;
            }
            if (buffer[separator] === equals) {
                const end = endOfLine(buffer, separator + 1);
                if (end < 0) {
                    if (length - separator <= valueLimit) break;
                    this.#cut(slot, buffer, separator + 1, length);
                    this.#skipLine = true;
                    position = length;
                    break;
                }
                this.#set(slot, separator + 1, end);
                position = end + 1;
                continue;
            }
            const start = separator + 9;
            if (start > length) break;
            const size = buffer.readUInt32LE(separator + 1) + buffer.readUInt32LE(separator + 5) * 0x1_0000_0000;
            if (size > sizeLimit) {
                this.#reject();
                continue;
            }
            if (start + size >= length) {
                if (length - start <= valueLimit) break;
                this.#cut(slot, buffer, start, length);
                this.#skipBytes = start + size + 1 - length;
                position = length;
                break;
            }
            if (buffer[start + size] !== newline) {
                this.#reject();
                continue;
            }
            this.#set(slot, start, start + size);
            position = start + size + 1;
        }
        this.#retain(buffer, position);
    }

    /** Keeps what is needed of a buffer whose rest, from `position`, belongs to an unfinished field. */
    #retain(buffer: Buffer, position: number): void {
        if (this.#anyField) {
            for (let slot = 0; slot < this.#ends.length; slot++) {
                const start = this.#starts[slot] ?? 0;
                if (this.#has(slot) && start >= 0) this.#keep(slot, buffer, start, this.#ends[slot] ?? 0);
            }
        }
        // A copy, so that a short rest does not hold on to the whole piece of the stream.
        this.#buffer = position === buffer.length ? Buffer.alloc(0) : Buffer.from(buffer.subarray(position));
    }

    #has(slot: number): boolean {
        return this.#entries[slot] === this.#current;
    }

    #set(slot: number, start: number, end: number): void {
        this.#anyField = true;
        if (slot < 0 || this.#has(slot)) return;
        this.#entries[slot] = this.#current;
        this.#starts[slot] = start;
        this.#ends[slot] = end;
    }

    /** The same for a value that does not end in this buffer. */
    #cut(slot: number, buffer: Buffer, start: number, end: number): void {
        this.#anyField = true;
        if (slot < 0 || this.#has(slot)) return;
        this.#entries[slot] = this.#current;
        this.#keep(slot, buffer, start, end);
    }

    #keep(slot: number, buffer: Buffer, start: number, end: number): void {
        this.#kept[slot] = Buffer.from(buffer.subarray(start, Math.min(end, start + valueLimit)));
        this.#anyKept = true;
        this.#starts[slot] = -1;
    }

    #bytes(slot: number): Buffer | null {
        if (!this.#has(slot)) return null;
        const start = this.#starts[slot] ?? 0;
        if (start < 0) return this.#kept[slot] ?? null;
        return this.#buffer.subarray(start, Math.min(this.#ends[slot] ?? 0, start + valueLimit));
    }

    #emit(): void {
        this.#valid = true;
        this.#onEntry(this.#entry);
        this.#forget();
    }

    #forget(): void {
        this.#anyField = false;
        this.#current += 1;
        if (this.#anyKept) this.#kept.fill(null);
        this.#anyKept = false;
    }

    #reject(): void {
        if (!this.#valid) throw new NotAnExport('it does not begin with an entry');
        this.malformed += 1;
        this.#resynchronise = true;
        this.#forget();
    }
}

/** The position of the "=" or newline that ends a field's name; -1 when there is none before `end`. */
function findSeparator(buffer: Buffer, start: number, end: number): number {
    for (let position = start; position < end; position++) {
        const byte = buffer[position];
        if (byte === equals || byte === newline) return position;
    }
    return -1;
}

/** How far a call of native code costs more than looking. */
const mostlyLonger = 32;

function endOfLine(buffer: Buffer, start: number): number {
    const near = Math.min(start + mostlyLonger, buffer.length);
    for (let position = start; position < near; position++) if (buffer[position] === newline) return position;
    return buffer.indexOf(newline, near);
}

const unwanted = -1;
const invalidName = -2;
/** Upper-case letters, digits and underscore; systemd.journal-fields(7). */
const isNameByte = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_') isNameByte[character.charCodeAt(0)] = 1;

/** How many names of other fields are recognised. */
const otherNames = 128;

/**
 * Finds fields by name in the raw bytes, without creating a string for each name. The entries of a writer have their fields in the
 * same order, so mostly the name that followed last time is there.
 */
class FieldTable {
    /** Of the field that was found last. */
    slot = unwanted;
    /** By number, with the "=". */
    readonly #names: Buffer[];
    readonly #wanted: number;
    /** By number, that of the name that followed last time. */
    readonly #followers: Uint16Array;
    #last = 0;
    /** Numbers of names that have the same hash, by hash. */
    readonly #byHash: number[][] = Array.from({ length: 256 }, () => []);

    constructor(names: readonly string[]) {
        this.#names = names.map(name => Buffer.from(`${name}=`, 'latin1'));
        this.#wanted = names.length;
        this.#followers = new Uint16Array(names.length + otherNames);
        for (const [number, name] of this.#names.entries()) this.#byHash[hash(name, 0, name.length - 1)]?.push(number);
    }

    /** @returns where the "=" is behind the expected name; -1 when another one is at `start` */
    findExpected(buffer: Buffer, start: number): number {
        const number = this.#followers[this.#last] ?? 0;
        const name = this.#names[number];
        if (name === undefined || buffer.length - start < name.length) return -1;
        for (let index = 0; index < name.length; index++) if (name[index] !== buffer[start + index]) return -1;
        this.#last = number;
        this.slot = number < this.#wanted ? number : unwanted;
        return start + name.length - 1;
    }

    find(buffer: Buffer, start: number, end: number): void {
        const candidates = this.#byHash[hash(buffer, start, end)] ?? [];
        for (const number of candidates) {
            const name = this.#names[number];
            if (name?.length !== end - start + 1) continue;
            let same = 0;
            while (same < end - start && name[same] === buffer[start + same]) same++;
            if (same < end - start) continue;
            this.#follow(number);
            return;
        }
        this.slot = invalidName;
        if (start === end) return;
        for (let position = start; position < end; position++) {
            if (isNameByte[buffer[position] ?? 0] === 0) return;
        }
        this.slot = unwanted;
        if (this.#names.length === this.#followers.length) return;
        candidates.push(this.#names.length);
        this.#follow(this.#names.length);
        this.#names.push(Buffer.from(`${buffer.toString('latin1', start, end)}=`, 'latin1'));
    }

    #follow(number: number): void {
        this.#followers[this.#last] = number;
        this.#last = number;
        this.slot = number < this.#wanted ? number : unwanted;
    }
}

/** A power of two. */
const textsPerField = 8;

/** Short values by field, as most fields have few: the last ones of each hash, so that no string is made for them again. */
class KnownTexts {
    readonly #texts: (string | undefined)[];

    constructor(fields: number) {
        this.#texts = new Array<string | undefined>(fields * textsPerField);
    }

    /** The bytes of the field's value, one a character. */
    get(field: number, bytes: Buffer, start: number, end: number): string {
        if (end - start > mostlyLonger) return bytes.toString('latin1', start, end);
        const place = field * textsPerField + ((end - start + (bytes[start] ?? 0)) & (textsPerField - 1));
        const known = this.#texts[place];
        if (known !== undefined && isText(known, bytes, start, end)) return known;
        return (this.#texts[place] = bytes.toString('latin1', start, end));
    }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    // Numbers that count differ at their ends.
    for (let index = text.length - 1; index >= 0; index--)
        if (text.charCodeAt(index) !== bytes[start + index]) return false;
    return true;
}

function hash(buffer: Buffer, start: number, end: number): number {
    const length = end - start;
    const middle = buffer[start + (length >> 1)] ?? 0;
    return (length * 31 + (buffer[start + 1] ?? 0) * 7 + middle * 3 + (buffer[end - 2] ?? 0)) & 0xff;
}
