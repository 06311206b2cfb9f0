// Two ways to run the same model are asked the same, in turns.
export type Asked = { messages: readonly { role: 'system' | 'user'; text: string }[]; tokens: number };

/** As the client saw it: milliseconds to the first piece of text, and tokens a second from then on. */
export type Answer = { firstToken: number; speed: number; promptTokens: number };

export interface Side {
    /** Until it could answer. */
    start(): Promise<void>;
    ask(asked: Asked): Promise<Answer>;
    stop(): Promise<void>;
}

export class Stopwatch {
    readonly #asked = performance.now();
    #first: number | null = null;

    text(): void {
        this.#first ??= performance.now();
    }

    answer(promptTokens: number, completionTokens: number): Answer {
        if (this.#first === null) throw new Error('The answer was empty');
        const seconds = (performance.now() - this.#first) / 1000;
        return {
            firstToken: this.#first - this.#asked,
            speed: (completionTokens - 1) / seconds,
            promptTokens,
        };
    }
}
