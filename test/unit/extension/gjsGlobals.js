// What Jasmine expects of a browser and GJS lacks. The name in the user agent is how Jasmine chooses to use it.
globalThis.navigator ??= { userAgent: 'GJS, in the way of Safari' };
globalThis.queueMicrotask ??= callback => void Promise.resolve().then(callback);
// GJS has no events for errors that nobody catches; the specs here throw in their own time.
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;
// For reports, which are plain data.
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));
// GJS 1.74 has dropped a callback that came while it collected ("the JS callback not invoked", in its output), and Jasmine waited
// for ever. It yields with timers of no delay; its others are due only when a spec has failed. Microtasks are no callbacks of GLib.
const setGLibTimeout = globalThis.setTimeout;
globalThis.setTimeout = (callback, delay = 0, ...rest) => {
    if (delay > 0) return setGLibTimeout(callback, delay, ...rest);
    queueMicrotask(() => callback(...rest));
    return null;
};
