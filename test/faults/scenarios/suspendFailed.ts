import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the computer does not go to sleep',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // pm_dev_err() in drivers/base/power/main.c, suspend_devices_and_enter() in kernel/power/suspend.c.
            kernel('xhci_hcd 0000:00:14.0: PM: dpm_run_callback(): pci_pm_suspend+0x0/0x1b0 returns -16'),
            kernel('xhci_hcd 0000:00:14.0: PM: failed to suspend async: error -16'),
            kernel('PM: Some devices failed to suspend, or early wake event detected'),
        ),
    expect: { family: 'suspend', subject: /./, cause: /./ },
};
