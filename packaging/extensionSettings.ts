/** The extension's part in GNOME's settings: whether it is enabled, and the keys that it borrowed. */
import * as z from 'zod';

import { _ } from '../service/i18n/i18n.ts';
import { extensionSchema as ours } from './manifest.ts';
import type { Session } from './session.ts';

const shell = 'org.gnome.shell';
const strings = z.array(z.string());

/** As written by the extension when it takes a key over: schema, key, before, after. */
const takenKeys = z.array(z.tuple([z.string(), z.string(), strings, strings]));

/** The Shell follows these settings while it runs. @returns a message for the user, if any */
export async function enableExtension(session: Session, uuid: string): Promise<string | null> {
    const enabled = await readStrings(session, 'enabled-extensions');
    const disabled = await readStrings(session, 'disabled-extensions');
    if (enabled === null || disabled === null)
        return _('GNOME’s settings cannot be read here. Turn on the extension in the Extensions app.');
    if (!enabled.includes(uuid)) await session.writeSetting(shell, 'enabled-extensions', [...enabled, uuid]);
    if (disabled.includes(uuid)) await session.writeSetting(shell, 'disabled-extensions', without(disabled, uuid));
    return (await session.isSet(shell, 'disable-user-extensions'))
        ? _('All extensions are turned off. Turn them on in the Extensions app.')
        : null;
}

/** Whether somebody turned it on or off. */
export async function isDecided(session: Session, uuid: string): Promise<boolean> {
    const lists = await Promise.all(
        ['enabled-extensions', 'disabled-extensions'].map(key => readStrings(session, key)),
    );
    return lists.some(list => list?.includes(uuid));
}

export async function forgetExtension(session: Session, uuid: string): Promise<void> {
    for (const key of ['enabled-extensions', 'disabled-extensions']) {
        const listed = await readStrings(session, key);
        if (listed?.includes(uuid)) await session.writeSetting(shell, key, without(listed, uuid));
    }
}

/**
 * Gives borrowed keys back and removes the extension's own settings. @returns the keys that could not be given back, in
 * words
 */
export async function returnSettings(session: Session, schemas: string): Promise<string[]> {
    const taken = takenKeys.safeParse(await session.readSetting(ours, 'taken-keys', schemas));
    if (!taken.success) return [];
    const problems: string[] = [];
    for (const [schema, key, before, after] of taken.data.reverse()) {
        const now = strings.safeParse(await session.readSetting(schema, key)).data;
        const isUntouched = JSON.stringify(now) === JSON.stringify(after);
        if (!isUntouched || !(await session.writeSetting(schema, key, before))) {
            const keys = before.join(', ');
            problems.push(
                _('{setting} has changed since then and is kept. Before, it was: {keys}', { setting: key, keys }),
            );
        }
    }
    await session.resetSettings(ours, schemas);
    return problems;
}

async function readStrings(session: Session, key: string): Promise<string[] | null> {
    return strings.safeParse(await session.readSetting(shell, key)).data ?? null;
}

const without = (list: readonly string[], item: string) => list.filter(other => other !== item);
