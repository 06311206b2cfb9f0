import * as z from 'zod';

import { askMethod } from '../tools/properties.ts';
import type { Bus } from '../tools/machine.ts';

/** What the GNOME Shell says of its extensions: data/dbus-interfaces/org.gnome.Shell.Extensions.xml in gnome-shell. */
export const shellExtensions = {
    destination: 'org.gnome.Shell',
    path: '/org/gnome/Shell',
    interface: 'org.gnome.Shell.Extensions',
};

/** How the Shell names an extension. */
export const extensionUuid = /^[\w.+-]+@[\w.+-]+$/;

/** What became of an extension that is switched on: ExtensionState of gnome-shell's js/misc/extensionUtils.js. */
export const extensionStates = { active: 1, error: 3 } as const;

const listed = z.tuple([z.record(z.string(), z.looseObject({ state: z.number(), enabled: z.boolean() }))]);

/**
 * The state of an extension; null when it is switched off, when there is no such extension, or no Shell to ask.
 *
 * One that is switched off after it broke stays in its state of error, for the Shell only stops what runs:
 * _callExtensionDisable() of its js/ui/extensionSystem.js.
 */
export async function extensionState(session: Bus | null, uuid: string, signal: AbortSignal): Promise<number | null> {
    const answer = await askMethod(session, shellExtensions, 'ListExtensions', signal);
    const { data } = listed.safeParse(answer);
    const extension = data?.[0][uuid];
    return extension?.enabled ? extension.state : null;
}
