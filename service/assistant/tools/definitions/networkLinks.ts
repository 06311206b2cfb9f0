import * as z from 'zod';

import { readInterfaces } from '../../../machine/network/network.ts';
import { required, tool } from '../tool.ts';

export const networkLinks = tool({
    name: 'network_links',
    description:
        'Network interfaces: whether they are up, whether they have a cable or radio link, and their addresses.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const interfaces = required(await readInterfaces(machine, signal), 'iproute2', 'ip');
        out.cite(...interfaces.map(({ evidence }) => evidence));
        out.list('Interfaces', interfaces, ({ name, up, carrier, addresses }) => {
            const link = up ? (carrier ? 'up, with a link' : 'up, no cable or radio link') : 'switched off';
            return `${name}: ${link}; addresses ${addresses.join(', ') || 'none'}`;
        });
    },
});
