import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'the processor is too hot',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // thermal_zone_device_critical() in drivers/thermal/thermal_core.c.
            kernel('thermal thermal_zone0: acpitz: critical temperature reached', 0),
        ),
    expect: { family: 'power', subject: /./, cause: /cooling/ },
};
