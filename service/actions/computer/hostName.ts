import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readProperties } from '../../machine/properties.ts';
import { nameInvisible, safeText } from '../../text/sanitise.ts';
import { defineAction, valueCheck } from '../action.ts';
import { shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** A label of a domain name, in lower case; hostname(5). */
const parameters = z.strictObject({ name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/) });

const bus = 'org.freedesktop.hostname1';
const hostnamed = { destination: bus, path: '/org/freedesktop/hostname1', interface: bus };
const properties = z.object({ StaticHostname: z.string(), PrettyHostname: z.string() });

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Gives the computer another name; org.freedesktop.hostname1(5). */
export const hostName = defineAction({
    name: 'computer.name',
    parameters,
    touches: () => ['host name'],
    wishes: [
        {
            phrases: {
                en: [
                    '(rename|name|call) [this] (computer|pc|laptop|machine) [to] {name}',
                    '(set|change) (hostname|host name|computer name|name of [this] computer|device name) to {name}',
                ],
                de: [
                    '(nenne|benenne) [diesen] (computer|rechner|laptop) [in] {name} [um]',
                    '(setze|ändere) (rechnername|rechnernamen|computername|computernamen|hostname|hostnamen) (auf|in|zu) {name}',
                ],
                ar: ['(سم|غير اسم) [هذا] (حاسوب|جهاز) [إلى] {name}'],
            },
            parameters: ({ name: said = '' }) => {
                const name = said.toLowerCase().replaceAll(/[\s_]+/g, '-');
                // “Wie nenne ich den Rechner um” says no name.
                return name !== 'um' && parameters.safeParse({ name }).success ? [{ name }] : [];
            },
        },
    ],
    async plan({ name }, asked) {
        const { StaticHostname: before, PrettyHostname: pretty } = await readNames(asked);
        if (before === name) throw new ReeveError('InvalidState', _('The computer is already called {name}', { name }));
        // Where there is a pretty name, the desktop shows that one.
        const hasPretty = pretty !== '';
        return {
            title: _('Call the computer {name}', { name }),
            steps: [set('SetStaticHostname', name), ...(hasPretty ? [set('SetPrettyHostname', name)] : [])],
            risk: 'low',
            riskText: _(
                'Other devices in the network find the computer by its new name. Open terminals show the old one.',
            ),
            undo:
                before === ''
                    ? null
                    : {
                          text: _('Sets it back to {value}', { value: nameInvisible(before) }),
                          steps: [
                              set('SetStaticHostname', before),
                              ...(hasPretty ? [set('SetPrettyHostname', pretty)] : []),
                          ],
                      },
            authentication: true,
            preconditions: { 'host name': `${before} ${pretty}` },
        };
    },
    async verify({ name }, asked) {
        return valueCheck((await readNames(asked)).StaticHostname === name);
    },
});

/** @throws ReeveError InvalidState where nothing manages them */
async function readNames({ machine, signal }: Asked) {
    const { data } = properties.safeParse(
        await readProperties(machine?.system ?? null, hostnamed, signal, { start: true }),
    );
    if (data === undefined) throw new ReeveError('InvalidState', _('No service on this computer manages its name'));
    return data;
}

function set(member: 'SetStaticHostname' | 'SetPrettyHostname', name: string) {
    const isStatic = member === 'SetStaticHostname';
    const shown = safeText(nameInvisible(name));
    return {
        description: isStatic
            ? _('Set the name of the computer to {name}', { name: shown })
            : _('Set the name that people see to {name}', { name: shown }),
        command: `hostnamectl hostname ${isStatic ? '--static' : '--pretty'} ${shownWord(name)}`,
        // The second argument: whether polkit may ask for a password.
        call: { bus: 'system' as const, ...hostnamed, member, signature: 'sb', arguments: [name, true] },
    };
}
