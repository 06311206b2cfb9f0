import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { parseJson } from '../run.ts';
import { lazy } from '../../util/lazy.ts';

export type Interface = {
    name: string;
    /** The kernel sends and receives on it: switched on, and a cable or a radio link is there (IFF_LOWER_UP). */
    carrier: boolean;
    /** Switched on (IFF_UP). */
    up: boolean;
    /** Addresses that reach beyond this link, with their prefix lengths. */
    addresses: string[];
    evidence: Evidence;
};

/** `gateway` is null on links with nobody but the other end, such as tunnels. */
export type DefaultRoute = { interface: string; gateway: string | null; metric: number; evidence: Evidence };

/**
 * The state of the gateway as the kernel last saw it, the NUD_* states of ip-neighbour(8); null when it has no entry.
 */
export type Neighbour = { state: string | null; evidence: Evidence };

const addressList = lazy(() =>
    z.array(
        z.object({
            ifname: z.string().optional(),
            flags: z.array(z.string()).default([]),
            operstate: z.string().default('UNKNOWN'),
            link_type: z.string().default(''),
            addr_info: z
                .array(
                    z.object({
                        local: z.string().optional(),
                        prefixlen: z.number().default(0),
                        scope: z.string().default(''),
                    }),
                )
                .default([]),
        }),
    ),
);
const routeList = lazy(() =>
    z.array(
        z.object({
            dst: z.string().optional(),
            dev: z.string().optional(),
            gateway: z.string().optional(),
            via: z.object({ host: z.string() }).optional(),
            metric: z.number().default(0),
            type: z.string().optional(),
        }),
    ),
);
const neighbourList = lazy(() => z.array(z.object({ state: z.array(z.string()).default([]) })));

/** Interfaces other than the loopback; null when iproute2's `ip` is not installed. */
export async function readInterfaces({ run }: Machine, signal: AbortSignal): Promise<Interface[] | null> {
    const output = await run('ip', ['-json', 'address'], { signal });
    return output === null ? null : parseInterfaces(output);
}

export function parseInterfaces(output: string): Interface[] {
    const interfaces: Interface[] = [];
    for (const { ifname, flags, operstate, addr_info: addresses } of parseJson('ip', addressList(), output)) {
        if (ifname === undefined || flags.includes('LOOPBACK')) continue;
        const global = addresses.filter(({ scope }) => scope === 'global');
        const shown = global.map(({ local = '', prefixlen }) => safeText(`${local}/${prefixlen}`, 64));
        const name = safeText(ifname, 32);
        interfaces.push({
            name,
            up: flags.includes('UP'),
            carrier: flags.includes('LOWER_UP'),
            addresses: shown,
            evidence: fact('system', 'ip address', `${name}: ${flags.join(',')} ${operstate} ${shown.join(' ')}`),
        });
    }
    return interfaces;
}

/** The default routes of both families, the one that is used first; null without `ip`. */
export async function readDefaultRoutes({ run }: Machine, signal: AbortSignal): Promise<DefaultRoute[] | null> {
    const outputs = await Promise.all(
        ['-4', '-6'].map(family => run('ip', ['-json', family, 'route', 'show', 'default'], { signal })),
    );
    if (outputs.includes(null)) return null;
    return outputs.flatMap(output => parseDefaultRoutes(output ?? ''));
}

export function parseDefaultRoutes(output: string): DefaultRoute[] {
    const routes: DefaultRoute[] = [];
    for (const { dst, dev, gateway, via, metric, type } of parseJson('ip', routeList(), output)) {
        // "unreachable default" and the like lead nowhere.
        if (dst !== 'default' || dev === undefined || (type !== undefined && type !== 'unicast')) continue;
        const next = gateway ?? via?.host ?? null;
        routes.push({
            interface: safeText(dev, 32),
            gateway: next === null ? null : safeText(next, 64),
            metric,
            evidence: fact('system', 'ip route', `default via ${next ?? 'the link'} dev ${dev} metric ${metric}`),
        });
    }
    return routes.sort((a, b) => a.metric - b.metric);
}

/** a.root-servers.net: an address that is far away from everybody. Nothing is sent to it. */
const farAway = { inet: ['-4', '198.41.0.4'], inet6: ['-6', '2001:503:ba3e::2:30'] } as const;

/** The interface for traffic to the internet, by all rules and tables; null when there is none. */
export async function readRouteOut(
    run: Machine['run'],
    family: keyof typeof farAway,
    signal: AbortSignal,
): Promise<string | null> {
    const [option, address] = farAway[family];
    // "Network is unreachable" goes to standard error, and nothing to the output: ip-route(8).
    const output = await run('ip', ['-json', option, 'route', 'get', address], { signal });
    const [route] = parseJson('ip', routeList(), output ?? '');
    return route?.dev === undefined || (route.type !== undefined && route.type !== 'unicast') ? null : route.dev;
}

/** The kernel's entry for the machine with this address, without sending anything to it. */
export async function readNeighbour(
    { run }: Machine,
    gateway: string,
    device: string,
    signal: AbortSignal,
): Promise<Neighbour> {
    const output = await run('ip', ['-json', 'neighbour', 'show', 'to', gateway, 'dev', device], { signal });
    const state = output === null ? null : parseNeighbour(output);
    return { state, evidence: fact('system', 'ip neighbour', `${gateway} dev ${device} ${state ?? 'no entry'}`) };
}

export function parseNeighbour(output: string): string | null {
    return parseJson('ip', neighbourList(), output)[0]?.state[0] ?? null;
}

/** Local stub resolvers, which forward to the real servers. */
const isStub = (server: string) => server.startsWith('127.') || server === '::1';

/**
 * The name servers that the C library asks, or those behind systemd-resolved's stub (which writes them into a file for
 * others to read, see systemd-resolved.service(8)).
 */
export async function readNameServers(machine: Machine): Promise<{ servers: string[]; evidence: Evidence } | null> {
    const paths = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];
    let found: { servers: string[]; evidence: Evidence } | null = null;
    for (const path of paths) {
        const text = await readText(machine, path);
        if (text === null) continue;
        const servers = parseResolvConf(text);
        found ??= { servers, evidence: fact('file', path, `nameserver ${servers.join(', ') || 'none'}`) };
        if (servers.length > 0 && !servers.every(isStub))
            return { servers, evidence: fact('file', path, `nameserver ${servers.join(', ')}`) };
    }
    return found;
}

/** @see resolv.conf(5) */
export function parseResolvConf(text: string): string[] {
    return Array.from(text.matchAll(/^nameserver\s+(\S+)/gm), ([, server = '']) => safeText(server, 64));
}
