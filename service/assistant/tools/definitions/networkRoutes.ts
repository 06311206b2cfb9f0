import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { fact } from '../../../machine/evidence.ts';
import { readNeighbour } from '../../../machine/network/network.ts';
import { parseJson } from '../../../machine/run.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

const routeList = z.array(
    z.object({
        dst: z.string().default(''),
        gateway: z.string().optional(),
        dev: z.string().default(''),
        metric: z.number().default(0),
        prefsrc: z.string().optional(),
    }),
);

const shown = 12;

export const networkRoutes = toldTool({
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
    async find(_values, { machine, signal }, cite) {
        const outputs = await Promise.all(
            ['-4', '-6'].map(family => machine.run('ip', ['-json', family, 'route'], { signal })),
        );
        const routes = outputs.flatMap(output => parseJson('ip', routeList, required(output, 'iproute2', 'ip')));
        const defaults = routes.filter(({ dst }) => dst === 'default').sort((a, b) => a.metric - b.metric);
        cite(fact('system', 'ip route', `${routes.length} routes, ${defaults.length} default`));
        const gateways: { gateway: string | null; device: string; metric: number; state: string | null }[] = [];
        for (const { gateway = null, dev, metric } of defaults) {
            const neighbour = gateway === null ? null : await readNeighbour(machine, gateway, dev, signal);
            if (neighbour !== null) cite(neighbour.evidence);
            gateways.push({ gateway, device: dev, metric, state: neighbour?.state ?? null });
        }
        const others = routes.filter(({ dst }) => dst !== 'default' && !/^(?:fe80|ff00|multicast)/.test(dst));
        return { gateways, others };
    },
    write({ gateways, others }, out) {
        if (gateways.length === 0) out.line('No default route: nothing beyond the local network can be reached.');
        for (const { gateway, device, metric, state } of gateways) {
            out.line(`Default: via ${gateway ?? 'the link'} on ${device}, metric ${metric}`);
            if (gateway !== null)
                out.line(`The gateway ${gateway} is ${state ?? 'not in the kernel’s neighbour table'}`);
        }
        out.list('Other routes', others, ({ dst, gateway, dev, prefsrc }) => {
            return `${dst}${gateway === undefined ? '' : ` via ${gateway}`} on ${dev}${prefsrc ? ` from ${prefsrc}` : ''}`;
        });
    },
    *tell({ gateways, others }, format) {
        const [first] = gateways;
        if (first === undefined)
            yield `${_('There is no default gateway, so nothing beyond the local network can be reached.')}\n\n`;
        for (const { gateway, device, state } of gateways) {
            const values = { gateway: code(gateway ?? ''), interface: code(device) };
            yield gateway === null
                ? `${_('The way to other networks leads straight through {interface}, without a gateway.', values)}\n\n`
                : `${_('The default gateway is {gateway}, through {interface}.', values)}\n\n`;
            if (state === 'FAILED') yield item(_('{gateway} does not answer', values));
            else if (state !== null) yield item(_('{gateway} has answered', values));
        }
        yield* listed(others, shown, format, ({ dst, dev }) =>
            _('{network} is reached through {interface}', { network: code(dst), interface: code(dev) }),
        );
    },
});
