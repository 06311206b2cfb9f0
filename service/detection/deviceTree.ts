import type { LogEntry } from '../journal/logEntry.ts';
import type { AttachedDevices } from '../machine/hardware/attachedDevices.ts';
import { BoundedMap } from '../util/boundedMap.ts';
import { isInBurst, momentOf } from './moment.ts';
import type { Moment } from './moment.ts';
import { usbDeviceIn } from './subjects.ts';

/** More than any desktop has, with all its partitions and interfaces. */
const limit = 1024;
/** A longer chain would be a circle. */
const deepest = 16;

const pci = String.raw`[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7]`;
const usb = String.raw`\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}`;
const bus = String.raw`${pci}|${usb}:\d{1,3}\.\d{1,3}`;
const disk = String.raw`(?:sd|hd|vd|xvd)a?[a-z]`;
const block = String.raw`${disk}\d{0,3}|nvme\d{1,3}(?:n\d{1,3}(?:p\d{1,3})?)?|mmcblk\d{1,2}(?:p\d{1,2})?|dm-\d{1,4}|md(?!5\b)\d{1,3}`;
const network = String.raw`(?:eth|wlan|wwan|ib)\d{1,3}|(?:en|wl|ww)(?:[ops]\d\w{0,12}|x[\da-f]{12})`;
const other = String.raw`ata\d{1,3}(?:\.\d\d)?|host\d{1,3}|mmc\d{1,2}|hci\d{1,2}|card\d{1,2}|usb\d{1,3}|phy\d{1,2}`;

/** The names of devices in a message: addresses only in a form that nothing else has. */
const named = new RegExp(
    String.raw`(?<![\w.:/-])(?:${pci}|0000:[\da-f]{2}:[\da-f]{2}(?!:)|${usb}:\d{1,3}\.\d{1,3}|${block}|${network}|${other})(?![\w.]|-[a-z])|\b(?:sd|scsi|sr|st) (\d{1,3}:\d{1,3}:\d{1,3}:\d{1,6})\b`,
    'g',
);
const whole = new RegExp(`^(?:${bus}|${block}|${network}|${other}|${usb}|\\d{1,3}:\\d{1,3}:\\d{1,3}:\\d{1,6})$`);

/**
 * What the kernel and its drivers say of where a device is: the child in group 1, its parent in group 2. drivers/usb/core/hcd.c,
 * drivers/usb/storage/usb.c, drivers/scsi/{hosts,sd}.c, drivers/nvme/host/pci.c, drivers/pci/probe.c, net/core/dev.c,
 * drivers/gpu/drm/drm_drv.c and drivers/mmc in Linux.
 */
const attachments = [
    new RegExp(String.raw`^sd (?<up>[\d:]{7,20}): \[(?<down>${disk})\]`),
    new RegExp(String.raw`^scsi ?(?<down>host\d{1,3}|\d{1,3}) ?: usb-storage (?<up>${usb}:\d{1,3}\.\d{1,3})`),
    new RegExp(String.raw`^nvme (?<down>nvme\d{1,3}): pci function (?<up>${pci})`),
    new RegExp(String.raw`^pci (?<up>${pci}): PCI bridge to \[bus (?<down>[\da-f]{2})[\]-]`),
    new RegExp(String.raw`^\S{1,32} (?<up>${pci}): new USB bus registered, assigned bus number (?<down>\d{1,3})`),
    new RegExp(String.raw`^\S{1,32} (?<up>${bus}):? (?<down>${network}): `),
    new RegExp(String.raw`^\[drm\] Initialized .{1,80} for (?<up>${pci}) on minor (?<down>\d{1,2})$`),
    new RegExp(String.raw`^(?<down>mmcblk\d{1,2}): (?<up>mmc\d{1,2}):`),
    new RegExp(String.raw`^(?<down>mmc\d{1,2}): SDHCI controller on PCI \[(?<up>${pci})\]`),
];

