import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a USB device draws too much current',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // port_event() in drivers/usb/core/hub.c.
            kernel('usb usb2-port3: over-current condition'),
        ),
    expect: { family: 'usb', subject: /./, cause: /current/ },
};
