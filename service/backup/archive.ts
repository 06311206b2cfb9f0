/**
 * The form of a backup: an SQLite archive, which sqlite3 -A lists and extracts (https://sqlite.org/sqlar.html). It can hold no links here, and
 * only names of ours. What is larger than a part of it is kept in several.
 */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deflateSync, inflateSync } from 'node:zlib';

import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import { modelId, sha256 as hash } from '../modelFiles/names.ts';
import { safeText } from '../text/sanitise.ts';
import { syncFolder } from '../util/durableFiles.ts';
import { ReeveError, messageOf } from '../util/errors.ts';

const table = 'CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)';
const partSize = 64 * 1024 * 1024;
const aboutName = 'backup.json';
const regularFile = 0o100600;
const typeMask = 0o170000;

/** Bytes of each, and how many there may be. */
const limits = {
    about: 32 * 1024 * 1024,
    database: 8 * 1024 ** 3,
    content: 512 * 1024 * 1024,
    configuration: 1024 * 1024,
    model: 1024 ** 4,
};
const filesLimit = 200_000;

const kinds: readonly [keyof typeof limits, RegExp][] = [
    ['database', /^database\/reeve\.db$/],
    ['content', /^contents\/[0-9a-f]{2}\/[0-9a-f]{62}$/],
    ['configuration', /^config\/config\.toml$/],
    ['configuration', /^config\/faults\.d\/(?!\.)[^/\p{Cc}]{1,200}\.yaml$/u],
    ['model', /^models\/[a-z0-9][a-z0-9._-]{0,63}\/model\.(?:gguf|json)$/],
];

const aboutSchema = z.strictObject({
    format: z.literal(1),
    /** Of the Reeve that made it. */
    version: z.string().max(100),
    /** Of the database. */
    schema: z.int().nonnegative(),
    /** Milliseconds since the Unix epoch. */
    made: z.int().nonnegative(),
    files: z
        .array(z.strictObject({ name: z.string().max(300), size: z.int().nonnegative(), sha256: hash }))
        .max(filesLimit),
    models: z
        .array(
            z.strictObject({
                id: modelId,
                name: z.string().max(300),
                size: z.int().nonnegative(),
                sha256: hash,
                roles: z.array(z.enum(['quick', 'hard'])),
            }),
        )
        .max(1000),
});
export type About = z.infer<typeof aboutSchema>;
type File = About['files'][number];

/** Writes to a file beside the target; `finish` makes it the target. */
export class ArchiveWriter implements Disposable {
    readonly #target: string;
    readonly #partial: string;
    readonly #connection: DatabaseSync;
    readonly #files: File[] = [];

