import { Systemd } from '../machine/units/systemd.ts';
import type { Surroundings } from './definition.ts';

/** What runs on the buses that a source is given. */
export function managersFor({ session, system }: Pick<Surroundings, 'session' | 'system'>): Systemd {
    return new Systemd({
        get system() {
            return system?.connection ?? null;
        },
        session,
    });
}
