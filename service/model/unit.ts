/** The service manager: the system's, or the user's own. */
export type Scope = 'system' | 'user';

/** The present state of a unit, as its service manager reports it; org.freedesktop.systemd1(5) has the words. */
export type UnitState = {
    scope: Scope;
    /** Canonical name, such as "ssh.service". */
    name: string;
    description: string;
    loadState: string;
    activeState: string;
    subState: string;
};
