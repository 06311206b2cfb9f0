import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a USB device is not recognised',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // hub_port_init() and usb_new_device() in drivers/usb/core/hub.c.
            kernel('usb 1-4: new full-speed USB device number 12 using xhci_hcd', 6),
            kernel('usb 1-4: device descriptor read/64, error -71'),
            kernel('usb 1-4: device descriptor read/64, error -71'),
            kernel('usb 1-4: device not accepting address 12, error -71'),
            kernel('usb usb1-port4: unable to enumerate USB device'),
        ),
    expect: { family: 'usb', subject: /1-4/, cause: /./ },
};
