import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { ownPermissions } from '../files/fileStep.ts';
import { createFolderStep } from '../files/folderStep.ts';
import { heldFile } from '../files/heldFile.ts';
import type { Surroundings } from '../surroundings.ts';
import type { SlotValues } from '../wish.ts';
import { flatpakParameters, requireFlatpaks } from './flatpakApplications.ts';

/** What a person lets an application do: the key of [Context] and its values; flatpak-metadata(5). */
const permissions = {
    network: { key: 'shared', values: ['network'] },
    files: { key: 'filesystems', values: ['home', 'host'] },
    devices: { key: 'devices', values: ['all'] },
    sound: { key: 'sockets', values: ['pulseaudio'] },
} as const;
type Permission = keyof typeof permissions;

const application = flatpakParameters.pick({ id: true });
const parameters = application.extend({
    permission: z.enum(['network', 'files', 'devices', 'sound']),
    allow: z.boolean(),
});
type Asked = Surroundings & { signal: AbortSignal };

const said: SlotValues = {
    network: ['[internet|network] (network|internet|access)', '(netzwerk|internet|netz)', '(شبكة|إنترنت)'],
    files: ['[my|personal] (files|home folder|documents)', '[meine|persönliche] (dateien|ordner)', '(ملفات|ملفاتي)'],
    devices: ['(devices|usb devices)', '(geräte|usb-geräte)', '(أجهزة)'],
    sound: ['(microphone|mic|sound)', '(mikrofon|ton)', '(ميكروفون|صوت)'],
};

