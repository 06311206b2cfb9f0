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
