import * as z from 'zod';

import { askMethod } from '../tools/properties.ts';
import type { Bus } from '../tools/machine.ts';

/** What the GNOME Shell says of its extensions: data/dbus-interfaces/org.gnome.Shell.Extensions.xml in gnome-shell. */
export const shellExtensions = {
    destination: 'org.gnome.Shell',
    path: '/org/gnome/Shell',
    interface: 'org.gnome.Shell.Extensions',
};

/** ExtensionState.ERROR of gnome-shell's js/misc/extensionUtils.js. */
export const extensionError = 3;

const listed = z.tuple([z.record(z.string(), z.looseObject({ state: z.number() }))]);

/** The state of an extension; null when there is no such extension, or no Shell to ask. */
export async function extensionState(session: Bus | null, uuid: string, signal: AbortSignal): Promise<number | null> {
    const answer = await askMethod(session, shellExtensions, 'ListExtensions', signal);
    const { data } = listed.safeParse(answer);
    return data?.[0][uuid]?.state ?? null;
}
