import { isIP } from 'node:net';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import type { Surroundings } from '../surroundings.ts';

/** A name of a computer with its domain; hosts(5). */
const hostName = z
    .string()
    .regex(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
const address = z.string().refine(text => isIP(text) > 0, { error: 'is no address' });
const name = z.strictObject({ name: hostName });

const path = '/etc/hosts';
const limit = 1_048_576;
/** Nothing answers there; ip(7), INADDR_ANY. */
const nowhere = '0.0.0.0';
const touches = () => [path];

type Asked = Surroundings & { signal: AbortSignal };

/** The name that a person means, without what belongs to a web address. */
function named({ name: said = '' }: Readonly<Record<string, string>>): string | null {
    const wanted = said
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/\/.*$/, '');
    return hostName.safeParse(wanted).success ? wanted : null;
}

/** Gives a name an address of its own, before any name server is asked; hosts(5). */
export const hostsAdd = defineAction({
    name: 'hosts.add',
    parameters: name.extend({ address }),
    touches,
    wishes: [
        {
            phrases: {
                en: ['block [website|site|page|domain|access to] [website|site] {name}'],
                de: [
                    '(sperre|blockiere) [seite|webseite|website|domain] {name}',
                    '[seite|webseite|website] {name} (sperren|blockieren)',
                ],
                ar: ['احجب [موقع] {name}'],
            },
            parameters: said => {
                const host = named(said);
                return host === null ? [] : [{ name: host, address: nowhere }];
            },
        },
        {
            phrases: {
                en: [
                    '(add|point|map) {name} (to|with|as) {address} (in|to) [etc] hosts [file]',
                    'add host {name} with address {address}',
                ],
                de: ['(füge|fuge) {name} mit {address} zu hosts hinzu', '{name} mit {address} in hosts eintragen'],
                ar: ['أضف {name} بعنوان {address} إلى [ملف] hosts'],
            },
            parameters: said => {
                const host = named(said);
                const given = said.address ?? '';
                return host === null || isIP(given) === 0 ? [] : [{ name: host, address: given }];
            },
        },
    ],
    plan: async ({ name: host, address: to }, asked) =>
        await plan(
            host,
            lines => {
                if (lines.some(line => namesIn(line).includes(host)))
                    throw new ReeveError(
                        'InvalidState',
                        _('{name} already has an entry in {path}', { name: host, path }),
                    );
                return [...lines, `${to} ${host}`];
            },
            to === nowhere
                ? _('Block {name}', { name: host })
                : _('Give {name} the address {address}', { name: host, address: to }),
            asked,
        ),
    verify: async ({ name: host, address: to }, asked) => {
        const { lines } = await read(asked);
        const gone = lines.some(line => addressIn(line) === to && namesIn(line).includes(host));
        return { gone, detail: gone ? '' : _('{name} has no such entry in {path}', { name: host, path }) };
    },
});

/** Removes the entry of a name; those of this computer itself stay. */
export const hostsRemove = defineAction({
    name: 'hosts.remove',
    parameters: name,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    'unblock [website|site|page|domain|access to] [website|site] {name}',
                    'remove {name} from [etc] hosts [file]',
                ],
                de: [
                    '(entsperre|erlaube) [seite|webseite|website|domain] {name}',
                    '[seite|webseite|website] {name} entsperren',
                ],
                ar: ['(الغ حجب|إلغاء حجب) [موقع] {name}'],
            },
            parameters: said => {
                const host = named(said);
                return host === null ? [] : [{ name: host }];
            },
        },
    ],
    plan: async ({ name: host }, asked) =>
        await plan(
            host,
            lines => {
                const own = lines.filter(line => namesIn(line).includes(host));
                if (own.length === 0)
                    throw new ReeveError('InvalidState', _('{name} has no entry in {path}', { name: host, path }));
                if (own.some(line => /^(?:127\.|::1$|f[ef])/.test(addressIn(line))))
                    throw new ReeveError(
                        'InvalidState',
                        _('{name} is a name of this computer, so it stays', { name: host }),
                    );
                return lines.flatMap(line => {
                    if (!own.includes(line)) return [line];
                    const left = namesIn(line).filter(each => each !== host);
                    return left.length === 0 ? [] : [[addressIn(line), ...left].join(' ')];
                });
            },
            _('Remove {name} from {path}', { name: host, path }),
            asked,
        ),
    verify: async ({ name: host }, asked) => {
        const { lines } = await read(asked);
        const gone = !lines.some(line => namesIn(line).includes(host));
        return { gone, detail: gone ? '' : _('{name} already has an entry in {path}', { name: host, path }) };
    },
});

async function plan(host: string, change: (lines: string[]) => string[], title: string, asked: Asked) {
    const { bytes, lines } = await read(asked);
    const text = `${change(lines).join('\n')}\n`;
    const { step, undo } = await editSteps(
        'system',
        path,
        { from: bytes, to: Buffer.from(text), permissions: '0:0 0644' },
        { description: title, back: _('Restore {path}', { path }) },
        asked.contents,
    );
    return {
        title,
        steps: [step],
        risk: 'low' as const,
        riskText: _('Programs on this computer reach {name} at the address of this file, whatever name servers say.', {
            name: host,
        }),
        undo: { text: _('Restores {path}', { path }), steps: [undo] },
        authentication: true,
        preconditions: {},
    };
}

/** @throws ReeveError InvalidState without such a file, or with one that is no text */
async function read({ machine }: Asked): Promise<{ bytes: Buffer; lines: string[] }> {
    const bytes = machine === null ? null : await readBytes(machine, path, limit);
    if (bytes === null || bytes.length === limit || !bytes.equals(Buffer.from(bytes.toString('utf8'))))
        throw new ReeveError('InvalidState', _('{path} cannot be read', { path }));
    return { bytes, lines: bytes.toString('utf8').replace(/\n$/, '').split('\n') };
}

const fields = (line: string) => line.replace(/#.*$/, '').trim().split(/\s+/);
const addressIn = (line: string) => fields(line)[0] ?? '';
const namesIn = (line: string) =>
    fields(line)
        .slice(1)
        .map(each => each.toLowerCase());
