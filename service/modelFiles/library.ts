/**
 * The installed models: a folder each, `ID/model.gguf` and `ID/model.json`, under one folder of the user's data. One
 * rename adds a model and one removes it, so that no crash leaves half of one. Names with a leading dot are work in
 * progress.
 */
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError, messageOf } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { log } from '../util/log.ts';
import { syncFolder, writeAtomically } from '../util/durableFiles.ts';
import { modelId, sha256 } from './names.ts';
import { modelFile, noteFile, readNote, type Note } from './partial.ts';
import type { Role } from './role.ts';
import { lazy } from '../util/lazy.ts';

const facts = lazy(() =>
    z.object({
        name: z.string(),
        architecture: z.string(),
        parameters: z.number(),
        quantisation: z.string(),
        licence: z.string(),
        context: z.number().nullable(),
        layers: z.number(),
        vocabulary: z.number(),
        weights: z.number(),
        cachePerToken: z.number(),
        chatTemplate: z.enum(['none', 'plain', 'tools']),
    }),
);

const manifest = lazy(() =>
    z.object({
        id: modelId,
        /** For people. */
        name: z.string().min(1),
        /** In bytes. */
        size: z.number(),
        sha256,
        /** When it was installed, in microseconds since the Unix epoch. */
        installed: z.number(),
        /** Where it came from. */
        origin: z.discriminatedUnion('kind', [
            z.object({ kind: z.literal('hub'), repository: z.string(), file: z.string(), revision: z.string() }),
            z.object({ kind: z.literal('file'), path: z.string() }),
        ]),
        facts: facts(),
    }),
);
export type Manifest = z.output<ReturnType<typeof manifest>>;
export type Installed = Manifest & {
    /** Of the file. */
    path: string;
};

/** A download that has begun. */
export type Unfinished = {
    id: string;
    /** For people. */
    name: string;
    /** Bytes there, and in all; 0 in all where that is not known. */
    received: number;
    total: number;
    /** What is being fetched; null where that was lost. */
    note: Note | null;
    folder: string;
};

/** Which model does what; null for none in particular. */
export type Choice = Record<Role, string | null>;
const choice = lazy(() => z.object({ quick: modelId.nullable(), hard: modelId.nullable() }));

const manifestFile = 'model.json';
const choiceFile = '.chosen.json';
const partial = '.partial-';
const drafts = ['.import-', '.removed-'];
/** Milliseconds after which abandoned work in progress is deleted: another service may be working on it. */
const draftAge = 86_400_000;

/** Emits `changed` when a model is added or removed, or another is chosen. */
export class Library extends EventEmitter<{ changed: [] }> {
    readonly #folder: string;
    readonly #models = new Map<string, Installed>();
    #choice: Choice = { quick: null, hard: null };

    private constructor(folder: string) {
        super();
        this.#folder = folder;
    }

    /** @param folder which need not be there: it is made for the first model */
    static async open(folder: string): Promise<Library> {
        const library = new Library(folder);
        await library.#load();
        return library;
    }

