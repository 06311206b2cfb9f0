import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { networkManager } from '../../machine/network/networkDevices.ts';
import { askMethod } from '../../machine/properties.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import { connectionsInUse, interfaceOf, requireConnection, type Asked } from './connection.ts';

/** From what IPv6 needs (RFC 8200) to jumbo frames; null: what the network and the driver say. */
const mtu = z.int().min(1280).max(9000).nullable();
const parameters = z.strictObject({ uuid: z.guid(), mtu });

/** Where each kind of connection has it; nm-settings-nmcli(5). */
const sections = { wired: '802-3-ethernet', wifi: '802-11-wireless' } as const;
const own = z.object({ mtu: z.number().default(0) });
/** Of GetSettings; nm-settings-dbus(5). */
const settings = z.tuple([z.object({ [sections.wired]: own.prefault({}), [sections.wifi]: own.prefault({}) })]);

/** Sets how long the packets of a connection may be; nm-settings(5), mtu. */
export const networkMtu = defineAction({
    name: 'network.mtu',
    parameters,
    touches: ({ uuid }) => [`connection ${uuid}`],
    wishes: [
        {
            phrases: {
                en: ['(set|change|use) [network] mtu [size] [to|of] {number}'],
                de: ['(setze|stelle|ändere) mtu auf {number}', 'mtu [auf] {number} (setzen|stellen|ändern|verwenden)'],
                ar: ['(اضبط|غير|استخدم) mtu [على|إلى] {number}'],
            },
            parameters: async ({ number }, asked) => {
                const { data } = mtu.safeParse(Number(number));
                return data === undefined ? [] : await inUse(asked, data);
            },
        },
        {
            phrases: {
                en: ['(reset|restore) [network] mtu', '(set|use|change) [to] (automatic|default|normal) mtu'],
                de: ['mtu zurücksetzen', '(automatische|normale) mtu (verwenden|benutzen)'],
                ar: ['(أعد ضبط|استعد) mtu', 'استخدم mtu تلقائي'],
            },
            parameters: async (_slots, asked) => await inUse(asked, null),
        },
    ],
    async plan({ uuid, mtu: wanted }, asked) {
        const { name, kind, path, state } = await requireConnection(uuid, asked);
        const device = state === 'up' ? await interfaceOf(uuid, asked) : null;
        if (device === null || (kind !== 'wired' && kind !== 'wifi'))
            throw new ReeveError('InvalidState', _('{name} is not connected', { name }));
        const before = await readMtu(path, kind, asked);
        if (before === wanted) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const title =
            wanted === null
                ? _('Let the packets on {name} be as long as the network says', { name })
                : _('Limit the packets on {name} to {number} bytes', { name, number: wanted });
        const interrupts = _('{name} is interrupted for a moment, and connects again.', { name });
        const set = (to: number | null) =>
            programStep(
                'system',
                ['nmcli', 'connection', 'modify', 'uuid', uuid, `${sections[kind]}.mtu`, String(to ?? 0)],
                // Without a number of its own, an interface keeps the one that it has until the connection is set up again.
                {
                    after: [
                        to === null
                            ? ['nmcli', '--wait', '30', 'connection', 'up', 'uuid', uuid]
                            : ['nmcli', 'device', 'reapply', device],
                    ],
                },
            );
        return {
            title,
            steps: [{ description: title, ...set(wanted) }],
            risk: 'low',
            riskText:
                wanted === null
                    ? interrupts
                    : _('If a router on the way cannot pass packets of this length, some pages stop loading.'),
            undo: {
                text: before === null ? `${_('Sets it back')}. ${interrupts}` : _('Sets it back'),
                steps: [{ description: _('Use the earlier length of packets again'), ...set(before) }],
            },
            authentication: true,
            preconditions: { [`mtu of ${uuid}`]: JSON.stringify([before, device]) },
        };
    },
    async verify({ uuid, mtu: wanted }, asked) {
        const { kind, path } = await requireConnection(uuid, asked);
        return valueCheck((kind === 'wired' || kind === 'wifi') && (await readMtu(path, kind, asked)) === wanted);
    },
});

async function inUse(asked: Asked, wanted: number | null) {
    return (await connectionsInUse(asked)).map(({ uuid }) => ({ uuid, mtu: wanted }));
}

/** @throws ReeveError InvalidState when NetworkManager does not say */
async function readMtu(path: string, kind: keyof typeof sections, { machine, signal }: Asked): Promise<number | null> {
    const { destination, interface: name } = networkManager;
    const object = { destination, path, interface: `${name}.Settings.Connection` };
    const { data } = settings.safeParse(await askMethod(machine?.system ?? null, object, 'GetSettings', signal));
    if (data === undefined) throw new ReeveError('InvalidState', _('This connection is not saved any more'));
    return data[0][sections[kind]].mtu || null;
}
