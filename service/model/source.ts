import type { EventEmitter } from 'node:events';

/** As Manager.Sources has them on the bus. */
export type SourceState = 'off' | 'starting' | 'watching' | 'waiting' | 'unavailable';

export type SourceStatus = {
    /** Stable, for scripts: "journal", "systemd-system", "files". */
    name: string;
    state: SourceState;
    /** In words, empty when there is nothing to report. */
    detail: string;
    /** How many events came from it since it was opened. */
    events: number;
    /** How many are known to have been lost. */
    lost: number;
    /** When the last event came, in microseconds since the Unix epoch; absent before the first. */
    lastEvent?: number;
    /** How long the last event waited to be examined, in microseconds. */
    lag?: number;
};

/**
 * A watched source. It emits `status` when the state, the detail or `lost` changes, not for each event; read
 * `status.events` when needed.
 */
export interface Source extends EventEmitter<{ status: [SourceStatus] }> {
    readonly status: SourceStatus;
}
