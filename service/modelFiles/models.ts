/**
 * Models: installed ones, available ones, and how to get them. The code for downloads and imports is loaded with the
 * first of them, because the service holds this module all day.
 */
import { EventEmitter } from 'node:events';
import { basename } from 'node:path';

import { Format } from '../i18n/format.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Machine } from '../machine/machine.ts';
import type { Running } from './acquire.ts';
import type { Hub } from './hub.ts';
import { Library, type Installed } from './library.ts';
import type { Assessment } from './recommend.ts';
import type { Role } from './role.ts';
import type { Survey } from './survey.ts';

/** A model that is being transferred. */
export type Transfer = {
    /** Empty for an import, which has none yet. */
    id: string;
    /** For people. */
    name: string;
    kind: 'download' | 'import';
    /** Bytes there, and in all; 0 in all while that is not known. */
    received: number;
    total: number;
    /** The stage, in words; empty for a stopped download that can be resumed. */
    step: string;
    isRunning: boolean;
};

export type Work = { write: (line: string) => void; signal: AbortSignal };

/** A model as the inference backend sees it. */
export type ModelFile = { kind: 'file'; name: string; path: string; sha256: string; contextTokens: null };

type Options = {
    /** Where models are kept; need not be there. */
    folder: string;
    machine: Machine;
    /** BCP 47. */
    locale: string;
    /** "https://host"; Hugging Face's by default. */
    hub?: string | undefined;
    /** Microseconds since the Unix epoch. */
    clock?: () => number;
    /** See download.ts. */
    pauses?: readonly number[];
};

/** Milliseconds between two progress signals of a transfer. */
const announceEvery = 500;

