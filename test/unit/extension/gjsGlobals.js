// What Jasmine expects of a browser and GJS lacks. The name in the user agent is how Jasmine chooses to use it.
globalThis.navigator ??= { userAgent: 'GJS, in the way of Safari' };
globalThis.queueMicrotask ??= callback => void Promise.resolve().then(callback);
// GJS has no events for errors that nobody catches; the specs here throw in their own time.
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;
// For reports, which are plain data.
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));
// GJS 1.74 collects in slices, and between two of them drops what is due ("the JS callback not invoked"). Jasmine would wait for
// ever for the timer with which it yields; its others are due only when a spec has failed. Microtasks are not dropped.
const setGLibTimeout = globalThis.setTimeout;
globalThis.setTimeout = (callback, delay = 0, ...rest) => {
    if (delay > 0) return setGLibTimeout(callback, delay, ...rest);
    queueMicrotask(() => callback(...rest));
    return null;
};
