import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
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
    asked: {
        phrases: {
            en: [
                'what is [my] [default] (gateway|router)',
                'what is the (ip|address|ip address) of [my] (router|gateway)',
                '[my] (router|gateway) (ip|address)',
                '[show|print] [the] (routing table|routes)',
                '(which|what) route do [my] packets take',
                'does [my] (gateway|router) (answer|respond|reply)',
                'default (route|gateway)',
            ],
            de: [
                '(was ist|wie heißt|wie lautet) [mein] (standardgateway|gateway|standardroute)',
                '(welche|wie ist die) (ip|adresse|ip adresse) (hat|von|meines) [mein|meinem] (router|gateway|routers)',
                '[zeige] (routingtabelle|routen)',
                'antwortet [mein] (gateway|router)',
            ],
            ar: ['(ما|ما هو) عنوان (البوابة|البوابة الافتراضية|الراوتر|الموجه)', '(البوابة الافتراضية|جدول التوجيه)'],
        },
        example: () => _('What is the default gateway?'),
    },
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
