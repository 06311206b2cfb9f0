/** Models: which there are, which there could be, and getting from one to the other. */
import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';

import { Format } from '../assistant/format.ts';
import { ReeveError } from '../errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Machine } from '../tools/machine.ts';
import { findEntry, sizeOf, type CatalogueEntry } from './catalogue.ts';
import { download } from './download.ts';
import { estimateNeed, needOf } from './fit.ts';
import type { ModelFacts } from './gguf/facts.ts';
import { Hub, type Pinned, type Wanted } from './hub.ts';
import { importFile } from './importFile.ts';
import { Library, type Installed } from './library.ts';
import { assess, diskReserve, misfit, type Assessment, type Role } from './recommend.ts';
import { takeSurvey, type Survey } from './survey.ts';

/** A model on its way in. */
export type Transfer = {
    id: string;
    /** For people. */
    name: string;
    kind: 'download' | 'import';
    /** Bytes there, and in all; 0 in all while that is not known. */
    received: number;
    total: number;
    /** What is being done, in words; empty for one that stopped and can be taken up again. */
    step: string;
    isRunning: boolean;
};

export type Work = { write: (line: string) => void; signal: AbortSignal };

/** What a model is to the inference backend. */
export type ModelFile = { kind: 'file'; name: string; path: string; sha256: string; contextTokens: null };

type Options = {
    folder: string;
    machine: Machine;
    /** BCP 47. */
    locale: string;
    hub?: Hub;
    /** Microseconds since the Unix epoch. */
    clock?: () => number;
    /** See download.ts. */
    pauses?: readonly number[];
};

/** Milliseconds between two announcements of how far a transfer is. */
const announceEvery = 500;

