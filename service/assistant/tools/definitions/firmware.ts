import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { code, item, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readBytes } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { askMethod, readProperties } from '../../../machine/properties.ts';
import { listed } from '../listed.ts';
import { notHere, toldTool } from '../tool.ts';

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

const shown = 25;

/** The variable of the UEFI specification, section 3.3, in the kernel's efivarfs: four bytes of attributes, then the value. */
const secureBootFile = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';

export const firmware = toldTool({
    name: 'firmware',
    description:
        'Firmware versions of the computer and its devices, as fwupd knows them, and the host’s security level.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(is there|do i have) a tpm [chip]',
                '(do i|does it) boot with (uefi|legacy bios|bios) [or] [legacy|uefi]',
                '(which|what) (bios|uefi|firmware) version (do i have|is this|is installed)',
                '(bios|uefi|firmware) version',
                '(is|are) there [a|any] (firmware|bios|uefi) (update|updates)',
                'is secure boot (on|off|enabled|active)',
                'is [my|the] (firmware|bios|uefi) (up to date|current|old|outdated)',
                '(uefi or bios|bios or uefi|uefi or legacy bios)',
                '(secure boot|firmware updates|firmware)',
            ],
            de: [
                '(hat er|gibt es|habe ich) [ein|einen] tpm [chip]',
                '(starte|boote) ich mit uefi',
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
    async find(_values, { machine, signal }, cite) {
        const boot = await readSecureBoot(machine);
        if (boot !== null) cite(fact('file', secureBootFile, `Secure Boot ${boot ? 'on' : 'off'}`));
        // fwupd runs only while it is asked something.
        const reply = await askMethod(machine.system, fwupdObject, 'GetDevices', signal, { start: true });
        const [devices] = deviceList.safeParse(reply).data ?? [null];
        if (devices === null && boot === null) throw notHere('fwupd', fwupd);
        const { data: host } =
            devices === null
                ? { data: undefined }
                : hostSchema.safeParse(await readProperties(machine.system, fwupdObject, signal));
        if (devices !== null)
            cite(fact('system', fwupd, `${devices.length} devices, fwupd ${host?.DaemonVersion ?? '?'}`));
        return {
            boot,
            security: safeText(host?.HostSecurityId ?? '', 64),
            devices:
                devices?.map(({ Name, Vendor, Version, Flags }) => ({
                    name: safeText(`${Vendor} ${Name}`.trim(), 100),
                    version: safeText(Version, 40),
                    isUpdatable: (BigInt(Flags) & updatable) !== 0n,
                })) ?? null,
        };
    },
    write({ boot, security, devices }, out) {
        if (boot !== null) out.line(`Secure Boot: ${boot ? 'on' : 'off'}`);
        if (security !== '') out.line(`Host security: ${security}`);
        if (devices === null) {
            out.line('fwupd is not installed or not running.');
            return;
        }
        const describe = ({ name, version, isUpdatable }: (typeof devices)[number]) =>
            `${name}: firmware ${version}${isUpdatable ? ', can be updated' : ''}`;
        out.list('Devices', devices, describe, shown);
    },
    *tell({ boot, security, devices }, format) {
        if (boot !== null) yield `${boot ? _('Secure Boot is on.') : _('Secure Boot is off.')}\n\n`;
        else yield `${_('This computer was not started by UEFI, or it has no Secure Boot.')}\n\n`;
        if (security !== '')
            yield item(_('Security of the firmware, as fwupd grades it: {level}', { level: plain(security) }));
        if (devices === null) yield item(_('The versions of the firmware are not known, because fwupd is not here.'));
        yield* listed(devices ?? [], shown, format, ({ name, version, isUpdatable }) => {
            const values = { device: plain(name), version: code(version) };
            return isUpdatable
                ? _('{device}: firmware {version}, can be updated from here', values)
                : _('{device}: firmware {version}', values);
        });
    },
});

/** Null on a computer that was not started by UEFI, and on one that keeps the variable from us. */
async function readSecureBoot(machine: Machine): Promise<boolean | null> {
    const value = (await readBytes(machine, secureBootFile, 16))?.at(4);
    return value === undefined ? null : value === 1;
}
