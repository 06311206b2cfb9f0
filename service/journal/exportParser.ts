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
        this.#entry = {
            bytes: field => this.#bytes(field),
            latin1: (field, limit = valueLimit) => {
                if (!this.#has(field)) return null;
                const start = this.#starts[field] ?? 0;
                const end = this.#ends[field] ?? 0;
                if (start < 0) return this.#kept[field]?.toString('latin1', 0, limit) ?? null;
                return this.#buffer.toString('latin1', start, Math.min(end, start + limit));
            },
            has: field => this.#has(field),
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
            const end = buffer.indexOf(newline, position);
            if (this.#resynchronise) {
                if (end < 0) break;
                position = end + 1;
                continue;
            }
            const separator = findSeparator(buffer, position, Math.min(position + nameLimit + 1, length));
            if (separator < 0) {
                if (length - position <= nameLimit) break;
                this.#reject();
                continue;
            }
            const slot = this.#slots.find(buffer, position, separator);
            if (slot === invalidName) {
                this.#reject();
                continue;
            }
            if (buffer[separator] === equals) {
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

const unwanted = -1;
const invalidName = -2;
/** Upper-case letters, digits and underscore; systemd.journal-fields(7). */
const isNameByte = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_') isNameByte[character.charCodeAt(0)] = 1;

/** Finds fields by name in the raw bytes, without creating a string for each name. */
class FieldTable {
    readonly #names: Buffer[];
    /** Slots whose names have the same hash, by hash. */
    readonly #byHash: number[][] = Array.from({ length: 256 }, () => []);

    constructor(names: readonly string[]) {
        this.#names = names.map(name => Buffer.from(name, 'latin1'));
        for (const [slot, name] of this.#names.entries()) this.#byHash[hash(name, 0, name.length)]?.push(slot);
    }

    find(buffer: Buffer, start: number, end: number): number {
        const candidates = this.#byHash[hash(buffer, start, end)] ?? [];
        for (const slot of candidates) {
            const name = this.#names[slot];
            if (name?.length !== end - start) continue;
            let same = 0;
            while (same < name.length && name[same] === buffer[start + same]) same++;
            if (same === name.length) return slot;
        }
        if (start === end) return invalidName;
        for (let position = start; position < end; position++) {
            if (isNameByte[buffer[position] ?? 0] === 0) return invalidName;
        }
        return unwanted;
    }
}

function hash(buffer: Buffer, start: number, end: number): number {
    const length = end - start;
    const middle = buffer[start + (length >> 1)] ?? 0;
    return (length * 31 + (buffer[start + 1] ?? 0) * 7 + middle * 3 + (buffer[end - 2] ?? 0)) & 0xff;
}
