import { KnownDevices } from '../../../service/sources/knownDevices.ts';
import { identityOf, parseProperties, readDevices } from '../../../service/machine/hardware/devices.ts';
import type { DeviceProperties } from '../../../service/machine/hardware/devices.ts';
import { SourceBed } from '../../support/sourceRun.ts';

const controller = '/devices/pci0000:00/0000:00:14.0';

function usb(place: string, model: string, more: Record<string, string> = {}): DeviceProperties {
    return new Map(
        Object.entries({
            DEVPATH: `${controller}/usb1/${place}`,
            SUBSYSTEM: 'usb',
            DEVTYPE: 'usb_device',
            DEVNAME: `/dev/bus/usb/001/${place}`,
            PRODUCT: `46d/${model}/1201`,
            ID_VENDOR: 'Logitech',
            ID_MODEL: `Thing_${model}`,
            ...more,
        }),
    );
}
function disk(name: string, serial: string, path = `0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/${name}`) {
    const at = `/devices/pci0000:00/${path}`;
    return new Map(
        Object.entries({
            DEVPATH: at,
            SUBSYSTEM: 'block',
            DEVTYPE: 'disk',
            DEVNAME: `/dev/${name}`,
            ID_SERIAL: serial,
            ID_MODEL: 'SSD',
        }),
    );
}
const heard = (properties: DeviceProperties, action: string) => new Map([...properties, ['ACTION', action]]);

describe('Devices that are known from the last run', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });

    const mouse = usb('1-4', 'c52b');
    const stick = usb('1-2', '1234', { ID_SERIAL_SHORT: 'S1' });
    const start = (hasUdev = true) => new KnownDevices({ database: bed.database, hasUdev });
    /** One run of the service, from its start to its end. */
    const run = (there: readonly DeviceProperties[], screens: Record<string, string> = {}, hasUdev = true) => {
        const known = start(hasUdev);
        known.seeScreens(new Map(Object.entries(screens)));
        known.begin(there);
        const told = known.compare();
        known.keep();
        return told;
    };
    const summaries = (...args: Parameters<typeof run>) => run(...args).map(({ summary }) => summary);

    it('are reported when they came or went meanwhile, and only once', () => {
        expect(run([mouse])).toEqual([]);
        expect(run([stick])).toEqual([
            jasmine.objectContaining({
                kind: 'device',
                event: 'removed',
                subject: '/dev/bus/usb/001/1-4',
                summary: 'Logitech Thing_c52b was disconnected while Reeve was not running',
            }),
            jasmine.objectContaining({
                event: 'added',
                summary: 'Logitech Thing_1234 was connected while Reeve was not running',
                facts: jasmine.objectContaining({ serial: 'S1', subsystem: 'usb', unseen: 'true' }),
            }),
        ]);
        expect(run([stick])).toEqual([]);
    });

    it('are the same after a start of the computer that gave them other numbers', () => {
        const before = [
            mouse,
            stick,
            disk('sda', 'A'),
            disk('sdb', 'B'),
            disk('vda', '', '0000:00:05.0/virtio2/block/vda'),
        ];
        run(before, { 'screen abc': 'DP-1' });
        const after = [
            usb('1-4', 'c52b', { DEVPATH: `${controller}/usb3/3-4`, DEVNAME: '/dev/bus/usb/003/002' }),
            usb('1-9', '1234', { ID_SERIAL_SHORT: 'S1' }),
            disk('sdb', 'A'),
            disk('sda', 'B', '0000:00:17.0/ata2/host5/target5:0:0/5:0:0:0/block/sda'),
            disk('vda', '', '0000:00:05.0/virtio0/block/vda'),
        ];
        expect(run(after, { 'screen abc': 'DP-7' })).toEqual([]);
    });

    it('are one entry where a dock came or went', () => {
        const dock = ['1', '2', '3', '4'].map(port => usb(`1-4.${port}`, `c00${port}`));
        run([mouse]);
        const [came, ...others] = run([mouse, ...dock]);
        expect(others).toEqual([]);
        expect(came?.summary).toBe('4 devices were connected while Reeve was not running');
        expect(came?.detail.split('\n').length).toBe(4);
        expect(summaries([mouse])).toEqual(['4 devices were disconnected while Reeve was not running']);
    });

    it('are screens as well', () => {
        run([], { 'screen abc': 'DP-1' });
        expect(summaries([], {})).toEqual(['The screen at DP-1 was disconnected while Reeve was not running']);
        expect(summaries([], { 'screen def': 'HDMI-A-1' })).toEqual([
            'The screen at HDMI-A-1 was connected while Reeve was not running',
        ]);
    });

    it('are not told to have gone, nor forgotten, where the screens could not be read', () => {
        run([mouse], { 'screen abc': 'DP-1' });
        const blind = start();
        blind.begin([mouse]);
        expect(blind.compare()).toEqual([]);
        blind.keep();
        expect(run([mouse], { 'screen abc': 'DP-1' })).toEqual([]);
    });

    it('stay what they were where it could not be read what there is', () => {
        run([mouse]);
        const unread = start();
        unread.handle(heard(stick, 'add'));
        unread.giveUp();
        unread.handle(heard(mouse, 'remove'));
        expect(summaries([mouse, stick])).toEqual(['Logitech Thing_1234 was connected while Reeve was not running']);
    });

    it('are not reported again when the kernel reported them, before or after they were read', () => {
        run([mouse]);
        const known = start();
        known.handle(heard(stick, 'add'));
        known.begin([mouse, stick]);
        known.handle(heard(mouse, 'remove'));
        expect(known.compare()).toEqual([]);
        known.keep();
        expect(run([stick])).toEqual([]);
    });

    it('are kept up with while the service runs, and forgotten by a run that did not get to compare', () => {
        run([mouse]);
        const cut = start();
        cut.begin([mouse, stick]);
        expect(summaries([mouse, stick])).toEqual(['Logitech Thing_1234 was connected while Reeve was not running']);
        const known = start();
        known.begin([mouse, stick]);
        known.compare();
        known.handle(heard(mouse, 'remove'));
        expect(run([stick])).toEqual([]);
    });

    it('are not compared with what udev did not name, with nonsense, or with too many', () => {
        run([mouse], {}, false);
        expect(run([stick])).toEqual([]);
        for (const text of ['{"hasUdev":true}', '[', '{"hasUdev":true,"devices":[["a",{"name":1}]]}']) {
            bed.database.setState('devices-known', text);
            expect(run([mouse])).toEqual([]);
        }
        const many = Array.from({ length: 600 }, (_each, index) => usb(`1-4.${index}`, 'c52b'));
        run(many);
        expect(run([mouse])).toEqual([]);
    });
});