/** A controller whose ports the next lines name, and what such a line begins with (drivers/ata/libata-core.c, ahci.c). */
const controller = new RegExp(String.raw`^(?:ahci|ata_piix|sata_\w{1,16}|pata_\w{1,16}) (${pci}): `);
const controllerHost = /^scsi ?(?:host)?(\d{1,3}) ?: (?:ahci|ata_piix|sata_\w{1,16}|pata_\w{1,16})$/;
const port = /^(ata\d{1,3}): (?:[SP]ATA max |DUMMY)/;
/** Drivers whose devices have names that do not tell where they are: the only one of a kind is the one that is meant. */
const ofKind = {
    nvme: new RegExp(`^nvme (${pci}): `),
    wireless: new RegExp(
        String.raw`^(?:iwlwifi|ath\d{1,2}k(?:_pci)?|rtw\w{1,16}|rtl8\w{1,8}|mt7\w{1,8}|brcmfmac|mwifiex_pcie|wl) (${pci}): `,
    ),
} as const;
const newUsb = new RegExp(String.raw`^usb (${usb}): New USB device found`);
const unplugged = new RegExp(String.raw`^usb (${usb}): USB disconnect, device number`);
/** Linux before 3.15 says what happened to a disk in a line of its own (sd_print_result() in drivers/scsi/sd.c). */
const headOfNext = new RegExp(String.raw`^sd [\d:]{7,20}: \[(${disk})\]\s*$`);
const uasHost = /^scsi ?(?:host)?(\d{1,3}) ?: uas$/;
const booted = /^Linux version \d/;
const ofSysfs = /\/devices\/(?:pci|platform)[^\s,]{1,500}/;

/**
 * The devices of a computer, each with what it is attached to: a partition to its disk, the disk to its port, the port to its
 * controller. The log tells it when the devices are found, and /sys as long as they are there. Bounded.
 */
export class DeviceTree {
    /** Literals of the lines that `learn` understands. */
    static readonly anchors = [
        ': [sd',
        'usb-storage ',
        ': uas',
        'pci function ',
        'PCI bridge to [bus',
        'new USB bus registered',
        'renamed from ',
        ' on minor ',
        ': mmc',
        'SDHCI controller on PCI',
        ': ahci',
        ': ata_piix',
        'ahci 0',
        'ATA max ',
        'nvme 0',
        'iwlwifi 0',
        '_pci 0',
        'rtw88',
        'rtw89',
        'rtw_8',
        'mt79',
        'brcmfmac 0',
        'mwifiex_pcie 0',
        ': DUMMY',
        'New USB device found',
        'USB disconnect, device number',
        'Linux version ',
        '/devices/pci',
    ];

    #parents = new BoundedMap<string, { name: string }>(limit);
    #controller: string | null = null;
    /** The only device of each kind; null once there are two. */
    readonly #only = new Map<keyof typeof ofKind, string | null>();
    /** Hosts of a controller whose ports have not been named yet. */
    #hosts: string[] = [];
    #lastUsb: string | null = null;
    /** USB devices that were unplugged, until something is at their port again. */
    readonly #unplugged = new Set<string>();
    /** Where something failed last. */
    #faults: (Moment & { place: string })[] = [];
    /** The disk that the next line is about, if that names none. */
    #continued: (Moment & { name: string }) | null = null;
    readonly #attached: AttachedDevices | null;

    /** @param attached what is there now; null if only the log tells it */
    constructor(attached: AttachedDevices | null = null) {
        this.#attached = attached;
        this.#learnAttached();
    }

