import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import { EventEmitter } from 'resource:///org/gnome/shell/misc/signals.js';

import { call, CallError, subscribe } from './bus.js';
import { decodeLookup, decodeRequest, decodeResult } from './decode.js';
import type { Dictionary } from './decode.js';
import { requestInterface } from './generated/interfaces.js';
import { busName, propertiesInterface, rootPath } from './names.js';
import type { Lookup, RequestResult } from './model.js';

/** Makes the call that creates the request, quoting the token. */
type Begin = (token: string, cancellable: Gio.Cancellable) => Promise<unknown>;

/** As in Request.Finished. */
const failed = 1;

let lastToken = 0;

/**
 * One Request object of the service, from before it exists until it has finished.
 *
 * Emits `text` whenever more text has come, `lookups` when a language model looks something up, and `finished` exactly once.
 */
export class Request extends EventEmitter<{ text: []; lookups: []; finished: [RequestResult] }> {
    /** Known before the call, as the contract says, so that no signal can be missed. */
    readonly path: string;
    #connection: Gio.DBusConnection;
    #cancellable = new Gio.Cancellable();
    #subscriptions: (() => void)[] = [];
    #text = '';
    #lookups: readonly Lookup[] = [];
    #nextChunk = 0;
    #isCatchingUp = false;
    /** The outcome, if it finishes while its state is being read. */
    #toFinish: RequestResult | null = null;
    /** How many signals came. */
    #signalCount = 0;
    #result: RequestResult | null = null;

    private constructor(connection: Gio.DBusConnection, path: string) {
        super();
        this.#connection = connection;
        this.path = path;
        const listen = (member: string, handler: (body: unknown[]) => void) => {
            const match = { sender: busName, interface: requestInterface, member, path };
            this.#subscriptions.push(
                subscribe(connection, match, (_path, body) => {
                    handler(body);
                }),
            );
        };
        listen('Chunk', ([sequence, text]) => {
            this.#addChunk(Number(sequence), String(text));
        });
        listen('Step', ([step]) => {
            const lookup = decodeLookup(step as Dictionary);
            this.#lookups = [...this.#lookups.filter(({ number }) => number !== lookup.number), lookup];
            this.#signalCount += 1;
            this.emit('lookups');
        });
        listen('Finished', ([outcome, results]) => {
            const result = decodeResult(Number(outcome), results as Dictionary);
            if (!this.#isCatchingUp) {
                this.#finish(result);
                return;
            }
            // Not without all of its text.
            this.#signalCount += 1;
            this.#toFinish = result;
        });
    }

    /** Starts a request that takes a while. */
    static begin(connection: Gio.DBusConnection, begin: Begin): Request {
        const sender = connection.get_unique_name()?.slice(1).replaceAll('.', '_') ?? '';
        lastToken += 1;
        const token = `shell${lastToken}`;
        const request = new Request(connection, `${rootPath}/request/${sender}/${token}`);
        begin(token, request.#cancellable).catch((error: unknown) => {
            request.fail(error);
        });
        return request;
    }

    /** Resumes a request that began before the extension was disabled, for example by the lock screen. */
    static resume(connection: Gio.DBusConnection, path: string): Request {
        const request = new Request(connection, path);
        request.#catchUp().catch((error: unknown) => {
            request.fail(error);
        });
        return request;
    }

    /** All of the text so far. */
    get text(): string {
        return this.#text;
    }

    /** What was looked up so far, each as it is now. */
    get lookups(): readonly Lookup[] {
        return this.#lookups;
    }

    /** Null while it runs. */
    get result(): RequestResult | null {
        return this.#result;
    }

    /** Asks the service to stop; `finished` follows. */
    cancel(): void {
        if (this.#result !== null) return;
        const target = { destination: busName, path: this.path, interface: requestInterface, member: 'Cancel' };
        call(this.#connection, target, this.#cancellable).catch((error: unknown) => {
            this.fail(error);
        });
    }

    /** Ends it from this side: the service went away, or refused. */
    fail(error: unknown): void {
        const { name, message } = error instanceof CallError ? error : new CallError('', String(error));
        this.#finish(this.#toFinish ?? decodeResult(failed, { error: name, message }));
    }

    /** Drops it without a signal; the service's work goes on. */
    destroy(): void {
        this.#cancellable.cancel();
        for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
        this.disconnectAll();
    }

    #addChunk(sequence: number, text: string): void {
        if (this.#result !== null || sequence < this.#nextChunk) return;
        const isNext = sequence === this.#nextChunk;
        this.#nextChunk = sequence + 1;
        this.#signalCount += 1;
        if (this.#isCatchingUp) return;
        if (isNext) {
            this.#text += text;
            this.emit('text');
        } else {
            // A piece was missed; the whole text is there to be read.
            this.#catchUp().catch((error: unknown) => {
                this.fail(error);
            });
        }
    }

    async #catchUp(): Promise<void> {
        this.#isCatchingUp = true;
        let signalCount: number;
        do {
            signalCount = this.#signalCount;
            const [properties] = await call(
                this.#connection,
                {
                    destination: busName,
                    path: this.path,
                    interface: propertiesInterface,
                    member: 'GetAll',
                    parameters: new GLib.Variant('(s)', [requestInterface]),
                },
                this.#cancellable,
            );
            const { text, lookups, result } = decodeRequest(properties as Dictionary);
            this.#text = text;
            this.#lookups = lookups;
            this.emit('lookups');
            this.emit('text');
            this.#toFinish = result ?? this.#toFinish;
            // Nobody can say whether a signal that comes meanwhile is older than the answer.
        } while (signalCount !== this.#signalCount);
        this.#isCatchingUp = false;
        if (this.#toFinish !== null) this.#finish(this.#toFinish);
    }

    #finish(result: RequestResult): void {
        if (this.#result !== null || this.#cancellable.is_cancelled()) return;
        this.#result = result;
        for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
        this.emit('finished', result);
    }
}