/** Emits `changed` when a model is added or removed, another is chosen, or a transfer advances. */
export class Models extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #options: Options;
    readonly #clock: () => number;
    readonly #library: Library;
    readonly #format: Format;
    #hub: Hub | undefined;
    #running: { transfer: Transfer; cancellation: AbortController; ended: Promise<unknown> } | null = null;
    #stopped: Transfer[] = [];

    private constructor(options: Options, library: Library) {
        super();
        this.#options = options;
        this.#library = library;
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
        this.#hub?.[Symbol.dispose]();
    }

    list(): Installed[] {
        return this.#library.list();
    }

    /** Running transfers, and stopped ones that can be resumed. */
    transfers(): Transfer[] {
        return [...(this.#running === null ? [] : [this.#running.transfer]), ...this.#stopped];
    }

    /** The model for a role; null when none was chosen. */
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
        const { takeSurvey } = await import('./survey.ts');
        return takeSurvey(this.#options.machine, this.#options.folder, signal);
    }

    /** All of the catalogue, from the weakest to the strongest. */
    async assess(signal: AbortSignal): Promise<Assessment[]> {
        const { assess } = await import('./recommend.ts');
        return assess(await this.survey(signal), this.#format);
    }

    /**
     * Fetches a model and installs it. Goes on where an earlier attempt has stopped.
     *
     * @param model an id of the catalogue or of a download that has begun, or "OWNER/NAME/FILE.gguf" of the hub
     * @param options.evenIfTooLarge whether to fetch a model that does not fit into memory
     * @throws ReeveError NotFound, InvalidArgument, InvalidState, Busy, DoesNotFit, NoSpace, WrongChecksum,
     * UnusableModel, Unavailable, Cancelled
     */
    async download(
        model: string,
        { evenIfTooLarge, work }: { evenIfTooLarge: boolean; work: Work },
    ): Promise<Installed> {
        const { orderFor } = await import('./order.ts');
        const begun = (await this.#library.unfinished()).find(other => other.id === model);
        const { size: total, ...order } = orderFor(model, begun?.note ?? null);
        const { id, name } = order;
        if (this.#library.has(id)) throw new ReeveError('InvalidState', _('There is already a model {id}', { id }));
        return this.#transfer({ id, name, kind: 'download', total }, work, async running => {
            const { fetchModel } = await import('./acquire.ts');
            const { pauses } = this.#options;
            const survey = await this.survey(running.signal);
            const hub = await this.#useHub();
            const format = this.#format;
            return fetchModel({ order, hub, survey, evenIfTooLarge, format, pauses, ...this.#common(running) });
        });
    }

    /**
     * Copies a model file of the user's.
     *
     * @param path absolute
     * @throws ReeveError NotFound, InvalidArgument, Busy, NoSpace, UnusableModel, Cancelled
     */
    async import(path: string, work: Work): Promise<Installed> {
        return this.#transfer({ id: '', name: basename(path), kind: 'import', total: 0 }, work, async running => {
            const { importModel } = await import('./acquire.ts');
            return importModel({ path, ...this.#common(running) });
        });
    }

    /** Deletes a model, or a partial download. @throws ReeveError NotFound, InvalidState during its transfer */
    async remove(id: string): Promise<void> {
        if (this.#running?.transfer.id === id)
            throw new ReeveError('InvalidState', _('{id} is being installed; cancel that first', { id }));
        await (this.#library.has(id) ? this.#library.remove(id) : this.#library.discard(id));
        await this.#readStopped();
        this.emit('changed');
    }

    /**
     * Stops a transfer of any caller. What has arrived of a download is kept.
     *
     * @param id empty for an import
     * @throws ReeveError NotFound
     */
    cancel(id: string): void {
        if (this.#running?.transfer.id !== id)
            throw new ReeveError('NotFound', _('{id} is not being installed', { id }));
        this.#running.cancellation.abort(new ReeveError('Cancelled', _('It was cancelled')));
    }

    async #useHub(): Promise<Hub> {
        const { Hub: HuggingFace } = await import('./hub.ts');
        const { hub } = this.#options;
        this.#hub ??= new HuggingFace(hub === undefined ? {} : { base: hub });
        return this.#hub;
    }

    #common(running: Running) {
        return { library: this.#library, now: this.#clock(), running };
    }

    /** One at a time: two would only share the same line or the same disk. */
    async #transfer<T>(
        about: Pick<Transfer, 'id' | 'name' | 'kind' | 'total'>,
        work: Work,
        body: (running: Running) => Promise<T>,
    ): Promise<T> {
        if (this.#running !== null) {
            const { name } = this.#running.transfer;
            throw new ReeveError('Busy', _('{name} is being installed; install one model at a time', { name }));
        }
        const transfer: Transfer = { ...about, received: 0, step: '', isRunning: true };
        const cancellation = new AbortController();
        const signal = AbortSignal.any([work.signal, cancellation.signal]);
        const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
        this.#running = { transfer, cancellation, ended };
        this.#stopped = this.#stopped.filter(other => other.id !== about.id);
        using announcements = this.#announcements();
        try {
            return await body({
                step: text => {
                    if (text !== transfer.step) work.write(text);
                    transfer.step = text;
                    this.emit('changed');
                },
                progress: (received, inAll) => {
                    Object.assign(transfer, { received, total: inAll });
                    announcements.soon();
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

    /** Thousands of pieces a second become two signals. */
    #announcements(): { soon: () => void } & Disposable {
        let pending: NodeJS.Timeout | undefined;
        return {
            soon: () => {
                pending ??= setTimeout(() => {
                    pending = undefined;
                    this.emit('changed');
                }, announceEvery);
            },
            [Symbol.dispose]: () => {
                clearTimeout(pending);
            },
        };
    }

    async #readStopped(): Promise<void> {
        const unfinished = await this.#library.unfinished();
        this.#stopped = unfinished
            .filter(({ id }) => id !== this.#running?.transfer.id)
            .map(({ id, name, received, total }) => {
                return { id, name, kind: 'download', received, total, step: '', isRunning: false };
            });
    }
}
