import type { PackageChange } from '../../machine/packages/packages.ts';

export type PackageEvent = Pick<PackageChange, 'time' | 'action' | 'name' | 'from' | 'to'>;

/** What may be read, and what was remembered the last time. */
export type PollContext = {
    root: string;
    home: string;
    /** State in the manager's own format; null the first time. */
    remembered: string | null;
    signal: AbortSignal;
};

/** A package manager that leaves traces of its work. */
export type PackageManager = {
    name: string;
    /** Directories that change whenever it did something, and only then. */
    directories(machine: Pick<PollContext, 'root' | 'home'>): string[];
    /**
     * What it did since the last poll.
     *
     * @returns null when it is not there
     */
    poll(poll: PollContext): Promise<{ events: PackageEvent[]; remember: string } | null>;
};
