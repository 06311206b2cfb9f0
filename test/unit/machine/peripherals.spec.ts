import { readPeripherals } from '../../../service/machine/hardware/devices.ts';

/** As `udevadm info --export-db` prints them. */
const printed = [
    'P: /devices/pci0000:00/0000:00:14.0/usb1\nE: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: PRODUCT=1d6b/2/612\nE: TYPE=9/0/1',
    'P: /devices/pci0000:00/0000:00:14.0/usb1/1-4\nE: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-4\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: PRODUCT=46d/c52b/1201\nE: TYPE=0/0/0\nE: ID_VENDOR=Logitech\nE: ID_MODEL=USB_Receiver',
    'P: /devices/pci0000:00/0000:00:14.0/usb1/1-4/input/input7\nE: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-4/input/input7\nE: SUBSYSTEM=input\nE: NAME="Logitech M185"\nE: ID_INPUT=1\nE: ID_INPUT_MOUSE=1',
    'P: /devices/pci0000:00/0000:00:14.0/usb1/1-4/input/input7/event3\nE: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-4/input/input7/event3\nE: SUBSYSTEM=input\nE: ID_INPUT_MOUSE=1',
    'P: /devices/virtual/input/input9\nE: DEVPATH=/devices/virtual/input/input9\nE: SUBSYSTEM=input\nE: NAME="made up"\nE: ID_INPUT_KEYBOARD=1',
    'P: /devices/pci0000:00/0000:00:14.0/usb1/1-5/video4linux/video0\nE: DEVPATH=/devices/pci0000:00/0000:00:14.0/usb1/1-5/video4linux/video0\nE: SUBSYSTEM=video4linux\nE: ID_V4L_PRODUCT=HD Webcam\nE: ID_V4L_CAPABILITIES=:capture:',
].join('\n\n');

describe('What somebody has before them', () => {
    const { signal } = new AbortController();

    it('is told apart, with the names that it has', async () => {
        expect(await readPeripherals(() => Promise.resolve(`${printed}\n\n`), signal)).toEqual([
            { kind: 'usb', name: 'Logitech USB_Receiver' },
            { kind: 'mouse', name: 'Logitech M185' },
            { kind: 'camera', name: 'HD Webcam' },
        ]);
    });

    it('is not known without udevadm', async () => {
        expect(await readPeripherals(() => Promise.resolve(null), signal)).toBeNull();
    });
});
