import { join } from 'node:path';

import { safeText } from '../../text/sanitise.ts';
import { listNames, readBytes, readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { sha256 } from '../../util/sha256.ts';

export const screensFolder = '/sys/class/drm';
/** The connector of a screen, such as "card1-DP-2": drm_sysfs_connector_add() of drivers/gpu/drm/drm_sysfs.c. */
const connector = /^card\d+-(.+)$/;

export type Screen = {
    /** Of its connector, as in /sys. */
    name: string;
    /** The same for people. */
    place: string;
    /** Its identity across boots. */
    identity: string;
};

const prefix = 'screen ';

export function isScreen(identity: string): boolean {
    return identity.startsWith(prefix);
}

/** The screens that are plugged in. */
export async function readScreens(machine: Machine): Promise<Screen[]> {
    const names = (await listNames(machine, screensFolder)).filter(name => connector.test(name));
    const screens = await Promise.all(
        names.map(async name => {
            const status = await readText(machine, join(screensFolder, name, 'status'), 64);
            if (status?.trim() !== 'connected') return null;
            // Its description holds maker, model and serial number: the beginning of EDID, 128 bytes of VESA's E-EDID.
            const edid = await readBytes(machine, join(screensFolder, name, 'edid'), 128);
            const place = safeText(connector.exec(name)?.[1] ?? name, 64);
            return { name, place, identity: identify(place, edid) };
        }),
    );
    return screens.filter(screen => screen !== null);
}

/** Numbers of cards, and of connectors behind a dock, are assigned in order of detection. */
function identify(place: string, edid: Buffer | null): string {
    if (edid === null || edid.length === 0) return `${prefix}${place}`;
    return `${prefix}${sha256(edid).slice(0, 32)}`;
}