    /** By name. */
    list(): Installed[] {
        return [...this.#models.values()].sort((a, b) => a.name.localeCompare(b.name));
    }

    /** @throws ReeveError NotFound */
    get(id: string): Installed {
        const model = this.#models.get(id);
        if (model === undefined) throw new ReeveError('NotFound', _('There is no model {id}', { id }));
        return model;
    }

    has(id: string): boolean {
        return this.#models.has(id);
    }

    findContent(hash: string): Installed | undefined {
        return [...this.#models.values()].find(model => model.sha256 === hash);
    }

    /** What was chosen for each role. */
    get choice(): Choice {
        return { ...this.#choice };
    }

    /** The model for a role: the one chosen for it, else the other role's, else the oldest. */
    chosen(role: Role): Installed | null {
        const other = role === 'quick' ? 'hard' : 'quick';
        const id = this.#choice[role] ?? this.#choice[other];
        const [first] = [...this.#models.values()].sort((a, b) => a.installed - b.installed);
        return (id === null ? first : this.#models.get(id)) ?? null;
    }

    /** @param id null for none in particular. @throws ReeveError NotFound */
    async choose(role: Role, id: string | null): Promise<void> {
        if (id !== null) this.get(id);
        await this.#setChoice({ ...this.#choice, [role]: id });
    }

    /** The folder of a model's unfinished download; created when it is missing. */
    async partialFolder(id: string): Promise<string> {
        const folder = join(this.#folder, `${partial}${id}`);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return folder;
    }

    /** Models of which a download has begun, by id. */
    async unfinished(): Promise<Unfinished[]> {
        const names = (await this.#names()).filter(name => name.startsWith(partial));
        const found = names.map(async name => {
            const folder = join(this.#folder, name);
            const id = name.slice(partial.length);
            const [file, note] = await Promise.all([stat(join(folder, modelFile)).catch(() => null), readNote(folder)]);
            return { id, name: note?.name ?? id, received: file?.size ?? 0, total: note?.size ?? 0, note, folder };
        });
        return (await Promise.all(found)).sort((a, b) => a.id.localeCompare(b.id));
    }

    /** A folder to prepare an import in. */
    async draftFolder(): Promise<string> {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        return mkdtemp(join(this.#folder, '.import-'));
    }

    /**
     * Takes over a folder with a complete `model.gguf`.
     *
     * @param folder of this library, from `partialFolder` or `draftFolder`; it is gone afterwards
     */
    async install(folder: string, described: Manifest): Promise<Installed> {
        const { id } = described;
        const target = join(this.#folder, id);
        if (this.#models.has(id)) throw new ReeveError('InvalidState', _('There is already a model {id}', { id }));
        await writeAtomically(join(folder, manifestFile), JSON.stringify(manifest().parse(described), null, 4));
        await rename(folder, target);
        await syncFolder(this.#folder);
        // Only now: before this, a crash would have cost the whole download.
        await rm(join(target, noteFile), { force: true });
        const model = { ...described, path: join(target, modelFile) };
        this.#models.set(id, model);
        this.emit('changed');
        return model;
    }

    /** Deletes a model. A process with the file open keeps it until it closes it. @throws ReeveError NotFound */
    async remove(id: string): Promise<void> {
        this.get(id);
        const grave = await mkdtemp(join(this.#folder, '.removed-'));
        await rename(join(this.#folder, id), join(grave, id));
        await syncFolder(this.#folder);
        this.#models.delete(id);
        const forget = (chosen: string | null) => (chosen === id ? null : chosen);
        await this.#setChoice({ quick: forget(this.#choice.quick), hard: forget(this.#choice.hard) });
        await rm(grave, { recursive: true, force: true });
    }

    /** Deletes what has arrived of a model. @throws ReeveError NotFound */
    async discard(id: string): Promise<void> {
        const found = (await this.unfinished()).find(one => one.id === id);
        if (found === undefined) throw new ReeveError('NotFound', _('There is no model {id}', { id }));
        await rm(found.folder, { recursive: true, force: true });
        this.emit('changed');
    }

    async #setChoice(next: Choice): Promise<void> {
        await writeAtomically(join(this.#folder, choiceFile), JSON.stringify(next));
        this.#choice = next;
        this.emit('changed');
    }

    async #names(): Promise<string[]> {
        try {
            return await readdir(this.#folder);
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code !== 'ENOENT')
                log('warning', 'Models cannot be listed', { folder: this.#folder, code: code ?? '' });
            return [];
        }
    }

    async #load(): Promise<void> {
        for (const name of await this.#names()) {
            if (drafts.some(prefix => name.startsWith(prefix))) await this.#removeOld(name);
            else if (!name.startsWith('.') && modelId.safeParse(name).success) await this.#loadModel(name);
        }
        this.#choice = await this.#loadChoice();
    }

    async #loadModel(id: string): Promise<void> {
        const folder = join(this.#folder, id);
        const path = join(folder, modelFile);
        try {
            if (!(await stat(folder)).isDirectory()) return;
            const described = manifest().parse(JSON.parse(await readFile(join(folder, manifestFile), 'utf8')));
            await using file = await open(path, 'r');
            const { size } = await file.stat();
            if (described.id !== id || described.size !== size) throw new Error('it differs from the installed file');
            this.#models.set(id, { ...described, path });
        } catch (error) {
            // The folder stays: it is large, and the user's.
            log('warning', 'A model cannot be used', { folder, reason: reasonOf(error) });
        }
    }

    async #loadChoice(): Promise<Choice> {
        const text = await readFile(join(this.#folder, choiceFile), 'utf8').catch(() => null);
        if (text === null) return { quick: null, hard: null };
        try {
            const read = choice().parse(JSON.parse(text));
            const known = (id: string | null) => (id !== null && this.#models.has(id) ? id : null);
            return { quick: known(read.quick), hard: known(read.hard) };
        } catch (error) {
            log('warning', 'Lost the choice of model', { reason: reasonOf(error) });
            return { quick: null, hard: null };
        }
    }

    async #removeOld(name: string): Promise<void> {
        const folder = join(this.#folder, name);
        const { mtimeMs } = await stat(folder);
        if (Date.now() - mtimeMs > draftAge) await rm(folder, { recursive: true, force: true });
    }
}

function reasonOf(error: unknown): string {
    if (error instanceof z.ZodError) {
        const [issue] = error.issues;
        return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    }
    return messageOf(error);
}
