import { replay, kernel } from '../replay.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'a memory module has errors',
    by: 'replayed',
    provoke: desktop =>
        replay(
            desktop,
            // edac_ue_error() in drivers/edac/edac_mc.c.
            kernel(
                'EDAC MC0: 1 UE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0 (channel:0 slot:0 page:0x1a2b3c offset:0x0 grain:32 - rank:0 row:0x1 err_code:0x00a0:0x0090)',
                0,
            ),
        ),
    expect: { family: 'hardware', subject: /memory/, cause: /memory/ },
};
