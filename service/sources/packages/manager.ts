import type { PackageChange } from '../../machine/packages/packages.ts';

export type PackageEvent = Pick<PackageChange, 'time' | 'action' | 'name' | 'from' | 'to'>;

/** What may be looked at, and what was remembered the last time. */
export type Look = {
    root: string;
    home: string;
    /** Text of the manager's own making; null the first time. */
    remembered: string | null;
    signal: AbortSignal;
};

/** A package manager that leaves traces of what it did. */
export type PackageManager = {
    name: string;
    /** Directories in which something happens whenever it did something, and else nothing. */
    directories(machine: Pick<Look, 'root' | 'home'>): string[];
    /**
     * What it did since the last look.
     *
     * @returns null when it is not there
     */
    look(look: Look): Promise<{ events: PackageEvent[]; remember: string } | null>;
};
