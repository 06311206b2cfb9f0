// What the Shell's misc/signals.js is for the client: an object with signals, of GJS's own making.
export class EventEmitter {}
imports.signals.addSignalMethods(EventEmitter.prototype);
