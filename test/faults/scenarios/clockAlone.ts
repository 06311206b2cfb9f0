import { replay, service } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the clock cannot be synchronised',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // REF_SetUnsynchronised() and SRC_SelectSource() in chrony's sources.c.
            service('chrony.service', 'chronyd', "Can't synchronise: no selectable sources"),
        ),
    expect: { family: 'time', subject: 'clock', cause: /./, fix: 'clock.synchronise', isChecked: false },
};