describe('What is connected', () => {
    // As `udevadm info --export-db` prints it: udevadm-info.c of systemd, print_record().
    const record = (properties: DeviceProperties) =>
        [
            `P: ${properties.get('DEVPATH') ?? ''}`,
            ...Array.from(properties, ([name, value]) => `E: ${name}=${value}`),
        ].join('\n');
    const read = async (...devices: DeviceProperties[]) => {
        const output = `${devices.map(record).join('\n\n')}\n\n`;
        const found = await readDevices(() => Promise.resolve(output), new AbortController().signal);
        return found?.map(properties => properties.get('DEVPATH'));
    };

    it('is read from what udev keeps: USB devices, disks and cards, without their parts and what the kernel makes up', async () => {
        const path = (at: string, more: string) => parseProperties(`DEVPATH=${at}\n${more}`);
        const mouse = usb('1-4', 'c52b');
        const sda = disk('sda', 'A');
        const card = path('/devices/pci0000:00/0000:00:1f.3/sound/card0', 'SUBSYSTEM=sound');
        expect(
            await read(
                mouse,
                usb('', '2', { DEVPATH: `${controller}/usb1`, PRODUCT: '1d6b/2/612' }),
                usb('1-4/1-4:1.0', 'c52b', { DEVTYPE: 'usb_interface' }),
                sda,
                path('/devices/pci0000:00/0000:00:17.0/ata1/block/sda/sda1', 'SUBSYSTEM=block\nDEVTYPE=partition'),
                path('/devices/virtual/block/loop0', 'SUBSYSTEM=block\nDEVTYPE=disk'),
                path(
                    `${controller}/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdc`,
                    'SUBSYSTEM=block\nDEVTYPE=disk',
                ),
                path('/devices/virtual/net/lo', 'SUBSYSTEM=net'),
                card,
                path('/devices/pci0000:00/0000:00:1f.3/sound/card0/pcmC0D0p', 'SUBSYSTEM=sound'),
            ),
        ).toEqual([mouse, sda, card].map(properties => properties.get('DEVPATH')));
        expect(identityOf(card)).toBe('sound /devices/pci0000:00/0000:00:1f.3');
    });

    it('is not known without udevadm', async () => {
        expect(await readDevices(() => Promise.resolve(null), new AbortController().signal)).toBeNull();
    });
});
