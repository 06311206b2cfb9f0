import type { JournalEntry } from './journalEntry.ts';

export type Scope = 'system' | 'user';

/** What a service manager says of a unit at this moment; org.freedesktop.systemd1(5) has the words. */
export type UnitState = {
    scope: Scope;
    /** Canonical name, such as "ssh.service". */
    name: string;
    description: string;
    loadState: string;
    activeState: string;
    subState: string;
};

/** What a source tells the rest of the service. Microseconds since the Unix epoch throughout. */
export type Event =
    | { kind: 'journal'; entry: JournalEntry }
    | { kind: 'unit-state'; time: number; unit: UnitState }
    /** Entries were lost between two that we have seen; `detail` says why, in words. */
    | { kind: 'gap'; time: number; source: string; lost: number | null; detail: string };
