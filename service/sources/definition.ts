import type { Connection } from '../dbus/connection.ts';
import type { SystemBus } from '../dbus/systemBus.ts';
import type { IncidentStatus } from '../model/incident.ts';
import type { Change, NewTimelineEntry } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import type { Contents } from '../store/contents.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { PollClock } from './pollClock.ts';

/** What a source may look at and keep. */
export type Surroundings = {
    /** "/", or a tree to look at in its stead. */
    root: string;
    /** The user's home directory. */
    home: string;
    database: Database;
    contents: Contents;
    /** To read; what a source tells of goes through its outlet. */
    timeline: Timeline;
    /** What has become of a fault that a source told of. */
    incidentStatus: (change: NewTimelineEntry) => IncidentStatus;
    /** When to look at what the kernel tells nobody of. */
    pollClock: PollClock;
    session: Connection | null;
    /** null on a machine that has none. */
    system: SystemBus | null;
};

/** What keeps a source from seeing everything, told to the user while it lasts. */
export type SourceNotice = { /** Stable, for scripts. */ code: string; text: string; remedy: string };

/** How a source tells of what it sees. */
export type Outlet = {
    /** Hands on a change. What comes faster than it can be kept is counted as lost. */
    emit(change: Change): void;
    /**
     * Resolves once what was handed on is kept: to be awaited by a source that reads much at a time, or remembers what it told.
     *
     * @throws Error when some of it could not be kept, as on a full disk
     */
    kept(): Promise<void>;
    /** It has begun to watch. @param detail what it cannot see, in words; empty when that is nothing */
    watching(detail?: string): void;
    /** What it watches is not on this machine; it goes on listening, since that may come. @param detail what is missing, in words */
    unavailable(detail: string): void;
    /** It can only begin when something else is there. @param detail what it waits for, in words */
    waiting(detail: string): void;
    /** It knows that it missed `count` events. */
    lose(count: number): void;
    notice(notice: SourceNotice): void;
    clearNotice(code: string): void;
};

/** This machine does not have what the source watches; the message says what. It is not tried again. */
export class SourceUnavailable extends Error {
    override name = 'SourceUnavailable';
}

/**
 * Something to watch: in the folder of the fault family that it serves, or in service/sources when it serves several. docs/sources.md
 * tells how to write one.
 */
export type SourceDefinition = {
    /** Stable, for scripts, such as "files". */
    name: string;
    /**
     * Watches until `signal` aborts, and then resolves with everything released.
     *
     * @throws SourceUnavailable when there is nothing to watch here; whatever else it throws has it started again, later
     *     and later
     */
    run(surroundings: Surroundings, outlet: Outlet, signal: AbortSignal): Promise<void>;
};
