import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'an NVIDIA card reports an Xid',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // NVIDIA, "Xid Errors", 79: GPU has fallen off the bus.
            kernel('NVRM: Xid (PCI:0000:01:00): 79, pid=1520, name=gnome-shell, GPU has fallen off the bus.'),
            kernel('NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.'),
        ),
    expect: { family: 'graphics', subject: /./, cause: /./ },
};
