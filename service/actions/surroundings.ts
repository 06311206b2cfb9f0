import type { DeclaredService } from '../config/services.ts';
import type { Contents } from '../store/contents.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import type { Machine } from '../machine/machine.ts';

/** What an action needs in order to work out its steps. */
export type Surroundings = {
    systemd: Systemd;
    contents: Contents;
    /** null when the watched system is not this computer. */
    machine: Machine | null;
    /** The servers of models that the user declares; none where root works the plan out. */
    declared?: () => readonly DeclaredService[];
    /** Root works the plan out, for what a user may not do: no step is the user's own. */
    asRoot?: boolean;
};