    /** @throws ReeveError InvalidState when there is something already */
    constructor(target: string) {
        this.#target = target;
        this.#partial = `${target}.partial`;
        if (statSync(target, { throwIfNoEntry: false }) !== undefined)
            throw new ReeveError('InvalidState', _('{path} exists already', { path: target }));
        rmSync(this.#partial, { force: true });
        closeSync(openSync(this.#partial, 'wx', 0o600));
        this.#connection = new DatabaseSync(this.#partial);
        this.#connection.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${table}; BEGIN`);
    }

    /** @param content bytes, or the path of a file */
    add(name: string, content: Uint8Array | string): void {
        const digest = createHash('sha256');
        let size = 0;
        for (const part of partsOf(content)) {
            digest.update(part);
            this.#insert(partName(name, size), part, !name.startsWith('models/'));
            size += part.length;
        }
        this.#files.push({ name, size, sha256: digest.digest('hex') });
    }

    async finish(about: Omit<About, 'format' | 'files'>): Promise<void> {
        const whole: About = { format: 1, ...about, files: this.#files };
        this.#insert(aboutName, Buffer.from(JSON.stringify(whole)), true);
        this.#connection.exec('COMMIT');
        this.#connection.close();
        const descriptor = openSync(this.#partial, 'r');
        fsyncSync(descriptor);
        closeSync(descriptor);
        renameSync(this.#partial, this.#target);
        await syncFolder(dirname(this.#target));
    }

    #insert(name: string, data: Uint8Array, isCompressible: boolean): void {
        const packed = isCompressible ? deflateSync(data) : data;
        this.#connection
            .prepare('INSERT INTO sqlar (name, mode, mtime, sz, data) VALUES (?, ?, ?, ?, ?)')
            .run(
                name,
                regularFile,
                Math.floor(Date.now() / 1000),
                data.length,
                packed.length < data.length ? packed : data,
            );
    }

    [Symbol.dispose](): void {
        if (this.#connection.isOpen) this.#connection.close();
        rmSync(this.#partial, { force: true });
    }
}

function* partsOf(content: Uint8Array | string): Generator<Uint8Array> {
    if (typeof content !== 'string') {
        for (let start = 0; start === 0 || start < content.length; start += partSize)
            yield content.subarray(start, start + partSize);
        return;
    }
    const file = openSync(content, 'r');
    try {
        for (let isFirst = true; ; isFirst = false) {
            const buffer = Buffer.alloc(partSize);
            const length = readSync(file, buffer);
            if (length > 0 || isFirst) yield buffer.subarray(0, length);
            if (length === 0) return;
        }
    } finally {
        closeSync(file);
    }
}

/** @param start of the part, in bytes */
function partName(name: string, start: number): string {
    return start === 0 ? name : `${name}.${start}`;
}

/** A backup that somebody gave us: nothing of it is used before all of its names, sizes and hashes are right. */
export class Archive implements Disposable {
    readonly #connection: DatabaseSync;
    readonly about: About;

    /** @throws ReeveError NotFound, InvalidArgument */
    constructor(path: string) {
        if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
            throw new ReeveError('NotFound', _('The file {path} does not exist', { path }));
        this.#connection = new DatabaseSync(path, { readOnly: true });
        try {
            this.#connection.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
            this.#checkForm();
            const text = Buffer.from(this.#part(aboutName, limits.about)).toString('utf8');
            this.about = aboutSchema.parse(JSON.parse(text));
            this.#checkEntries();
        } catch (error) {
            this.#connection.close();
            throw error instanceof ReeveError ? error : unusable(reasonOf(error));
        }
    }

    has(name: string): boolean {
        return this.about.files.some(file => file.name === name);
    }

    /** Reads all of it once. @throws ReeveError InvalidArgument */
    verify(): void {
        for (const { name, size } of this.about.files) {
            let there = 0;
            for (const part of this.parts(name)) there += part.length;
            if (there !== size) throw unusable(_('{name} is damaged', { name: safeText(name, 100) }));
        }
    }

    /** A whole file. @throws ReeveError InvalidArgument */
    content(name: string): Buffer {
        return Buffer.concat([...this.parts(name)]);
    }

    /** The end of it comes only when its hash is right. @throws ReeveError InvalidArgument */
    *parts(name: string): Generator<Uint8Array> {
        const file = this.about.files.find(each => each.name === name);
        if (file === undefined) throw unusable(_('{name} is missing', { name: safeText(name, 100) }));
        const digest = createHash('sha256');
        for (let start = 0; start === 0 || start < file.size; start += partSize) {
            const part = this.#part(partName(name, start), partSize);
            digest.update(part);
            yield part;
        }
        if (digest.digest('hex') !== file.sha256) throw unusable(_('{name} is damaged', { name: safeText(name, 100) }));
    }

    #part(name: string, limit: number): Uint8Array {
        const row = this.#connection.prepare('SELECT sz, data FROM sqlar WHERE name = ?').get(name);
        const { sz, data } = row ?? {};
        if (!(data instanceof Uint8Array) || typeof sz !== 'number' || sz > limit)
            throw unusable(_('{name} is missing', { name: safeText(name, 100) }));
        const bytes = data.length === sz ? data : inflateSync(data, { maxOutputLength: Math.max(sz, 1) });
        if (bytes.length !== sz) throw unusable(_('{name} is damaged', { name: safeText(name, 100) }));
        return bytes;
    }

    /** A trigger or a view would be code of whoever made the file. */
    #checkForm(): void {
        const schema = this.#connection.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type').all();
        const isOurs =
            schema.length === 2 && schema[0]?.name === 'sqlite_autoindex_sqlar_1' && schema[1]?.sql === table;
        if (!isOurs) throw unusable(_('it is not a backup of Reeve'));
        const verdict = this.#connection.prepare('PRAGMA quick_check(1)').get()?.quick_check;
        if (verdict !== 'ok') throw unusable(_('it is damaged'));
    }

    #checkEntries(): void {
        const expected = new Map<string, number>();
        for (const { name, size, sha256 } of this.about.files) {
            const [kind] = kinds.find(([, pattern]) => pattern.test(name)) ?? [];
            if (kind === undefined) throw unusable(_('it has a file “{name}”', { name: safeText(name, 100) }));
            if (size > limits[kind] || expected.has(name))
                throw unusable(_('the size of {name} is wrong', { name: safeText(name, 100) }));
            if (kind === 'content' && name !== `contents/${sha256.slice(0, 2)}/${sha256.slice(2)}`)
                throw unusable(_('{name} is damaged', { name }));
            for (let start = 0; start === 0 || start < size; start += partSize)
                expected.set(partName(name, start), Math.min(partSize, size - start));
        }
        const query = this.#connection.prepare('SELECT name, mode, sz, length(data) AS stored FROM sqlar');
        for (const { name, mode, sz, stored } of query.iterate()) {
            const shown = { name: safeText(String(name), 100) };
            if (Number(mode) !== 0 && (Number(mode) & typeMask) !== (regularFile & typeMask))
                throw unusable(_('{name} is a link or something else that is not a file', shown));
            if (name === aboutName) continue;
            const size = expected.get(String(name));
            if (size === undefined) throw unusable(_('it has a file “{name}”', shown));
            if (sz !== size || Number(stored) > size) throw unusable(_('the size of {name} is wrong', shown));
            expected.delete(String(name));
        }
        const [missing] = expected.keys();
        if (missing !== undefined) throw unusable(_('{name} is missing', { name: safeText(missing, 100) }));
    }

    [Symbol.dispose](): void {
        if (this.#connection.isOpen) this.#connection.close();
    }
}

function reasonOf(error: unknown): string {
    if (error instanceof z.ZodError) return z.prettifyError(error);
    return messageOf(error);
}

export function unusable(reason: string): ReeveError {
    return new ReeveError('InvalidArgument', _('This backup cannot be used: {reason}', { reason }));
}
