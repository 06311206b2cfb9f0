import * as z from 'zod';

import { safeText } from '../../text/sanitise.ts';
import type { Bus } from '../machine.ts';
import { managedObjects } from '../managedObjects.ts';
import { lazy } from '../../util/lazy.ts';

export const udisks = 'org.freedesktop.UDisks2';
export const ataInterface = `${udisks}.Drive.Ata`;
export const nvmeInterface = `${udisks}.NVMe.Controller`;

const ata = lazy(() => z.object({ SmartFailing: z.boolean().optional() }));
const nvme = lazy(() => z.object({ SmartCriticalWarning: z.array(z.string()).optional() }));
const block = lazy(() => z.object({ Drive: z.string() }));

/** What a drive measured of itself. */
export type SmartState = { failing: boolean; /** In NVMe's own words, such as "spare". */ warnings: string };

/** @param node as the kernel and smartd call it, such as "sda" or "nvme0"; null when that is not known */
export type SmartDrive = SmartState & { path: string; node: string | null };

/**
 * Of the properties of one of the two interfaces; null when they do not say.
 *
 * @throws ZodError for values that are not as they should be
 */
export function smartOf(of: string, properties: unknown): SmartState | null {
    if (of === ataInterface) {
        const { SmartFailing: failing } = ata().parse(properties);
        return failing === undefined ? null : { failing, warnings: '' };
    }
    if (of !== nvmeInterface) return null;
    const { SmartCriticalWarning: found } = nvme().parse(properties);
    return found === undefined ? null : { failing: found.length > 0, warnings: safeText(found.join(', '), 256) };
}

/** Every drive that measures itself; null when udisks does not run. */
export async function readSmart(bus: Bus | null, signal: AbortSignal): Promise<SmartDrive[] | null> {
    const objects = await managedObjects(bus, { destination: udisks, path: '/org/freedesktop/UDisks2' }, signal);
    if (objects === null) return null;
    const nodes = new Map<string, string>();
    for (const [path, interfaces] of objects) {
        const { data } = block().safeParse(interfaces[`${udisks}.Block`]);
        if (data !== undefined && interfaces[`${udisks}.Partition`] === undefined) nodes.set(data.Drive, nodeOf(path));
    }
    return objects.flatMap(([path, interfaces]) =>
        Object.entries(interfaces).flatMap(([name, properties]) => {
            const state = smartOf(name, properties);
            return state === null ? [] : [{ ...state, path, node: nodes.get(path) ?? null }];
        }),
    );
}

/** The controller of an NVMe drive, not the namespace on it: it is what measures. */
function nodeOf(path: string): string {
    return safeText(path.slice(path.lastIndexOf('/') + 1).replace(/^(nvme\d{1,4})n\d{1,4}$/, '$1'), 32);
}
