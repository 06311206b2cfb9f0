import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { managedObjects } from '../../machine/managedObjects.ts';
import { ataInterface, nvmeInterface, udisks } from '../../machine/storage/smart.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { isCalled } from '../called.ts';
import type { Asked } from './volumes.ts';

/** The last part of the path of a drive's object. */
const parameters = z.strictObject({ drive: z.string().regex(/^[A-Za-z0-9_]{1,128}$/) });

const root = '/org/freedesktop/UDisks2';
const about = z.object({ Vendor: z.string().catch(''), Model: z.string().catch('') });
/** Of org.freedesktop.UDisks2.Drive.Ata and .NVMe.Controller; an ATA drive says besides whether it can measure itself. */
const test = z.object({ SmartSelftestStatus: z.string(), SmartEnabled: z.boolean().default(true) });
type Drive = { path: string; last: string; name: string; interface: string; isTesting: boolean };

/** Has a drive test itself for some minutes, while it can be used; SmartSelftestStart() of UDisks, "short". */
export const driveTest = defineAction({
    name: 'drive.test',
    parameters,
    proposable: ['task'],
    touches: ({ drive }) => [`drive ${drive}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(test|check) (disk|drive|hard disk|hard drive|ssd|disks|drives)',
                    '(run|start|do) [smart] (self-test|self test|disk test|drive test) [of|on] [disk|drive|hard disk|ssd]',
                ],
                de: [
                    '(teste|prüfe) (festplatte|platte|ssd|laufwerk)',
                    '(festplatte|platte|ssd|laufwerk) (testen|prüfen)',
                    '[smart] (selbsttest|selbsttest der festplatte) (starten|durchführen)',
                ],
                ar: ['(افحص|اختبر|فحص|اختبار) (قرص|قرص صلب)'],
            },
            parameters: async (_slots, asked) => {
                const drives = await readDrives(asked);
                if (drives.length === 0) throw new ReeveError('InvalidState', _('No drive here can test itself'));
                return drives.map(({ last }) => ({ drive: last }));
            },
        },
        {
            phrases: {
                en: ['(run|start) [smart] (self-test|self test) (of|on) {drive}', 'test (disk|drive) {drive}'],
                de: ['teste (festplatte|laufwerk) {drive}', 'selbsttest (von|auf) {drive} starten'],
                ar: ['(افحص|اختبر) قرص {drive}'],
            },
            parameters: async ({ drive: said = '' }, asked) =>
                (await readDrives(asked))
                    .filter(({ name, last }) => isCalled(said, [name, last]))
                    .map(({ last }) => ({ drive: last })),
        },
    ],
    async plan({ drive }, asked) {
        const found = await requireDrive(drive, asked);
        const { name } = found;
        if (found.isTesting) throw new ReeveError('InvalidState', _('{name} is testing itself already', { name }));
        return {
            title: _('Have {name} test itself', { name }),
            steps: [
                {
                    description: _('Start the short self-test of {name}', { name }),
                    command: `busctl call ${udisks} ${found.path} ${found.interface} SmartSelftestStart 'sa{sv}' short 0`,
                    call: callOf(found, 'SmartSelftestStart', 'sa{sv}', ['short', []]),
                },
            ],
            risk: 'low',
            riskText: _(
                'It takes some minutes, in which the drive may be a little slower. Ask “Is my hardware all right?” for its result.',
            ),
            undo: {
                text: _('Stops the test'),
                steps: [
                    {
                        description: _('Stop the self-test of {name}', { name }),
                        command: `busctl call ${udisks} ${found.path} ${found.interface} SmartSelftestAbort 'a{sv}' 0`,
                        call: callOf(found, 'SmartSelftestAbort', 'a{sv}', [[]]),
                    },
                ],
            },
            // UDisks asks polkit itself; an ordinary user has to give a password.
            authentication: true,
            preconditions: { [drive]: name },
        };
    },
});

/** Those that can test themselves. */
async function readDrives({ machine, signal }: Asked): Promise<Drive[]> {
    const objects = await managedObjects(machine?.system ?? null, { destination: udisks, path: root }, signal);
    if (objects === null) throw new ReeveError('InvalidState', _('UDisks is not running'));
    return objects.flatMap(([path, interfaces]): Drive[] => {
        const { data: own } = about.safeParse(interfaces[`${udisks}.Drive`]);
        const last = path.slice(path.lastIndexOf('/') + 1);
        if (own === undefined || !parameters.safeParse({ drive: last }).success) return [];
        return [ataInterface, nvmeInterface].flatMap(of => {
            const { data } = test.safeParse(interfaces[of]);
            if (data?.SmartEnabled !== true) return [];
            const name = safeText(`${own.Vendor} ${own.Model}`.trim(), 100) || last;
            return [{ path, last, name, interface: of, isTesting: data.SmartSelftestStatus === 'inprogress' }];
        });
    });
}

/** @throws ReeveError InvalidState when it is not there, or cannot test itself */
async function requireDrive(of: string, asked: Asked): Promise<Drive> {
    const drive = (await readDrives(asked)).find(({ last }) => last === of);
    if (drive === undefined) throw new ReeveError('InvalidState', _('This drive is not there any more'));
    return drive;
}

function callOf(
    { path, interface: of }: Drive,
    member: string,
    signature: string,
    values: Step['call']['arguments'],
): Step['call'] {
    return { bus: 'system', destination: udisks, path, interface: of, member, signature, arguments: values };
}
