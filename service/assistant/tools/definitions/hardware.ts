import * as z from 'zod';

import { bytes } from '../figures.ts';
import { readHardware } from '../../../machine/hardware/hardware.ts';
import { readMemory } from '../../../machine/processes/memory.ts';
import { tool } from '../tool.ts';

export const hardware = tool({
    name: 'hardware',
    description: 'Model of the computer, processor, memory size and graphics drivers.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const [read, memory] = await Promise.all([readHardware(machine, signal), readMemory(machine)]);
        out.cite(...read.evidence);
        out.line(`Computer: ${read.model ?? 'does not say its model'}`);
        out.line(`Processor: ${read.processor ?? 'unknown'}, ${read.processors} processors`);
        if (memory !== null) out.line(`Memory: ${bytes(memory.total)}`);
        out.line(`Graphics drivers: ${read.graphicsDrivers.join(', ') || 'none'}`);
    },
});
