import { earlier, replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

// REF_SetUnsynchronised() and SRC_SelectSource() in chrony's sources.c.
const alone = service('chrony.service', 'chronyd', "Can't synchronise: no selectable sources");

export const scenario: Scenario = {
    title: 'the clock cannot be synchronised',
    by: 'replayed',
    // The clock keeps its rate for a while, so this counts only after an hour.
    provoke: desktop => replay(desktop, earlier(3900, alone), earlier(1900, alone), alone),
    expect: { family: 'time', subject: 'clock', cause: /./, fix: 'clock.synchronise', isChecked: false },
};