/** Takes a permission from an application of Flatpak, or gives it, for this person; flatpak-override(1). */
export const flatpakPermission = defineAction({
    name: 'flatpak.permission',
    parameters,
    touches: ({ id }) => [`permissions of ${id}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(do not|dont|never) let {name} (use|access|see|have|reach) {permission}',
                    '(block|deny|forbid) {permission} for {name}',
                    '(block|keep) {name} from [using|accessing] {permission}',
                ],
                de: [
                    '{name} (zugriff auf) {permission} (verbieten|entziehen|sperren)',
                    '(verbiete|entziehe|sperre) {name} [zugriff auf] {permission}',
                ],
                ar: ['امنع {name} من {permission}'],
            },
            slots: { permission: said },
            parameters: async (slots, asked) => await meant(slots, false, asked),
        },
        {
            phrases: {
                en: [
                    '(let|allow) {name} [to] (use|access|see|have|reach) {permission}',
                    'allow {permission} for {name}',
                ],
                de: ['{name} zugriff auf {permission} erlauben', 'erlaube {name} [zugriff auf] {permission}'],
                ar: ['اسمح {name} باستخدام {permission}'],
            },
            slots: { permission: said },
            parameters: async (slots, asked) => await meant(slots, true, asked),
        },
    ],
    async plan({ id, permission, allow }, asked) {
        const name = await nameOf(id, asked);
        const from = await present(id);
        const text = withPermission(from?.toString('utf8') ?? '', permission, allow);
        if (text === from?.toString('utf8'))
            throw new ReeveError('InvalidState', _('The setting already has this value'));
        return {
            ...(await change(id, titleOf(name, permission, allow), from, Buffer.from(text), asked)),
            risk: allow ? 'medium' : 'low',
            riskText: riskOf(name, permission, allow),
        };
    },
    async verify({ id, permission, allow }) {
        const text = (await present(id))?.toString('utf8') ?? '';
        return valueCheck(text !== '' && withPermission(text, permission, allow) === text);
    },
});

/** Has an application of Flatpak do what its makers asked for, no more and no less: flatpak-override(1), --reset. */
export const flatpakPermissionsReset = defineAction({
    name: 'flatpak.permissionsReset',
    parameters: application,
    touches: ({ id }) => [`permissions of ${id}`],
    wishes: [
        {
            phrases: {
                en: ['reset [flatpak] permissions (of|for) {name}', 'reset {name} permissions'],
                de: [
                    '(berechtigungen|rechte) von {name} zurücksetzen',
                    'setze (berechtigungen|rechte) von {name} zurück',
                ],
                ar: ['أعد ضبط أذونات {name}'],
            },
            parameters: async ({ name = '' }, asked) => await named(name, asked),
        },
    ],
    async plan({ id }, asked) {
        const name = await nameOf(id, asked);
        const from = await present(id);
        if (from === null)
            throw new ReeveError('InvalidState', _('{name} has the permissions that its makers asked for', { name }));
        return {
            ...(await change(id, _('Reset the permissions of {name}', { name }), from, null, asked)),
            risk: 'low',
            riskText: _('It has what its makers asked for again. It counts from its next start on.'),
        };
    },
    async verify({ id }) {
        return valueCheck((await present(id)) === null);
    },
});

async function named(said: string, asked: Asked): Promise<{ id: string }[]> {
    const isMeant = (each: string) => each.toLowerCase() === said;
    const found = (await requireFlatpaks(asked)).filter(({ id, name }) => isMeant(id) || isMeant(name));
    return [...new Set(found.map(({ id }) => id))].map(id => ({ id }));
}

async function meant({ name = '', permission }: Readonly<Record<string, string>>, allow: boolean, asked: Asked) {
    const { data: wanted } = parameters.shape.permission.safeParse(permission);
    if (wanted === undefined) return [];
    // Where there is no Flatpak, the words mean something else.
    const found = await named(name, asked).catch((error: unknown) => {
        if (error instanceof ReeveError) return [];
        throw error;
    });
    return found.map(({ id }) => ({ id, permission: wanted, allow }));
}

/** @throws ReeveError InvalidState when it is not installed */
async function nameOf(id: string, asked: Asked): Promise<string> {
    const found = (await requireFlatpaks(asked)).find(each => each.id === id);
    if (found === undefined) throw new ReeveError('InvalidState', _('{name} is not installed', { name: id }));
    return found.name || id;
}

/** Where flatpak(1) keeps the overrides of this person. */
function pathOf(id: string): string {
    const { FLATPAK_USER_DIR: own = '', XDG_DATA_HOME: data = '' } = process.env;
    const home = isAbsolute(data) ? data : join(homedir(), '.local/share');
    return join(isAbsolute(own) ? own : join(home, 'flatpak'), 'overrides', id);
}

/** @throws ReeveError InvalidState when it is nothing that can be replaced */
async function present(id: string): Promise<Buffer | null> {
    const held = await heldFile(pathOf(id));
    if (held === undefined)
        throw new ReeveError('InvalidState', _('{path} is not a regular file', { path: pathOf(id) }));
    return held?.contents ?? null;
}

async function change(id: string, title: string, from: Buffer | null, to: Buffer | null, { contents }: Asked) {
    const folder = dirname(pathOf(id));
    const needsFolder = !existsSync(folder);
    const { step, undo } = await editSteps(
        'user',
        pathOf(id),
        { from, to, permissions: ownPermissions },
        { description: title, back: _('Restore the earlier permissions'), undoes: needsFolder ? 1 : 0 },
        contents,
    );
    return {
        title,
        steps: [...(needsFolder ? [createFolderStep('user', folder, '755')] : []), step],
        undo: { text: _('Sets it back'), steps: [undo] },
        authentication: false,
        preconditions: {},
    };
}

function riskOf(name: string, permission: Permission, allow: boolean): string {
    if (allow) return _('{name} can do more than its makers asked for. It counts from its next start on.', { name });
    // flatpak-override(1) takes away only what it names: “home” is neither xdg-documents nor ~/Games of the application's own.
    return permission === 'files'
        ? _(
              'Folders that {name} asks for by name, such as Documents, stay allowed. What it needs the others for no longer works. It counts from its next start on.',
              { name },
          )
        : _('What {name} needs it for no longer works. It counts from its next start on.', { name });
}

function titleOf(name: string, permission: Permission, allow: boolean): string {
    switch (permission) {
        case 'network':
            return allow ? _('Let {name} use the network', { name }) : _('Keep {name} from the network', { name });
        case 'files':
            return allow ? _('Let {name} use your files', { name }) : _('Keep {name} from your files', { name });
        case 'devices':
            return allow ? _('Let {name} use all devices', { name }) : _('Keep {name} from other devices', { name });
        case 'sound':
            return allow
                ? _('Let {name} use sound and the microphone', { name })
                : _('Keep {name} from sound and the microphone', { name });
    }
}

/** With a value of the key in [Context], or with "!" before it, which takes it away; all else stays as it is. */
function withPermission(text: string, permission: Permission, allow: boolean): string {
    const { key, values } = permissions[permission];
    const lines = text.replace(/\n$/, '').split('\n');
    const head = lines.indexOf('[Context]');
    const start = head < 0 ? lines.length : head + 1;
    const next = lines.findIndex((line, index) => index >= start && line.startsWith('['));
    const section = head < 0 ? [] : lines.slice(start, next < 0 ? undefined : next);
    const rest = head < 0 || next < 0 ? [] : lines.slice(next);
    const before = head < 0 ? [...lines.filter(line => line !== ''), '[Context]'] : lines.slice(0, start);
    const own = section.find(line => line.startsWith(`${key}=`)) ?? `${key}=`;
    const others = own
        .slice(key.length + 1)
        .split(';')
        .filter(value => value !== '' && !values.some(each => value.replace(/^!/, '').split(':')[0] === each));
    const wanted = allow ? values.slice(0, 1) : values.map(value => `!${value}`);
    const line = `${key}=${[...others, ...wanted].join(';')};`;
    const changed = section.some(each => each === own)
        ? section.map(each => (each === own ? line : each))
        : [line, ...section];
    return `${[...before, ...changed, ...rest].join('\n')}\n`;
}
