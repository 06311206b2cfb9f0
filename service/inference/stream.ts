/**
 * Connects a producer that pushes to a consumer that iterates. Pushed values wait; the producer bounds their amount.
 */
export class Stream<T> {
    readonly #waiting: T[] = [];
    #wake: (() => void) | null = null;
    #isOver = false;
    #error: Error | null = null;

    push(item: T): void {
        if (this.#isOver) return;
        this.#waiting.push(item);
        this.#wake?.();
    }

    /** What was pushed before is still handed over. */
    end(): void {
        this.#isOver = true;
        this.#wake?.();
    }

    /** The iteration throws at once; what was pushed before is dropped. */
    fail(error: Error): void {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#error = error;
        this.#wake?.();
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
        for (;;) {
            if (this.#error !== null) throw this.#error;
            const item = this.#waiting.shift();
            if (item !== undefined) yield item;
            else if (this.#isOver) return;
            else
                await new Promise<void>(resolve => {
                    this.#wake = resolve;
                });
        }
    }
}
