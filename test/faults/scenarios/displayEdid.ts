import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a screen does not say what it can do',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // edid_block_dump() in drivers/gpu/drm/drm_edid.c.
            kernel('i915 0000:00:02.0: [drm] *ERROR* EDID block 0 (tag 0x00) checksum is invalid, remainder is 176', 4),
            kernel('EDID checksum is invalid, remainder is 176'),
        ),
    expect: { family: 'display', subject: /./, cause: /./ },
};
