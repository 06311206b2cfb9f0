import { env } from 'node:process';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { languages } from '../../i18n/locale.ts';
import { listApplications, type Application } from '../../machine/desktop/applications.ts';
import type { Surroundings } from '../surroundings.ts';

/** The ID of a desktop entry, without its suffix. */
export const applicationParameters = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_][\w.-]{0,127}$/) });

/** The applications of the menu that people call so. */
export async function applicationsMeant(
    { application = '' }: Readonly<Record<string, string>>,
    { machine }: Pick<Surroundings, 'machine'>,
): Promise<{ id: string }[]> {
    if (machine === null) return [];
    const wanted = application.toLowerCase();
    const all = await listApplications(machine, languages(env));
    return all.filter(({ called }) => called.includes(wanted)).map(({ id }) => ({ id }));
}

/** @throws ReeveError InvalidState when the menu has no such application */
export async function requireApplication(id: string, { machine }: Pick<Surroundings, 'machine'>): Promise<Application> {
    const all = machine === null ? [] : await listApplications(machine, languages(env));
    const found = all.find(application => application.id === id);
    if (found === undefined) throw new ReeveError('InvalidState', _('There is no application {name}', { name: id }));
    return found;
}
