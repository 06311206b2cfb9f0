import type Clutter from 'gi://Clutter';
import type St from 'gi://St';

import { column } from '../widgets.js';

/** A card that does not fold. */
export function plainCard(...children: Clutter.Actor[]): St.BoxLayout {
    const actor = column('message reeve-card reeve-introduction-card', ...children);
    // The Shell draws what is not reactive as insensitive.
    actor.reactive = true;
    return actor;
}
