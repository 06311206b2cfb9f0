import { setTimeout as pause } from 'node:timers/promises';
import { unlock } from '../../desktop/lockScreen.ts';
import { sayAs } from '../fakeService.ts';
import { kernel, replay } from '../replay.ts';
import type { QuietRun } from '../scenario.ts';

/** What goes wrong at a wake-up is collected for so long. */
const collected = 25_000;

const prepareForSleep = (isBefore: boolean) => ({
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    member: 'PrepareForSleep',
    values: `(${isBefore},)`,
});

export const scenario: QuietRun = {
    title: 'suspend and resume',
    run: async desktop => {
        await sayAs(desktop, { name: 'org.freedesktop.login1', unit: 'systemd-logind.service' }, [
            prepareForSleep(true),
            prepareForSleep(false),
        ]);
        // The Shell locks the screen when the computer goes to sleep.
        await desktop.waitFor("Main.screenShield.locked && Main.sessionMode.currentMode === 'unlock-dialog'");
        // What a healthy laptop's kernel says (kernel/power/suspend.c, drivers/ata/libata-core.c, drivers/usb/core/hub.c).
        await replay(
            desktop,
            kernel('PM: suspend entry (deep)', 6),
            kernel('Filesystems sync: 0.012 seconds', 6),
            kernel('Freezing user space processes', 6),
            kernel('Freezing user space processes completed (elapsed 0.002 seconds)', 6),
            kernel('printk: Suspending console(s) (use no_console_suspend to debug)', 6),
            kernel('ACPI: PM: Preparing to enter system sleep state S3', 6),
            kernel('ACPI: PM: Waking up from system sleep state S3', 6),
            kernel('usb 1-8: reset full-speed USB device number 3 using xhci_hcd', 6),
            kernel('ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)', 6),
            kernel('e1000e 0000:00:1f.6 eno1: NIC Link is Down', 6),
            kernel('e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx', 6),
            kernel('OOM killer enabled.', 6),
            kernel('Restarting tasks: Done', 6),
            kernel('PM: suspend exit', 6),
        );
        await unlock(desktop);
        await pause(collected);
    },
};
