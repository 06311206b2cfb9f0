import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes, readText } from '../../machine/machine.ts';
import type { Step } from '../../model/proposal.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** What people set, with the values that the kernel takes: Documentation/admin-guide/sysctl/vm.rst, Documentation/networking/ip-sysctl.rst. */
const largest = { 'vm.swappiness': 200, 'net.ipv4.ip_forward': 1 } as const;
type Key = keyof typeof largest;
const keys = Object.keys(largest) as [Key, ...Key[]];
const parameters = z
    .strictObject({ key: z.enum(keys), value: z.int().min(0) })
    .refine(({ key, value }) => value <= largest[key], { path: ['value'], error: 'is too large' });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Sets a value of the kernel, now and after each start; sysctl(8), sysctl.d(5). */
export const kernelSetting = defineAction({
    name: 'kernel.setting',
    parameters,
    touches: ({ key }) => [`kernel setting ${key}`],
    wishes: [
        {
            phrases: {
                en: ['(set|change) [vm] (swappiness|vm.swappiness) to {number}'],
                de: [
                    '(setze|stelle|ändere) (swappiness|vm.swappiness) auf {number}',
                    '(swappiness|vm.swappiness) auf {number} (setzen|stellen|ändern)',
                ],
                ar: ['(اضبط|غير) (swappiness|vm.swappiness) (إلى|على) {number}'],
            },
            parameters: ({ number }) => {
                const { data } = parameters.safeParse({ key: 'vm.swappiness', value: Number(number) });
                return data === undefined ? [] : [data];
            },
        },
        ...([1, 0] as const).map(value => ({
            phrases: {
                en: [
                    `(turn ${value === 1 ? 'on' : 'off'}|${value === 1 ? 'enable' : 'disable'}) (ip forwarding|packet forwarding|routing)`,
                ],
                de: [
                    `(ip-weiterleitung|paketweiterleitung|routing) (${value === 1 ? 'ein' : 'aus'}schalten|${value === 1 ? 'aktivieren' : 'deaktivieren'})`,
                ],
                ar: [`(${value === 1 ? 'فعل' : 'عطل'}) (توجيه حزم|تمرير حزم)`],
            },
            parameters: () => [{ key: 'net.ipv4.ip_forward' as const, value }],
        })),
    ],
    async plan({ key, value }, asked) {
        const now = await current(key, asked);
        if (now === value) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const path = pathOf(key);
        const from = asked.machine === null ? null : await readBytes(asked.machine, path, 4096);
        const { step, undo } = await editSteps(
            'system',
            path,
            { from, to: Buffer.from(textOf(key, value)), permissions: '0:0 0644' },
            {
                description: _('Keep the new value after a restart'),
                back: from === null ? _('Remove {path}', { path }) : _('Restore {path}', { path }),
                undoes: 1,
            },
            asked.contents,
        );
        const set = (to: number): Step => ({
            description: _('Set {key} to {value}', { key, value: to }),
            ...programStep('system', ['sysctl', '--write', `${key}=${to}`]),
        });
        return {
            title: _('Set {key} to {value}', { key, value }),
            explanation:
                key === 'vm.swappiness'
                    ? _('The smaller it is, the longer programs stay in memory before the kernel moves them to swap.')
                    : _('It says whether this computer passes packets on between its networks.'),
            steps: [set(value), step],
            risk: key === 'vm.swappiness' ? 'low' : 'medium',
            riskText:
                key === 'vm.swappiness'
                    ? _('It only changes what is in memory and what in swap.')
                    : _('Containers, virtual machines and hotspots reach their network by this.'),
            undo: { text: _('Sets {key} back to {value}', { key, value: now }), steps: [undo, set(now)] },
            authentication: true,
            preconditions: { [key]: String(now) },
        };
    },
    async verify({ key, value }, asked) {
        const kept = asked.machine === null ? null : await readText(asked.machine, pathOf(key), 4096);
        return valueCheck((await current(key, asked)) === value && kept === textOf(key, value));
    },
});

function pathOf(key: Key): string {
    return `/etc/sysctl.d/90-reeve-${key.replaceAll(/[._]/g, '-')}.conf`;
}

function textOf(key: Key, value: number): string {
    return `${key} = ${value}\n`;
}

/** @throws ReeveError InvalidState where the kernel has no such setting */
async function current(key: Key, { machine }: Asked): Promise<number> {
    const text = machine === null ? null : await readText(machine, `/proc/sys/${key.replaceAll('.', '/')}`, 64);
    if (text === null || !/^\d+\s*$/.test(text))
        throw new ReeveError('InvalidState', _('The kernel here has no {key}', { key }));
    return Number(text);
}