/** Emits `changed` when a model has come or gone, another is chosen, or a transfer has come further. */
export class Models extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #options: Options;
    readonly #hub: Hub;
    readonly #clock: () => number;
    readonly #library: Library;
    readonly #format: Format;
    #running: { transfer: Transfer; cancellation: AbortController; ended: Promise<unknown> } | null = null;
    #stopped: Transfer[] = [];

    private constructor(options: Options, library: Library) {
        super();
        this.#options = options;
        this.#library = library;
        this.#hub = options.hub ?? new Hub();
        this.#clock = options.clock ?? (() => Date.now() * 1000);
        this.#format = new Format(options.locale);
        library.on('changed', () => {
            this.emit('changed');
        });
    }

    static async open(options: Options): Promise<Models> {
        const models = new Models(options, await Library.open(options.folder));
        await models.#readStopped();
        return models;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const running = this.#running;
        running?.cancellation.abort(new ReeveError('Cancelled', _('The service is stopping')));
        await running?.ended;
        this.#hub[Symbol.dispose]();
    }

    list(): Installed[] {
        return this.#library.list();
    }

    /** Those under way, and those that stopped and can be taken up again. */
    transfers(): Transfer[] {
        return [...(this.#running === null ? [] : [this.#running.transfer]), ...this.#stopped];
    }

    /** What does a role's work; null when nothing was chosen. */
    chosen(role: Role): Installed | null {
        return this.#library.chosen(role);
    }

    /** The same for the inference backend. */
    fileFor(role: Role): ModelFile | null {
        const model = this.chosen(role);
        if (model === null) return null;
        return { kind: 'file', name: model.name, path: model.path, sha256: model.sha256, contextTokens: null };
    }

    /** @param id null for none in particular. @throws ReeveError NotFound */
    async use(role: Role, id: string | null): Promise<void> {
        await this.#library.choose(role, id);
    }

    async survey(signal: AbortSignal): Promise<Survey> {
        return takeSurvey(this.#options.machine, this.#options.folder, signal);
    }

    /** All of the catalogue, from the weakest to the strongest. */
    async assess(signal: AbortSignal): Promise<Assessment[]> {
        return assess(await this.survey(signal), this.#format);
    }

    /**
     * Fetches a model of the catalogue and installs it.
     *
     * @param options.evenIfTooLarge whether to fetch what does not fit into memory
     * @throws ReeveError NotFound, InvalidState, Busy, DoesNotFit, NoSpace, WrongChecksum, UnusableModel, Unavailable, Cancelled
     */
    async download(id: string, { evenIfTooLarge, work }: { evenIfTooLarge: boolean; work: Work }): Promise<Installed> {
        const entry = findEntry(id);
        if (entry === undefined) throw new ReeveError('NotFound', _('The catalogue has no model {id}', { id }));
        if (this.#library.has(id)) throw new ReeveError('InvalidState', _('There is a model {id} already', { id }));
        return this.#transfer({ id, name: entry.name, kind: 'download', total: sizeOf(entry) }, work, async running => {
            const survey = await this.survey(running.signal);
            const assertFits = (need: ReturnType<typeof needOf>) => {
                const reason = evenIfTooLarge ? null : misfit(entry.name, need, survey, this.#format);
                if (reason !== null) throw new ReeveError('DoesNotFit', reason);
            };
            assertFits(estimateNeed(entry));
            running.step(_('Asking the hub about {name}', { name: entry.name }));
            const pinned = await this.#pin(entry, running.signal);
            running.progress(0, pinned.size);
            const folder = await this.#library.partialFolder(id);
            await this.#assertRoom(id, pinned.size, survey);
            const facts = await download({
                hub: this.#hub,
                pinned,
                folder,
                check: found => {
                    assertFits(needOf(found));
                },
                progress: {
                    received: bytes => {
                        running.progress(bytes, pinned.size);
                    },
                    step: running.step,
                },
                signal: running.signal,
                ...(this.#options.pauses !== undefined && { pauses: this.#options.pauses }),
            });
            const { repository, file, revision } = pinned;
            const origin = { kind: 'hub' as const, repository, file, revision };
            return this.#install(folder, {
                id,
                name: entry.name,
                size: pinned.size,
                sha256: pinned.sha256,
                origin,
                facts,
            });
        });
    }

    /**
     * Copies a model file of the user's.
     *
     * @param path absolute
     * @throws ReeveError NotFound, InvalidArgument, Busy, NoSpace, UnusableModel, Cancelled
     */
    async import(path: string, work: Work): Promise<Installed> {
        const name = basename(path);
        return this.#transfer({ id: '', name, kind: 'import', total: 0 }, work, async running => {
            running.step(_('Reading {name}', { name }));
            const folder = await this.#library.draftFolder();
            try {
                const imported = await importFile(path, folder, { received: running.progress, signal: running.signal });
                const known = this.#library.findContent(imported.sha256);
                if (known !== undefined) return known;
                const title = imported.facts.name || basename(path, '.gguf');
                const id = this.#freeId(title);
                return await this.#install(folder, { id, name: title, origin: { kind: 'file', path }, ...imported });
            } finally {
                await rm(folder, { recursive: true, force: true });
            }
        });
    }

    /** Deletes a model, or what has arrived of one. @throws ReeveError NotFound, InvalidState while it is on its way */
    async remove(id: string): Promise<void> {
        if (this.#running?.transfer.id === id)
            throw new ReeveError('InvalidState', _('{id} is on its way; cancel that first', { id }));
        await (this.#library.has(id) ? this.#library.remove(id) : this.#library.discard(id));
        await this.#readStopped();
    }

    /** Stops a transfer, whoever began it. What has arrived of a download is kept. @throws ReeveError NotFound */
    cancel(id: string): void {
        if (this.#running?.transfer.id !== id) throw new ReeveError('NotFound', _('{id} is not on its way', { id }));
        this.#running.cancellation.abort(new ReeveError('Cancelled', _('The download was cancelled')));
    }

    async #pin(entry: CatalogueEntry, signal: AbortSignal): Promise<Pinned> {
        const { repository, file, revision, sha256 } = entry;
        const wanted: Wanted = { repository, file, revision, sha256 };
        return this.#hub.pin(wanted, signal);
    }

    async #assertRoom(id: string, size: number, survey: Survey): Promise<void> {
        const there = (await this.#library.unfinished()).find(one => one.id === id)?.received ?? 0;
        const needed = size - there + diskReserve;
        if (needed <= survey.disk) return;
        throw new ReeveError(
            'NoSpace',
            _('{needed} of free disk are needed, and there are {free}.', {
                needed: this.#format.size(needed),
                free: this.#format.size(survey.disk),
            }),
        );
    }

    #install(
        folder: string,
        model: {
            id: string;
            name: string;
            size: number;
            sha256: string;
            origin: Installed['origin'];
            facts: ModelFacts;
        },
    ): Promise<Installed> {
        return this.#library.install(folder, { ...model, installed: this.#clock() });
    }

    /** From a title: "Qwen3 4B Instruct" is "qwen3-4b-instruct", or "qwen3-4b-instruct-2" when that is taken. */
    #freeId(title: string): string {
        const plain = title
            .toLowerCase()
            .replace(/[^a-z0-9._]+/g, '-')
            .replace(/^[^a-z0-9]+|-+$/g, '');
        const base = plain.slice(0, 56) || 'model';
        for (let number = 1; ; number += 1) {
            const id = number === 1 ? base : `${base}-${number}`;
            if (!this.#library.has(id)) return id;
        }
    }

    /** One at a time: two would only share the same line or the same disk. */
    async #transfer<T>(
        { id, name, kind, total }: Pick<Transfer, 'id' | 'name' | 'kind' | 'total'>,
        work: Work,
        body: (running: {
            step: (text: string) => void;
            progress: (received: number, of: number) => void;
            signal: AbortSignal;
        }) => Promise<T>,
    ): Promise<T> {
        if (this.#running !== null) {
            const { name: other } = this.#running.transfer;
            throw new ReeveError('Busy', _('{name} is on its way; one model at a time', { name: other }));
        }
        const transfer: Transfer = { id, name, kind, received: 0, total, step: '', isRunning: true };
        const cancellation = new AbortController();
        const signal = AbortSignal.any([work.signal, cancellation.signal]);
        let announced = -Infinity;
        const announce = (isDue: boolean) => {
            const now = performance.now();
            if (!isDue && now - announced < announceEvery) return;
            announced = now;
            this.emit('changed');
        };
        const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
        this.#running = { transfer, cancellation, ended };
        this.#stopped = this.#stopped.filter(other => other.id !== id);
        try {
            return await body({
                step: text => {
                    if (text !== transfer.step) work.write(text);
                    transfer.step = text;
                    announce(true);
                },
                progress: (received, of) => {
                    const isNew = transfer.total !== of;
                    transfer.received = received;
                    transfer.total = of;
                    announce(isNew);
                },
                signal,
            });
        } catch (error) {
            throw signal.aborted ? (signal.reason as Error) : error;
        } finally {
            this.#running = null;
            await this.#readStopped();
            this.emit('changed');
            end(undefined);
        }
    }

    async #readStopped(): Promise<void> {
        const unfinished = await this.#library.unfinished();
        const stopped = unfinished.filter(({ id }) => id !== this.#running?.transfer.id);
        this.#stopped = stopped.map(({ id, received }) => {
            const entry = findEntry(id);
            const total = entry === undefined ? 0 : sizeOf(entry);
            return { id, name: entry?.name ?? id, kind: 'download', received, total, step: '', isRunning: false };
        });
    }
}
