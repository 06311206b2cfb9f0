import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { busSource } from './busSource.ts';

/** Notify of ca.desrt.dconf.Writer: prefix, keys below it (one empty one when the prefix is the key), tag. */
const notify = z.tuple([z.string(), z.array(z.string()).max(1000), z.string()]);

/** Settings that can break a desktop, and the exceptions that the desktop writes by itself. */
const reportedPaths = /^\/(?:org\/gnome\/(?:desktop|shell|mutter|settings-daemon|system)|system)\//;
const selfWritten =
    /\/(?:notifications\/application|app-folders|world-clocks|weather|app-picker-layout|command-history|looking-glass-history|last-[^/]*|welcome-dialog[^/]*|window-(?:size|state)|[^/]*-recent)(?:\/|$)|\/input-sources\/mru-sources$/;
const keysShown = 50;

/** Settings of the desktop, in dconf: which changed, not their values. */
export const settings = busSource({
    name: 'settings',
    bus: 'session',
    service: 'ca.desrt.dconf',
    make: () => [
        {
            match: { path: '/ca/desrt/dconf/Writer/user', interface: 'ca.desrt.dconf.Writer', member: 'Notify' },
            toChange: ({ body }) => {
                const [prefix, names] = notify.parse(body);
                const keys = names
                    .map(name => `${prefix}${name}`)
                    .filter(key => reportedPaths.test(key) && !selfWritten.test(key));
                const [first] = keys;
                if (first === undefined) return null;
                const [subject, summary] =
                    keys.length === 1
                        ? [first, _('The setting {key} was changed', { key: first })]
                        : [prefix, _('Settings below {key} were changed', { key: prefix })];
                const detail = keys.length === 1 ? '' : keys.slice(0, keysShown).join('\n');
                return {
                    kind: 'setting',
                    event: 'changed',
                    subject,
                    summary,
                    detail,
                    facts: { count: String(keys.length) },
                };
            },
        },
    ],
});
