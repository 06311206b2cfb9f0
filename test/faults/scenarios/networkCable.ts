import { earlier, kernel, replay } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

/** e1000_watchdog_task() in drivers/net/ethernet/intel/e1000e/netdev.c. */
const link = (state: string) => kernel(`e1000e 0000:03:00.0 enp3s0: NIC Link is ${state}`, 6);

export const scenario: Scenario = {
    title: 'a network cable loses its contact again and again',
    by: 'replayed',
    // Not right after the quiet run that suspends, around which links come and go; hence its place in the alphabet.
    provoke: desktop =>
        replay(
            desktop,
            ...[100, 80, 60, 40, 20].flatMap(seconds => [
                earlier(seconds, link('Down')),
                earlier(seconds - 5, link('Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx')),
            ]),
            link('Down'),
        ),
    expect: { family: 'link', subject: 'enp3s0', cause: /cable/ },
};
