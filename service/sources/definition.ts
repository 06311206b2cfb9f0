import type { Connection } from '../dbus/connection.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import type { IncidentStatus } from '../model/incident.ts';
import type { Change, NewTimelineEntry } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import type { Contents } from '../store/contents.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { PollClock } from './pollClock.ts';

/** What a source may read and keep. */
export type Surroundings = {
    /** "/", or another root to read instead. */
    root: string;
    /** The user's home directory. */
    home: string;
    database: Database;
    contents: Contents;
    /** Read only; a source reports through its outlet. */
    timeline: Timeline;
    /** What has become of a fault that a source reported. */
    incidentStatus: (change: NewTimelineEntry) => IncidentStatus;
    /** When to poll for what the kernel announces to nobody. */
    pollClock: PollClock;
    session: Connection | null;
    /** null on a machine that has none. */
    system: SystemBus | null;
};

/** What keeps a source from seeing everything, shown to the user while it lasts. */
export type SourceNotice = { /** Stable, for scripts. */ code: string; text: string; remedy: string };

/** How a source reports what it sees. */
export type Outlet = {
    /** Hands on a change. Changes that arrive faster than they can be stored are counted as lost. */
    emit(change: Change): void;
    /**
     * Resolves once everything handed on is stored. A source awaits this if it reads much at a time or remembers its reports.
     *
     * @throws Error when some of it could not be stored, as on a full disk
     */
    kept(): Promise<void>;
    /** It has begun to watch. @param detail what it cannot see, in words; empty if it sees everything */
    watching(detail?: string): void;
    /**
     * What it watches is not on this machine; it goes on listening, since that may appear. @param detail what is missing, in
     * words
     */
    unavailable(detail: string): void;
    /** It cannot begin before something else is there. @param detail what it waits for, in words */
    waiting(detail: string): void;
    /** It knows that it missed `count` events. */
    lose(count: number): void;
    notice(notice: SourceNotice): void;
    clearNotice(code: string): void;
};

/** This machine does not have what the source watches; the message says what. There is no retry. */
export class SourceUnavailable extends Error {
    override name = 'SourceUnavailable';
}

/**
 * Something to watch: in the folder of the fault family that it serves, or in service/sources when it serves several.
 * docs/sources.md explains how to write one.
 */
export type SourceDefinition = {
    /** Stable, for scripts, such as "files". */
    name: string;
    /**
     * Watches until `signal` aborts, and then resolves with everything released.
     *
     * @throws SourceUnavailable when there is nothing to watch here; after any other error it is restarted, with growing delays
     */
    run(surroundings: Surroundings, outlet: Outlet, signal: AbortSignal): Promise<void>;
};
