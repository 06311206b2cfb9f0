/** Shared by the actions on applications of Flatpak. */
import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Surroundings } from '../surroundings.ts';

export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };
export type Installation = 'user' | 'system';

/** A name of D-Bus, as flatpak-metadata(5) has it. */
const applicationId = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*){2,}$/;
const remoteName = /^[A-Za-z0-9][\w.-]{0,127}$/;

export const flatpakParameters = z.strictObject({
    id: z.string().max(255).regex(applicationId),
    installation: z.enum(['user', 'system']),
});

export type FlatpakApplication = { id: string; name: string; installation: Installation; origin: string };

/** The installed applications, by flatpak-list(1), which separates columns by tabs. @throws ReeveError InvalidState without Flatpak */
export async function requireFlatpaks({ machine, signal }: Asked): Promise<FlatpakApplication[]> {
    const argv = ['list', '--app', '--columns=application,name,installation,origin'];
    const listed = await machine?.run('flatpak', argv, { signal, limit: 262_144 });
    if (typeof listed !== 'string') throw new ReeveError('InvalidState', _('Flatpak is not installed'));
    return listed.split('\n').flatMap(line => {
        const [id = '', name = '', installation = '', origin = ''] = line.split('\t').map(each => each.trim());
        if (!applicationId.test(id) || !remoteName.test(origin)) return [];
        return installation === 'user' || installation === 'system'
            ? [{ id, name: safeText(name, 128), installation, origin }]
            : [];
    });
}

/** @throws ReeveError InvalidState when it is not installed there */
export async function requireFlatpak({ id, installation }: z.infer<typeof flatpakParameters>, asked: Asked) {
    const found = (await requireFlatpaks(asked)).find(each => each.id === id && each.installation === installation);
    if (found === undefined) throw new ReeveError('InvalidState', _('{name} is not installed', { name: id }));
    return found;
}
