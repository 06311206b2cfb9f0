import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { busSource } from '../../sources/signals/busSource.ts';

const stateChanged = z.tuple([
    z.string(),
    z.object({ state: z.number().optional(), error: z.string().optional(), name: z.string().optional() }),
]);

/** ExtensionState of GNOME Shell's js/misc/extensionUtils.js. */
const states: Record<number, 'enabled' | 'disabled' | 'error'> = { 1: 'enabled', 2: 'disabled', 3: 'error' };

/** Extensions of GNOME Shell that are switched on or off, or break. */
export const shellExtensions = busSource({
    name: 'shell-extensions',
    bus: 'session',
    service: 'org.gnome.Shell',
    make: () => {
        const known = new Map<string, string>();
        return [
            {
                match: {
                    path: '/org/gnome/Shell',
                    interface: 'org.gnome.Shell.Extensions',
                    member: 'ExtensionStateChanged',
                },
                toChange: ({ body }) => {
                    const [uuid, { state = 0, error = '', name = '' }] = stateChanged.parse(body);
                    const event = states[state];
                    if (event === undefined || known.get(uuid) === event) return null;
                    if (known.size > 500) known.clear();
                    known.set(uuid, event);
                    const extension = safeText(name || uuid, 128);
                    const summaries = {
                        enabled: _('The extension {extension} was turned on', { extension }),
                        disabled: _('The extension {extension} was turned off', { extension }),
                        error: _('The extension {extension} has an error', { extension }),
                    };
                    return {
                        kind: 'session',
                        event: `extension-${event}`,
                        subject: uuid,
                        summary: summaries[event],
                        detail: error,
                        facts: { extension: uuid },
                    };
                },
            },
        ];
    },
});
