import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** As fwupd calls a device: SHA-1, in hexadecimal. */
const parameters = z.strictObject({ device: z.string().regex(/^[0-9a-f]{40}$/) });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Of fwupdmgr(1) get-updates --json: devices with what could be installed, the newest first. */
const updates = z.object({
    Devices: z
        .array(
            z.object({
                DeviceId: parameters.shape.device,
                Name: z.string().default(''),
                Version: z.string().default(''),
                Releases: z.array(z.object({ Version: z.string() })).min(1),
            }),
        )
        .max(64)
        .catch([]),
});
type Update = { device: string; name: string; from: string; to: string };
/** No questions, and nothing is downloaded before it is asked to. */
const quiet = ['--no-metadata-check', '--no-remote-check', '--no-unreported-check'] as const;

/** Updates the firmware of one device; fwupdmgr(1). */
export const firmwareUpdate = defineAction({
    name: 'firmware.update',
    parameters,
    touches: ({ device }) => [`firmware ${device}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(update|upgrade) [the] (firmware|bios|uefi)',
                    '(install|apply) (firmware|bios|uefi) (update|updates)',
                ],
                de: [
                    '(firmware|bios|uefi) aktualisieren',
                    '(aktualisiere|update) (firmware|bios|uefi)',
                    'firmware-updates installieren',
                ],
                ar: ['(حدث|ثبت) (برنامج ثابت|برامج ثابتة|firmware|bios)'],
            },
            parameters: async (_slots, asked) => (await requireUpdates(asked)).map(({ device }) => ({ device })),
        },
    ],
    async plan({ device }, asked) {
        const found = (await requireUpdates(asked)).find(each => each.device === device);
        if (found === undefined)
            throw new ReeveError('InvalidState', _('There is no update for the firmware of this device'));
        const { name, from, to } = found;
        const title = _('Update the firmware of {name} to {version}', { name, version: to });
        return {
            title,
            steps: [
                {
                    description: title,
                    ...programStep('system', [
                        'fwupdmgr',
                        'update',
                        '--assume-yes',
                        '--no-reboot-check',
                        ...quiet,
                        device,
                    ]),
                },
            ],
            risk: 'medium',
            riskText: _(
                'Keep the computer plugged in and on until it is done. Many devices take it at the next start, and cannot go back.',
            ),
            undo: null,
            authentication: true,
            preconditions: { [device]: `${from} ${to}` },
        };
    },
    async verify({ device }, asked) {
        const left = (await readUpdates(asked))?.find(each => each.device === device);
        // What is installed at the next start still counts as an update.
        return left === undefined ? { gone: true, detail: '' } : { gone: false, detail: '', isUnknown: true };
    },
});

/** @throws ReeveError InvalidState where there is none */
async function requireUpdates(asked: Asked): Promise<Update[]> {
    const found = await readUpdates(asked);
    if (found === null) throw new ReeveError('InvalidState', _('fwupd, which updates firmware, is not installed'));
    if (found.length === 0) throw new ReeveError('InvalidState', _('All firmware that fwupd knows is up to date'));
    return found;
}

async function readUpdates({ machine, signal }: Asked): Promise<Update[] | null> {
    const output = await machine?.run('fwupdmgr', ['get-updates', '--json', ...quiet], { signal, limit: 1_048_576 });
    if (typeof output !== 'string') return null;
    const { data } = updates.safeParse(parsed(output));
    return (data?.Devices ?? []).flatMap(({ DeviceId: device, Name, Version, Releases: [release] }) =>
        release === undefined
            ? []
            : [
                  {
                      device,
                      name: safeText(Name, 80) || device.slice(0, 8),
                      from: safeText(Version, 40),
                      to: safeText(release.Version, 40),
                  },
              ],
    );
}

/** null for what is no JSON, such as an error in words. */
function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}
