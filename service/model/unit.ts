/** Whose service manager: the system's, or the user's own. */
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
