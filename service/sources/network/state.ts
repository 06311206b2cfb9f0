import * as z from 'zod';

/** What the timeline reports of the network. Interfaces that containers and virtual machines bring and remove are left out. */
export type NetworkState = {
    /** By name. `isUp`: switched on; `hasCarrier`: a cable or a radio link is there. */
    links: Record<string, { isUp: boolean; hasCarrier: boolean }>;
    /** As "eth0 192.0.2.1/24". */
    addresses: string[];
    /** By "inet" or "inet6": the default routes, best first, as "192.0.2.254 eth0". */
    defaultRoutes: { inet: string[]; inet6: string[] };
    /** The default routes whose router does not answer. */
    silentRoutes: string[];
};

export const networkState = z.object({
    links: z.record(z.string(), z.object({ isUp: z.boolean(), hasCarrier: z.boolean() })),
    addresses: z.array(z.string()),
    defaultRoutes: z.object({ inet: z.array(z.string()), inet6: z.array(z.string()) }),
    silentRoutes: z.array(z.string()).default([]),
});

const passing = /^(?:lo$|veth|docker|br-|virbr|vnet|lxc|lxdbr|cni|flannel|cali|podman|tap)/;

/** `ip -json address show`, the parts of it that iproute2's ip/ipaddress.c prints for every kind of interface. */
const interfaces = z.array(
    z.object({
        ifname: z.string().optional(),
        flags: z.array(z.string()).default([]),
        addr_info: z
            .array(
                z.object({
                    local: z.string().optional(),
                    prefixlen: z.int().optional(),
                    scope: z.string().optional(),
                    temporary: z.boolean().optional(),
                }),
            )
            .default([]),
    }),
);

/** `ip -json route show default`; iproute2's ip/iproute.c. */
const routes = z.array(
    z.object({ gateway: z.string().optional(), dev: z.string().optional(), metric: z.int().optional() }),
);

export function parseNetwork({ address, inet, inet6 }: Record<'address' | 'inet' | 'inet6', unknown>): NetworkState {
    const state: NetworkState = { links: {}, addresses: [], defaultRoutes: { inet: [], inet6: [] }, silentRoutes: [] };
    for (const { ifname, flags, addr_info: addresses } of interfaces.parse(address)) {
        if (ifname === undefined || passing.test(ifname)) continue;
        state.links[ifname] = { isUp: flags.includes('UP'), hasCarrier: flags.includes('LOWER_UP') };
        for (const { local, prefixlen, scope, temporary } of addresses) {
            // Link-local addresses come and go with the link; temporary ones are replaced every day.
            if (local === undefined || scope !== 'global' || temporary === true) continue;
            state.addresses.push(`${ifname} ${local}/${prefixlen ?? ''}`);
        }
    }
    const order = (text: unknown) =>
        routes
            .parse(text)
            .sort((one, other) => (one.metric ?? 0) - (other.metric ?? 0))
            .map(({ gateway = '', dev = '' }) => `${gateway} ${dev}`);
    state.defaultRoutes = { inet: order(inet), inet6: order(inet6) };
    return state;
}
