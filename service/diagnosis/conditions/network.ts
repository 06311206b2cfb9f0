import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import { activated, deviceOf } from '../../machine/network/networkDevices.ts';
import { listNames, readText } from '../../machine/machine.ts';
import { readDefaultRoutes, readInterfaces, readNeighbour, readRouteOut } from '../../machine/network/network.ts';
import { readNetworkManager } from '../../machine/network/networkManager.ts';
import { blockedRadios } from '../../machine/network/radios.ts';
import type { Condition } from '../care/care.ts';
import { unknown } from './quiet.ts';

/** The name of the interface that an incident is about; null when it does not say. */
export function interfaceOf({ subject, facts }: Incident): string | null {
    const name = facts.interface ?? subject;
    return /^[\w.:-]{1,15}$/.test(name) ? name : null;
}

/** The kernel's own word: Documentation/ABI/testing/sysfs-class-net (carrier). */
export const hasCarrier: Condition = {
    about: 'the interface has a carrier, or is gone',
    async check({ incident, machine }) {
        const name = interfaceOf(incident);
        if (name === null) return unknown();
        const values = { name };
        if (!(await listNames(machine, '/sys/class/net')).includes(name))
            return { gone: true, detail: _('There is no {name} any more', values) };
        const carrier = await readText(machine, `/sys/class/net/${name}/carrier`, 16);
        return carrier?.trim() === '1'
            ? { gone: true, detail: _('{name} is connected', values) }
            : { gone: false, detail: _('{name} is not connected', values) };
    },
};

export const hasAddress: Condition = {
    about: 'the interface has an address, or is gone',
    async check({ incident, machine, signal }) {
        const name = interfaceOf(incident);
        const interfaces = await readInterfaces(machine, signal);
        if (interfaces === null) return unknown();
        const found = interfaces.find(candidate => candidate.name === name);
        const values = { name: name ?? incident.subject };
        if (found === undefined) {
            return name !== null && incident.facts.interface !== undefined
                ? { gone: true, detail: _('There is no {name} any more', values) }
                : unknown();
        }
        return found.addresses.length > 0
            ? { gone: true, detail: _('{name} has an address', values) }
            : { gone: false, detail: _('{name} has no address', values) };
    },
};

/** Whether a way leads to the internet: NetworkManager's word where it checks, else the routes. */
export const isOnline: Condition = {
    about: 'the internet can be reached, as far as NetworkManager or the routes tell',
    async check({ machine, signal }) {
        const manager = await readNetworkManager(machine, signal);
        if (manager?.checksConnectivity) {
            return manager.connectivity === 'full'
                ? { gone: true, detail: _('The internet can be reached') }
                : { gone: false, detail: _('The internet cannot be reached') };
        }
        const routes = await readDefaultRoutes(machine, signal);
        return (routes ?? []).length > 0
            ? { gone: true, detail: _('There is a way to the internet') }
            : { gone: false, detail: _('There is no way to the internet') };
    },
};

/** Whether the kernel knows a way out again, or needs none because the interface is not connected at all. */
export const hasRouteOut: Condition = {
    about: 'a route leads to the internet, or the interface is not connected any more',
    async check({ incident, machine, signal }) {
        const interfaces = await readInterfaces(machine, signal);
        if (interfaces === null) return unknown();
        const name = interfaceOf(incident) ?? incident.subject;
        const found = interfaces.find(candidate => candidate.name === name);
        if (found === undefined || !found.carrier || found.addresses.length === 0)
            return { gone: true, detail: _('{name} is not connected any more', { name }) };
        const family = incident.facts.family === 'inet6' ? 'inet6' : 'inet';
        return (await readRouteOut(machine.run, family, signal)) === null
            ? { gone: false, detail: _('There is no way to the internet') }
            : { gone: true, detail: _('There is a way to the internet') };
    },
};

/** The kernel's word, from the last time that something was sent there; what nobody asked for a while it forgets. */
export const doesGatewayAnswer: Condition = {
    about: 'the router answers, or no route leads to it any more',
    async check({ incident, machine, signal }) {
        const { gateway } = incident.facts;
        const name = interfaceOf(incident);
        const routes = await readDefaultRoutes(machine, signal);
        if (gateway === undefined || name === null || routes === null) return unknown();
        if (!routes.some(route => route.gateway === gateway && route.interface === name))
            return { gone: true, detail: _('No way leads to {gateway} any more', { gateway }) };
        const { state } = await readNeighbour(machine, gateway, name, signal);
        if (state === null || state === 'NONE') return unknown();
        return state === 'FAILED' || state === 'INCOMPLETE'
            ? { gone: false, detail: _('{gateway} does not answer', { gateway }) }
            : { gone: true, detail: _('{gateway} answers', { gateway }) };
    },
};

/** Whether NetworkManager has connected the interface. */
export const isActivated: Condition = {
    about: 'NetworkManager has connected the interface',
    async check({ incident, machine, signal }) {
        const name = interfaceOf(incident);
        const device = name === null ? null : await deviceOf(machine.system, name, signal);
        if (name === null || device === null) return unknown();
        return device.state === activated
            ? { gone: true, detail: _('{name} is connected', { name }) }
            : { gone: false, detail: _('{name} is not connected', { name }) };
    },
};

export function isRadioOn(radio: 'wlan' | 'bluetooth'): Condition {
    return {
        about: 'no such radio is switched off',
        async check({ machine }) {
            const [blocked] = await blockedRadios(machine, radio);
            return blocked === undefined
                ? { gone: true, detail: _('It is switched on') }
                : { gone: false, detail: _('It is switched off') };
        },
    };
}
