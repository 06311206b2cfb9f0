import * as z from 'zod';

import { readVersions } from '../../../machine/packages/versions.ts';
import { tool } from '../tool.ts';

export const versions = tool({
    name: 'versions',
    description: 'Versions of the distribution, the kernel, GNOME Shell, systemd and Reeve.',
    parameters: z.object({}),
    async run(_values, { machine, version, signal }, out) {
        const { distribution, kernel, gnomeShell, systemd, evidence } = await readVersions(machine, signal);
        out.cite(...evidence);
        out.line(`Distribution: ${distribution ?? 'unknown'}`);
        out.line(`Kernel: ${kernel}`);
        out.line(`GNOME Shell: ${gnomeShell ?? 'does not run here'}`);
        out.line(`systemd: ${systemd ?? 'does not run here'}`);
        out.line(`Reeve: ${version}`);
    },
});