    /**
     * @param message of the kernel, or of a program that quotes it
     * @param entry that holds the message
     */
    learn(message: string, entry: LogEntry): void {
        // After a boot, devices have other names.
        if (booted.test(message)) this.#forget();
        const port = unplugged.exec(message)?.[1];
        if (port !== undefined && !this.#failedAt(port, entry)) {
            if (this.#unplugged.size >= 64) this.#unplugged.clear();
            this.#unplugged.add(port);
        }
        const name = headOfNext.exec(message)?.[1];
        if (name !== undefined) this.#continued = { name, ...momentOf(entry) };
        const path = ofSysfs.exec(message)?.[0];
        if (path !== undefined) this.#learnPath(path);
        for (const pattern of attachments) {
            const { down, up } = pattern.exec(message)?.groups ?? {};
            if (down === undefined || up === undefined) continue;
            this.#attach(canonical(down, message), up);
            return;
        }
        this.#learnInTurn(message);
    }

    /** Lines that tell something only with those before them. */
    #learnInTurn(message: string): void {
        for (const kind of ['nvme', 'wireless'] as const) {
            const device = ofKind[kind].exec(message)?.[1];
            if (device === undefined) continue;
            const known = this.#only.get(kind);
            this.#only.set(kind, known === undefined || known === device ? device : null);
        }
        const found = newUsb.exec(message)?.[1];
        if (found !== undefined) {
            this.#lastUsb = found;
            this.#unplugged.delete(found);
        }
        const uas = uasHost.exec(message)?.[1];
        if (uas !== undefined && this.#lastUsb !== null) this.#attach(`host${uas}`, this.#lastUsb);
        const of = controller.exec(message)?.[1];
        if (of !== undefined) {
            this.#controller = of;
            this.#hosts = [];
        }
        const host = controllerHost.exec(message)?.[1];
        if (host !== undefined && this.#hosts.length < 64) this.#hosts.push(`host${host}`);
        const name = port.exec(message)?.[1];
        if (name === undefined) return;
        const first = this.#hosts.shift();
        if (first !== undefined) this.#attach(first, name);
        if (this.#controller !== null) this.#attach(name, this.#controller);
    }

    /** @param path in /sys, from the root down: `/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/…/block/sdb` */
    #learnPath(path: string): void {
        let above: string | null = null;
        for (const part of path.split('/')) {
            if (!whole.test(part)) continue;
            if (above !== null && above !== part) this.#attach(part, above);
            above = part;
        }
    }

    /** Whether the device that a fault is about, or what it is attached to, was unplugged. */
    isUnplugged(subject: string, message: string, entry: LogEntry): boolean {
        if (this.#unplugged.size === 0) return false;
        const place = this.placeIn(subject, message) ?? this.#placeOfHead(entry);
        return place !== null && partsOf(place).some(name => this.#unplugged.has(name));
    }

    /** Something failed at this place: if it is gone a moment later, nobody unplugged it. */
    noteFault(place: string, entry: LogEntry): void {
        if (this.#faults.length >= 16) this.#faults.shift();
        this.#faults.push({ place, ...momentOf(entry) });
    }

    /** Whether something failed at the port, below it or above it: a controller that dies takes its ports along. */
    #failedAt(port: string, entry: LogEntry): boolean {
        const own = partsOf(this.#pathOf(port));
        const isRelated = (parts: readonly string[]) => parts.includes(port) || own.includes(parts.at(-1) ?? '');
        return this.#faults.some(fault => isInBurst(fault, entry) && isRelated(partsOf(fault.place)));
    }

    #placeOfHead(entry: LogEntry): string | null {
        const head = this.#continued;
        return head !== null && isInBurst(head, entry) ? this.#pathOf(head.name) : null;
    }

    /**
     * Where the device is that a fault is about, from the root down: `0000:00:14.0/usb1/1-2/host6/6:0:0:0/sdb`.
     *
     * @param subject of the fault; if that is no device, the message may name one
     * @returns null when neither names a device
     */
    placeIn(subject: string, message: string): string | null {
        const ofSubject = this.#deepest(subject);
        return ofSubject ?? this.#deepest(message);
    }

    #deepest(text: string): string | null {
        const places = namesIn(text, name => this.#above(name) !== null).map(name => this.#pathOf(name));
        return places.length === 0 ? null : places.reduce((one, other) => (depth(other) > depth(one) ? other : one));
    }

    #pathOf(name: string): string {
        const path = [name];
        for (let above = this.#above(name); above !== null && path.length < deepest; above = this.#above(above)) {
            if (path.includes(above)) break;
            path.unshift(above);
        }
        return path.join('/');
    }

    /** What the log has said of it, or else what its name says. */
    #above(name: string): string | null {
        return this.#parents.get(name)?.name ?? aboveByName(name) ?? this.#aboveAsOnly(name);
    }

    #aboveAsOnly(name: string): string | null {
        if (/^nvme\d+$/.test(name)) return this.#only.get('nvme') ?? null;
        return /^(?:phy|wlan)\d+$|^wl[ox]\w/.test(name) ? (this.#only.get('wireless') ?? null) : null;
    }

    #forget(): void {
        this.#parents = new BoundedMap(limit);
        this.#unplugged.clear();
        this.#only.clear();
        this.#lastUsb = this.#controller = this.#continued = null;
        this.#hosts = [];
        this.#faults = [];
        // The start in the log may be an earlier one than that of the computer now.
        this.#learnAttached();
    }

    #learnAttached(): void {
        for (const path of this.#attached?.paths ?? []) this.#learnPath(path);
        for (const [name, of] of this.#attached?.parts ?? []) this.#attach(name, of);
    }

    #attach(name: string, above: string): void {
        if (name === above) return;
        this.#parents.getOrInsert(name, () => ({ name: above })).name = above;
    }
}

/** Names that people also give to computers, and drivers to other parts. */
const ofComputers = /^(?:host|card|phy)\d/;

function depth(place: string): number {
    return partsOf(place).length;
}

function partsOf(place: string): string[] {
    return place.split('/');
}

/** @param isKnown whether the name is that of a device here */
function namesIn(text: string, isKnown: (name: string) => boolean): string[] {
    const names: string[] = [];
    named.lastIndex = 0;
    // matchAll() would compile the expression for each text.
    for (let match = named.exec(text); match !== null; match = named.exec(text)) {
        const name = match[1] ?? match[0];
        if (!ofComputers.test(name) || isKnown(name)) names.push(name);
    }
    const port = usbDeviceIn(text);
    return port === '' ? names : [...names, port];
}

function canonical(name: string, message: string): string {
    if (!/^[\da-f]{1,3}$/.test(name)) return name;
    if (message.startsWith('scsi')) return `host${name}`;
    if (message.startsWith('pci ')) return `bus ${name}`;
    return message.startsWith('[drm]') ? `card${name}` : `usb${name}`;
}

/**
 * Names that contain that of what is above: `sdb1` and `sdb`, `ata3.00` and `ata3`, `1-2.4` and `1-2`. Also those of network
 * interfaces, such as `wlp3s0` in slot 0 of bus 3: systemd.net-naming-scheme(7).
 */
function aboveByName(name: string): string | null {
    const part =
        /^((?:sd|hd|vd|xvd)[a-z]{1,3})\d+$/.exec(name) ??
        /^((?:nvme\d+n\d+|mmcblk\d+))p\d+$/.exec(name) ??
        /^(nvme\d+)n\d+$/.exec(name) ??
        /^(ata\d+)\.\d\d$/.exec(name) ??
        /^(.+):\d+\.\d+$/.exec(name) ??
        /^(\d+-[\d.]+)\.\d+$/.exec(name) ??
        /^([\da-f]{4}:[\da-f]{2}:[\da-f]{2})\.[0-7]$/.exec(name);
    if (part?.[1] !== undefined) return part[1];
    const host = /^(\d+):\d+:\d+:\d+$/.exec(name)?.[1];
    if (host !== undefined) return `host${host}`;
    const root = /^(\d+)-\d+$/.exec(name)?.[1];
    if (root !== undefined) return `usb${root}`;
    const slot = /^[\da-f]{4}:([\da-f]{2}):[\da-f]{2}$/.exec(name)?.[1];
    if (slot !== undefined && slot !== '00') return `bus ${slot}`;
    const {
        number,
        device,
        of = '0',
    } = /^(?:en|wl|ww)p(?<number>\d+)s(?<device>\d+)(?:f(?<of>[0-7]))?$/.exec(name)?.groups ?? {};
    if (number === undefined) return null;
    const hex = (digits = '') => Number(digits).toString(16).padStart(2, '0');
    return `0000:${hex(number)}:${hex(device)}.${of}`;
}
