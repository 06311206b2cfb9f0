import { _ } from '../i18n/i18n.ts';
import { InferenceError } from './errors.ts';

/** What may end one request early: its caller, its deadline, or the backend. Its signal's reason is an InferenceError. */
export class Limits implements Disposable {
    readonly #controller = new AbortController();
    readonly #caller: AbortSignal;
    readonly #timer: NodeJS.Timeout | undefined;

    constructor({ signal, timeout }: { signal: AbortSignal; timeout?: number }) {
        this.#caller = signal;
        if (signal.aborted) this.#abort();
        else signal.addEventListener('abort', this.#abort, { once: true });
        if (timeout !== undefined) {
            const error = new InferenceError(
                'TimedOut',
                _('The model did not answer in time. Ask something shorter, or choose a smaller model.'),
            );
            this.#timer = setTimeout(() => {
                this.end(error);
            }, timeout);
        }
    }

    get signal(): AbortSignal {
        return this.#controller.signal;
    }

    end(reason: InferenceError): void {
        this.#controller.abort(reason);
    }

    [Symbol.dispose](): void {
        clearTimeout(this.#timer);
        this.#caller.removeEventListener('abort', this.#abort);
    }

    readonly #abort = (): void => {
        this.end(new InferenceError('Aborted', _('The question was cancelled.'), { cause: this.#caller.reason }));
    };
}
