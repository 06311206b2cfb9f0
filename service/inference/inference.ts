/** The service's language models. Cheap until the first question: the backends are loaded then. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { _ } from '../i18n/i18n.ts';
import type { Connection } from '../dbus/connection.ts';
import type { Config } from '../config/schema.ts';
import type { Machine } from '../machine/machine.ts';
import type { AcceleratorName, Backend, BackendStatus, Model, RequestOptions, UnloadReason } from './backend.ts';
import { ReeveError } from '../util/errors.ts';
import { InferenceError } from './errors.ts';
import { isLoopback } from './remote/loopback.ts';
import type { LocalBackend, LocalComputing } from './local/localBackend.ts';

const isBundled = import.meta.filename.endsWith('.mjs');
const worker = join(import.meta.dirname, isBundled ? 'inference.mjs' : 'worker/main.ts');

/** A server that is silent for this long counts as hung: a large model may think before its first byte. */
const serverPatience = 120_000;

export type InferenceOptions = {
    settings: () => Pick<Config, 'model' | 'server'>;
    machine: Machine;
    session: Connection;
    /** null while there is none. */
    system: () => Connection | null;
    /** The folder for the results of probes. */
    folder: string;
};

/** By which the keyring finds the key of a server; documented for users in docs/inference.md. */
const keyAttributes = (server: string) => ({ application: 'reeve', server });

/** Emits `changed` after every change of a backend's status. */
export class Inference extends EventEmitter<{ changed: [] }> implements AsyncDisposable {
    readonly #options: InferenceOptions;
    #local: Promise<LocalBackend> | null = null;
    #opened: LocalBackend | null = null;
    #remote: { url: string; backend: Promise<Backend> } | null = null;
    #last: Backend | null = null;

    constructor(options: InferenceOptions) {
        super();
        this.#options = options;
    }

    /** Of the backend that was used last; null before the first use. */
    get status(): BackendStatus | null {
        return this.#last?.status ?? null;
    }

    /** What computes on this machine; null before the first probe. */
    get computing(): LocalComputing | null {
        return this.#opened?.computing ?? null;
    }

    /** The model of the configured server; null when none is configured. */
    get serverModel(): Model | null {
        const { url, model } = this.#options.settings().server;
        return url === '' || model === '' ? null : { kind: 'remote', name: model };
    }

    /** The address of the configured server; empty when none is configured. */
    get serverUrl(): string {
        return this.#options.settings().server.url;
    }

    /** Whether questions to the configured server leave this machine. */
    get serverIsElsewhere(): boolean {
        const { url } = this.#options.settings().server;
        return url !== '' && !isLoopback(url);
    }

    /** @throws InferenceError NoModel when a server is wanted and none is configured */
    async backendFor(model: Model): Promise<Backend> {
        this.#last = await (model.kind === 'file' ? this.#openLocal() : this.#openRemote());
        this.emit('changed');
        return this.#last;
    }

    /** Detects again what computes on this machine. @param onAccelerator called with the accelerator under test */
    async tryAccelerators(
        options: Pick<RequestOptions, 'client' | 'signal'>,
        onAccelerator: (name: AcceleratorName) => void,
    ): Promise<void> {
        await (await this.#openLocal()).tryAccelerators(options, onAccelerator);
    }

    /**
     * Whether the keyring keeps a key for the configured server; null where there is no keyring.
     *
     * @throws ReeveError InvalidState when no server is configured
     */
    async hasServerKey(): Promise<boolean | null> {
        const { hasSecret } = await import('./remote/secretService.ts');
        return await hasSecret(this.#options.session, keyAttributes(this.#configuredUrl()));
    }

    /**
     * Has the keyring keep a key for the configured server, or forget it. It may ask its user for a password.
     *
     * @throws ReeveError InvalidState when no server is configured, Unavailable without a keyring, Cancelled
     */
    async setServerKey(key: string | null): Promise<void> {
        const url = this.#configuredUrl();
        const { forgetSecret, keepSecret } = await import('./remote/secretService.ts');
        const { session } = this.#options;
        const label = _('Reeve: key of {server}', { server: url });
        if (key === null) await forgetSecret(session, keyAttributes(url));
        else await keepSecret(session, keyAttributes(url), { label, text: key });
    }

    async unload(reason: UnloadReason): Promise<void> {
        await (await this.#local)?.unload(reason);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await Promise.all(
            [this.#local, this.#remote?.backend].map(async backend => (await backend)?.[Symbol.asyncDispose]()),
        );
    }

    async #openLocal(): Promise<LocalBackend> {
        this.#local ??= this.#follow(this.#loadLocal());
        this.#opened = await this.#local;
        return this.#opened;
    }

    async #loadLocal(): Promise<LocalBackend> {
        const [{ LocalBackend }, { watchConditions }, { ownUnit }, { countCores }] = await Promise.all([
            import('./local/localBackend.ts'),
            import('./local/conditions.ts'),
            import('./local/launch.ts'),
            import('../modelFiles/survey.ts'),
        ]);
        const { machine, session, system, folder, settings } = this.#options;
        const cores = await countCores(machine);
        return new LocalBackend({
            program: { node: process.execPath, flags: ['--disable-warning=ExperimentalWarning'], script: worker },
            unit: ownUnit(),
            environment: process.env,
            folder,
            settings: () => {
                const { accelerator, unload_after, threads } = settings().model;
                return { accelerator, idleAfter: unload_after * 60_000, threads: threads === 0 ? cores : threads };
            },
            watchConditions: unload => watchConditions({ session, system }, unload),
        });
    }

    #configuredUrl(): string {
        const { url } = this.#options.settings().server;
        if (url === '')
            throw new ReeveError('InvalidState', _('No server is configured; set server.url in the configuration.'));
        return url;
    }

    async #openRemote(): Promise<Backend> {
        const { url } = this.#options.settings().server;
        if (url === '')
            throw new InferenceError('NoModel', _('No server is configured; set server.url in the configuration.'));
        if (this.#remote?.url !== url) {
            const old = this.#remote?.backend;
            this.#remote = { url, backend: this.#follow(this.#loadRemote(url)) };
            await (await old)?.[Symbol.asyncDispose]();
        }
        return await this.#remote.backend;
    }

    async #loadRemote(url: string): Promise<Backend> {
        const [{ RemoteBackend }, { lookUpSecret }] = await Promise.all([
            import('./remote/remoteBackend.ts'),
            import('./remote/secretService.ts'),
        ]);
        const key = () => lookUpSecret(this.#options.session, keyAttributes(url));
        return new RemoteBackend({ url, key, patience: serverPatience });
    }

    async #follow<B extends Backend>(opening: Promise<B>): Promise<B> {
        const backend = await opening;
        backend.on('changed', () => {
            this.emit('changed');
        });
        return backend;
    }
}
