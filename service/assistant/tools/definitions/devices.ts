import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import type { Machine } from '../../../machine/machine.ts';
import { listed } from '../listed.ts';
import { notHere, toldTool } from '../tool.ts';

type Device = { bus: 'pci' | 'usb'; name: string; driver: string | null; modules: string };

const shown = 30;

export const devices = toldTool({
    name: 'devices',
    description: 'PCI and USB devices with the kernel driver of each, and those that have none.',
    parameters: z.object({
        bus: z.enum(['pci', 'usb']).optional().describe('only devices of this bus'),
        without_driver: z.boolean().optional().describe('only devices that have no driver'),
        name: z.string().max(64).optional().describe('part of the name, such as network or audio'),
    }),
    asked: {
        phrases: {
            en: [
                '(which|what|how many) {bus} devices are (connected|plugged in|attached|there)',
                '(what is|anything) (connected|plugged in|attached) (by|over|via|through) {bus}',
                '(list|show) [all] {bus} devices',
                '[all] {bus} devices',
                'is [my] (webcam|camera|scanner|mouse|keyboard|device|stick) (recognised|recognized|detected|found)',
                '(which|what) driver does [the|my] (network card|sound card|wifi card|device|webcam) (use|have|need)',
                '(which|what) (hardware|devices|device) (has|have) no driver',
                '(hardware|devices) without [a] driver',
            ],
            de: [
                '(welche|wie viele) {bus} geräte sind (angeschlossen|verbunden|da|eingesteckt)',
                '(wird|ist) [meine|mein] (webcam|kamera|scanner|maus|tastatur|gerät) erkannt',
                '(welcher|welchen) treiber (gehört zu|gehört zur|hat|nutzt) [die] (netzwerkkarte|soundkarte|webcam|gerät)',
                'für welche geräte fehlt [ein] treiber',
                'geräte ohne treiber',
                '{bus} geräte',
            ],
            ar: [
                '(ما|ما هي) اجهزة {bus} (الموصولة|المتصلة)',
                'ما (المشغل|التعريف) الذي تستخدمه (بطاقة الشبكة|كرت الشبكة|بطاقة الصوت)',
                'هل تم التعرف على (الكاميرا|الماسح|الفارة)',
            ],
        },
        slots: { bus: { usb: ['usb', 'يو اس بي'], pci: ['pci'] } },
        values: ({ bus }) => (bus === undefined ? {} : { bus }),
        example: () => _('Which driver does the network card use?'),
    },
    async find({ bus, without_driver: withoutDriver = false, name }, { machine, signal }, cite) {
        // lspci(8): one record of "Key:\tvalue" lines for each device, with driver and modules.
        const listed = await machine.run('lspci', ['-vmmk'], { signal });
        const pci = listed === null ? await pciFromSysfs(machine) : parseLspci(listed);
        const all = [...pci, ...(await usbFromSysfs(machine))].filter(
            device => bus === undefined || device.bus === bus,
        );
        if (all.length === 0 && bus === undefined) throw notHere('PCI and USB', '/sys/bus');
        const wanted = name?.toLowerCase() ?? '';
        const named = all.filter(device => device.name.toLowerCase().includes(wanted));
        const missing = named.filter(({ driver }) => driver === null);
        cite(
            fact(
                'file',
                `/sys/bus/${bus ?? '{pci,usb}'}/devices`,
                `${all.length} devices, ${missing.length} without a driver`,
            ),
        );
        // Those without a driver first: there may be more devices than are shown.
        const others = named.filter(({ driver }) => driver !== null);
        return {
            shownDevices: withoutDriver ? missing : [...missing, ...others],
            count: named.length,
            missing: missing.length,
        };
    },
    write({ shownDevices, count, missing }, out) {
        out.line(`${count} devices, ${missing} without a driver`);
        out.list(
            'Devices',
            shownDevices,
            ({ name: title, driver, modules }) => {
                const none = modules === '' ? 'NO DRIVER' : `NO DRIVER (modules ${modules})`;
                return `${title}: ${driver ?? none}`;
            },
            shown,
        );
    },
    *tell({ shownDevices, count, missing }, format, { bus }) {
        const values = { count, missing: format.number(missing) };
        if (count === 0) {
            yield bus === 'usb' ? `${_('No USB device is plugged in.')}\n` : `${_('There is no such device here.')}\n`;
            return;
        }
        yield bus === 'usb'
            ? `${ngettext('{count} USB device is connected, {missing} without a driver:', '{count} USB devices are connected, {missing} without a driver:', count, values)}\n\n`
            : `${ngettext('There is {count} device, {missing} without a driver:', 'There are {count} devices, {missing} without a driver:', count, values)}\n\n`;
        yield* listed(shownDevices, shown, format, ({ name, driver }) => {
            const device = plain(name);
            return driver === null
                ? _('{device}: no driver', { device })
                : _('{device}: driver {driver}', { device, driver: code(driver) });
        });
    },
});

function parseLspci(output: string): Device[] {
    return output.split('\n\n').flatMap(record => {
        const field = (key: string) => new RegExp(`^${key}:\\t(.+)$`, 'm').exec(record)?.[1];
        const title = field('Device');
        if (title === undefined) return [];
        const modules = Array.from(record.matchAll(/^Module:\t(.+)$/gm), ([, module = '']) => module).join(', ');
        const text = `${field('Class') ?? ''}: ${field('Vendor') ?? ''} ${title}`;
        return [
            { bus: 'pci', name: safeText(text, 160), driver: field('Driver') ?? null, modules: safeText(modules, 80) },
        ];
    });
}

/** Without pciutils there are no names, only identifiers: Documentation/ABI/testing/sysfs-bus-pci. */
async function pciFromSysfs(machine: Machine): Promise<Device[]> {
    const found: Device[] = [];
    for (const slot of (await listNames(machine, '/sys/bus/pci/devices')).sort()) {
        const uevent = (await readText(machine, `/sys/bus/pci/devices/${slot}/uevent`, 4096)) ?? '';
        const field = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(uevent)?.[1];
        const text = `PCI ${slot} class ${field('PCI_CLASS') ?? '?'} id ${field('PCI_ID') ?? '?'}`;
        found.push({ bus: 'pci', name: safeText(text, 160), driver: field('DRIVER') ?? null, modules: '' });
    }
    return found;
}

/** Devices, not their interfaces, whose directories have a colon in their names: Documentation/ABI/testing/sysfs-bus-usb. */
async function usbFromSysfs(machine: Machine): Promise<Device[]> {
    const found: Device[] = [];
    const names = (await listNames(machine, '/sys/bus/usb/devices')).sort();
    for (const device of names.filter(entry => !entry.includes(':'))) {
        const read = async (file: string) =>
            ((await readText(machine, `/sys/bus/usb/devices/${device}/${file}`, 4096)) ?? '').trim();
        const title = `${await read('manufacturer')} ${await read('product')}`.trim();
        const drivers = new Set<string>();
        for (const part of names.filter(entry => entry.startsWith(`${device}:`))) {
            const driver = /^DRIVER=(.+)$/m.exec(await read(`${part}/uevent`))?.[1];
            if (driver !== undefined) drivers.add(driver);
        }
        const text = `USB ${device}: ${title || `${await read('idVendor')}:${await read('idProduct')}`}`;
        found.push({ bus: 'usb', name: safeText(text, 160), driver: [...drivers].join(', ') || null, modules: '' });
    }
    return found;
}
