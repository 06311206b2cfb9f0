import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { askMethod, readProperties } from '../../../machine/properties.ts';
import { required, tool } from '../tool.ts';

const fwupd = 'org.freedesktop.fwupd';
const fwupdObject = { destination: fwupd, path: '/', interface: fwupd };
/** src/org.freedesktop.fwupd.xml of fwupd; FWUPD_DEVICE_FLAG_UPDATABLE is bit 1 of libfwupd/fwupd-enums.h. */
const deviceList = z.tuple([
    z.array(
        z.object({
            Name: z.string().default('unnamed'),
            Vendor: z.string().default(''),
            Version: z.string().default('unknown'),
            Flags: z.union([z.number(), z.bigint()]).default(0),
        }),
    ),
]);
const hostSchema = z.object({ HostSecurityId: z.string().default(''), DaemonVersion: z.string().default('') });
const updatable = 2n;

export const firmware = tool({
    name: 'firmware',
    description:
        'Firmware versions of the computer and its devices, as fwupd knows them, and the host’s security level.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) (bios|uefi|firmware) version (do i have|is this|is installed)',
                '(bios|uefi|firmware) version',
                '(is|are) there [a|any] (firmware|bios|uefi) (update|updates)',
                'is secure boot (on|off|enabled|active)',
                'is [my|the] (firmware|bios|uefi) (up to date|current|old|outdated)',
                '(uefi or bios|bios or uefi|uefi or legacy bios)',
                '(secure boot|firmware updates|firmware)',
            ],
            de: [
                'welche (bios version|uefi version|firmware version|biosversion) (habe ich|ist das)',
                'gibt es [ein] (firmware update|firmware updates|bios update)',
                'ist secure boot (an|aus|aktiv|eingeschaltet)',
                'ist [die|meine] firmware aktuell',
                '(secure boot|bios version)',
            ],
            ar: ['(ما|ما هو) اصدار (البيوس|bios|البرنامج الثابت)', 'هل الاقلاع الامن (مفعل|مشغل)'],
        },
        example: () => _('Is Secure Boot on?'),
    },
    async run(_values, { machine, signal }, out) {
        // fwupd runs only while it is asked something.
        const reply = await askMethod(machine.system, fwupdObject, 'GetDevices', signal, { start: true });
        const [devices] = required(deviceList.safeParse(reply).data, 'fwupd', fwupd);
        const { data: host } = hostSchema.safeParse(await readProperties(machine.system, fwupdObject, signal));
        out.cite(fact('system', fwupd, `${devices.length} devices, fwupd ${host?.DaemonVersion ?? '?'}`));
        if (host !== undefined && host.HostSecurityId !== '')
            out.line(`Host security: ${safeText(host.HostSecurityId, 64)}`);
        out.list(
            'Devices',
            devices,
            ({ Name, Vendor, Version, Flags }) => {
                const can = (BigInt(Flags) & updatable) === 0n ? '' : ', can be updated';
                return safeText(`${Vendor} ${Name}`.trim(), 100) + `: firmware ${safeText(Version, 40)}${can}`;
            },
            25,
        );
    },
});
