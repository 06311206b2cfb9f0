import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a Bluetooth adapter does not answer',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // hci_cmd_timeout() in net/bluetooth/hci_core.c.
            kernel('Bluetooth: hci0: command 0xfc05 tx timeout'),
            kernel('Bluetooth: hci0: Reading Intel version command failed (-110)'),
        ),
    expect: { family: 'bluetooth', subject: /hci0/, cause: /./ },
};
