/** Aborted by the first Ctrl+C; the second ends the process at once, as without a handler. */
export function onInterrupt(): { signal: AbortSignal } & Disposable {
    const controller = new AbortController();
    const abort = () => {
        process.off('SIGINT', abort);
        controller.abort();
    };
    process.on('SIGINT', abort);
    return {
        signal: controller.signal,
        [Symbol.dispose]: () => {
            process.off('SIGINT', abort);
        },
    };
}
