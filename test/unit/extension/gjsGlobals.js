// What Jasmine expects of a browser and GJS lacks. The name in the user agent is how Jasmine chooses to use it.
globalThis.navigator ??= { userAgent: 'GJS, in the way of Safari' };
globalThis.queueMicrotask ??= callback => void Promise.resolve().then(callback);
// GJS has no events for errors that nobody catches; the specs here throw in their own time.
globalThis.addEventListener ??= () => undefined;
globalThis.removeEventListener ??= () => undefined;
// For reports, which are plain data.
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));
