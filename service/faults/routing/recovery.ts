import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readDefaultRoutes, readInterfaces, readNeighbour, readRouteOut } from '../../machine/network/network.ts';
import { interfaceOf } from '../shared/network.ts';
import { readFacts } from './facts.ts';

/** Whether the kernel has a default route again, or needs none because the interface is not connected at all. */
export const hasRouteOut: RecoveryCheck = {
    about: 'there is a route to the internet, or the interface is no longer connected',
    async check({ incident, machine, signal }) {
        const interfaces = await readInterfaces(machine, signal);
        if (interfaces === null) return unknown();
        const name = interfaceOf(incident) ?? incident.subject;
        const found = interfaces.find(candidate => candidate.name === name);
        if (found === undefined || !found.carrier || found.addresses.length === 0)
            return { gone: true, detail: _('{name} is no longer connected', { name }) };
        const { family = 'inet' } = readFacts(incident.facts);
        return (await readRouteOut(machine.run, family, signal)) === null
            ? { gone: false, detail: _('There is no route to the internet') }
            : { gone: true, detail: _('There is a route to the internet') };
    },
};

/** The kernel's state from the last transmission; the kernel forgets neighbours that are not used for a while. */
export const doesGatewayAnswer: RecoveryCheck = {
    about: 'the router answers, or is no longer used',
    async check({ incident, machine, signal }) {
        const { gateway } = readFacts(incident.facts);
        const name = interfaceOf(incident);
        const routes = await readDefaultRoutes(machine, signal);
        if (gateway === undefined || name === null || routes === null) return unknown();
        if (!routes.some(route => route.gateway === gateway && route.interface === name))
            return { gone: true, detail: _('There is no route to {gateway} any more', { gateway }) };
        const { state } = await readNeighbour(machine, gateway, name, signal);
        if (state === null || state === 'NONE') return unknown();
        return state === 'FAILED' || state === 'INCOMPLETE'
            ? { gone: false, detail: _('{gateway} does not answer', { gateway }) }
            : { gone: true, detail: _('{gateway} answers', { gateway }) };
    },
};
