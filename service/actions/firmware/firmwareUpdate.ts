import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { parseJson } from '../../machine/run.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/** As fwupd calls a device: SHA-1, in hexadecimal. */
const parameters = z.strictObject({ device: z.string().regex(/^[0-9a-f]{40}$/) });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Of fwupdmgr(1) get-updates --json: devices with what could be installed, the newest first. Some have nothing. */
const updates = z.object({
    Devices: z
        .array(
            z.object({
                DeviceId: parameters.shape.device,
                Name: z.string().default(''),
                Version: z.string().default(''),
                Releases: z.array(z.object({ Version: z.string() })).default([]),
            }),
        )
        .max(256),
});
/** FWUPD_ERROR_NOTHING_TO_DO of libfwupd/fwupd-error.h, as no device can be updated. */
const nothingToDo = z
    .object({ Error: z.object({ Code: z.literal(9) }) })
    .transform((): z.output<typeof updates> => ({ Devices: [] }));
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
        const found = await readUpdates(asked);
        // What is installed at the next start still counts as an update; and no fwupd does not mean that there is none.
        const isUpdated = found?.every(each => each.device !== device) === true;
        return isUpdated ? { gone: true, detail: '' } : { gone: false, detail: '', isUnknown: true };
    },
});

/** @throws ReeveError InvalidState where there is none; Unavailable where fwupd does not say */
async function requireUpdates(asked: Asked): Promise<Update[]> {
    const found = await readUpdates(asked);
    if (found === null) throw new ReeveError('InvalidState', _('fwupd, which updates firmware, is not installed'));
    if (found.length === 0) throw new ReeveError('InvalidState', _('All firmware that fwupd knows is up to date'));
    return found;
}

/** null without fwupd. @throws ReeveError Unavailable for an answer that is none */
async function readUpdates({ machine, signal }: Asked): Promise<Update[] | null> {
    const output = await machine?.run('fwupdmgr', ['get-updates', '--json', ...quiet], { signal, limit: 1_048_576 });
    if (typeof output !== 'string') return null;
    const { Devices } = parseJson('fwupdmgr', z.union([updates, nothingToDo]), output);
    return Devices.flatMap(({ DeviceId: device, Name, Version, Releases: [release] }) =>
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
