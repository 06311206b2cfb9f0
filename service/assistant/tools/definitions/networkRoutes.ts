import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { readNeighbour } from '../../../machine/network/network.ts';
import { parseJson } from '../../../machine/run.ts';
import { required, tool } from '../tool.ts';

const routeList = z.array(
    z.object({
        dst: z.string().default(''),
        gateway: z.string().optional(),
        dev: z.string().default(''),
        metric: z.number().default(0),
        prefsrc: z.string().optional(),
    }),
);

export const networkRoutes = tool({
    name: 'network_routes',
    description: 'Routes, the default gateway and whether it answers on the local link.',
    parameters: z.object({}),
    async run(_values, { machine, signal }, out) {
        const outputs = await Promise.all(
            ['-4', '-6'].map(family => machine.run('ip', ['-json', family, 'route'], { signal })),
        );
        const routes = outputs.flatMap(output => parseJson('ip', routeList, required(output, 'iproute2', 'ip')));
        const defaults = routes.filter(({ dst }) => dst === 'default').sort((a, b) => a.metric - b.metric);
        out.cite(fact('system', 'ip route', `${routes.length} routes, ${defaults.length} default`));
        if (defaults.length === 0) out.line('No default route: nothing beyond the local network can be reached.');
        for (const { gateway, dev, metric } of defaults) {
            out.line(`Default: via ${gateway ?? 'the link'} on ${dev}, metric ${metric}`);
            if (gateway === undefined) continue;
            const neighbour = await readNeighbour(machine, gateway, dev, signal);
            out.cite(neighbour.evidence);
            out.line(`The gateway ${gateway} is ${neighbour.state ?? 'not in the kernel’s neighbour table'}`);
        }
        const others = routes.filter(({ dst }) => dst !== 'default' && !/^(?:fe80|ff00|multicast)/.test(dst));
        out.list('Other routes', others, ({ dst, gateway, dev, prefsrc }) => {
            return `${dst}${gateway === undefined ? '' : ` via ${gateway}`} on ${dev}${prefsrc ? ` from ${prefsrc}` : ''}`;
        });
    },
});
