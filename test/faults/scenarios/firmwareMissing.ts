import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a driver lacks its firmware',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // fw_get_filesystem_firmware() and firmware_request() in drivers/base/firmware_loader/main.c.
            kernel('r8169 0000:04:00.0: Direct firmware load for rtl_nic/rtl8168h-2.fw failed with error -2', 4),
            kernel('r8169 0000:04:00.0: Unable to load firmware rtl_nic/rtl8168h-2.fw (-2)'),
        ),
    expect: { family: 'usb', subject: /./, cause: /package of your distribution/ },
};
