import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import { askMethod } from '../properties.ts';
import type { Bus } from '../machine.ts';
import { lazy } from '../../util/lazy.ts';

/** The extensions of GNOME Shell: data/dbus-interfaces/org.gnome.Shell.Extensions.xml in gnome-shell. */
export const shellExtensions = {
    destination: 'org.gnome.Shell',
    path: '/org/gnome/Shell',
    interface: 'org.gnome.Shell.Extensions',
};

/** How the Shell names an extension. */
export const extensionUuid = /^[\w.+-]+@[\w.+-]+$/;

/** The state of an extension that is switched on: ExtensionState of gnome-shell's js/misc/extensionUtils.js. */
export const extensionStates = { active: 1, error: 3, outOfDate: 4 } as const;

/** What serializeExtension() of that file gives for each: its metadata and these. */
const described = z.looseObject({
    state: z.number(),
    enabled: z.boolean(),
    name: z.string().default(''),
    error: z.string().default(''),
});
const listed = lazy(() => z.tuple([z.record(z.string(), described)]));

export type ShellExtension = {
    uuid: string;
    /** Its own name for people, safe to show; its UUID where it has none. */
    name: string;
    /**
     * Of `extensionStates`. One that is switched off after it broke stays in its state of error, for the Shell only stops what
     * runs: _callExtensionDisable() of its js/ui/extensionSystem.js.
     */
    state: number;
    enabled: boolean;
    /** Why it broke, in the words of the engine, which nobody has checked; empty when it did not. */
    error: string;
};

/** The extensions that are installed; null where there is no Shell to ask. */
export async function readExtensions(session: Bus | null, signal: AbortSignal): Promise<ShellExtension[] | null> {
    const { data } = listed().safeParse(await askMethod(session, shellExtensions, 'ListExtensions', signal));
    if (data === undefined) return null;
    return Object.entries(data[0]).map(([uuid, { name, state, enabled, error }]) => ({
        uuid: safeText(uuid, 128),
        name: safeText(name || uuid, 128),
        state,
        enabled,
        error,
    }));
}

/** The state of an extension; null when it is switched off, when there is no such extension, or no Shell to ask. */
export async function extensionState(session: Bus | null, uuid: string, signal: AbortSignal): Promise<number | null> {
    const extension = (await readExtensions(session, signal))?.find(known => known.uuid === uuid);
    return extension?.enabled === true ? extension.state : null;
}
