/** The result, or the reason of `signal` thrown as soon as it is aborted. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => {
        reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
        return await Promise.race([work, promise]);
    } finally {
        signal.removeEventListener('abort', abort);
    }
}

/** What a generator yields and returns, ended by the signal as `untilAborted`. Leaving it early ends the generator too. */
export async function* eachUntilAborted<Piece, Result>(
    generator: AsyncGenerator<Piece, Result, undefined>,
    signal: AbortSignal,
): AsyncGenerator<Piece, Result, undefined> {
    let isOver = false;
    try {
        for (;;) {
            const { value, done } = await untilAborted(generator.next(), signal);
            if (done === true) {
                isOver = true;
                return value;
            }
            yield value;
        }
    } finally {
        // One that hangs, which is why the signal ended it, would not end at our word either.
        if (!isOver && !signal.aborted) await generator.return(undefined as never);
    }
}
