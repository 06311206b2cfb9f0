import { Gateways } from '../../../service/sources/network/gateways.ts';
import type { NetworkState } from '../../../service/sources/network/state.ts';

const network: NetworkState = {
    links: { eth0: { isUp: true, hasCarrier: true } },
    addresses: ['eth0 192.0.2.1/24'],
    defaultRoutes: { inet: ['192.0.2.254 eth0'], inet6: [] },
    silentRoutes: [],
};
const { signal } = new AbortController();

describe('Gateways', () => {
    /** What `ip -json neighbour show` says of the router. */
    let state: string | null;
    let asked: number;
    let gateways: Gateways;

    beforeEach(async () => {
        state = 'REACHABLE';
        asked = 0;
        const run = () => {
            asked += 1;
            return Promise.resolve(JSON.stringify(state === null ? [] : [{ dst: '192.0.2.254', state: [state] }]));
        };
        gateways = new Gateways({ root: '/', system: null, session: null, run });
        await gateways.poll(network, signal);
        asked = 0;
    });
    const poll = async () => await gateways.poll(network, signal);

    it('are asked about once they failed, and until they answer', async () => {
        state = 'FAILED';
        expect(gateways.parse('[NEIGH]192.0.2.254 dev eth0 FAILED \n')).toBeTrue();
        expect(await poll()).toEqual(['192.0.2.254 eth0']);
        // It is asked again, or forgotten because nobody asked.
        for (const unclear of ['INCOMPLETE', null]) {
            state = unclear;
            expect(gateways.parse('[NEIGH]192.0.2.254 dev eth0 INCOMPLETE \n')).toBeTrue();
            expect(await poll()).toEqual(['192.0.2.254 eth0']);
        }
        state = 'REACHABLE';
        expect(gateways.parse('[NEIGH]192.0.2.254 dev eth0 lladdr 00:00:5e:00:53:01 REACHABLE \n')).toBeTrue();
        expect(await poll()).toEqual([]);
    });

    it('are not looked at for what other computers nearby do, however many they are', async () => {
        const lines = Array.from({ length: 100_000 }, (_, index) => `[NEIGH]10.0.0.${index} dev eth0 FAILED \n`);
        expect(gateways.parse(lines.join(''))).toBeFalse();
        expect(gateways.parse('[NEIGH]192.0.2.254 dev eth0 lladdr 00:00:5e:00:53:01 STALE \n')).toBeFalse();
        expect(gateways.parse('[NEIGH]192.0.2.254 dev eth1 FAILED \n')).toBeFalse();
        await poll();
        expect(asked).toBe(0);
        expect(gateways.parse('[LINK]2: eth0: <BROADCAST> state DOWN \n')).toBeTrue();
    });

    it('are understood in pieces, and a line without an end takes no memory', async () => {
        state = 'FAILED';
        expect(gateways.parse('[NEIGH]192.0.2.254 dev eth0 FA')).toBeFalse();
        expect(gateways.parse('ILED \n')).toBeTrue();
        expect(gateways.parse('[NEIGH]'.padEnd(1_000_000, 'x'))).toBeFalse();
        expect(gateways.parse('\n')).toBeFalse();
        expect(await poll()).toEqual(['192.0.2.254 eth0']);
    });

    it('are asked about when a route is new, or something may have been missed', async () => {
        const elsewhere = { ...network, defaultRoutes: { inet: ['198.51.100.254 eth0'], inet6: [] } };
        await gateways.poll(elsewhere, signal);
        expect(asked).toBe(1);
        gateways.doubt();
        await gateways.poll(elsewhere, signal);
        expect(asked).toBe(2);
    });

    it('are no longer silent once no route leads to them', async () => {
        state = 'FAILED';
        gateways.doubt();
        expect(await poll()).toEqual(['192.0.2.254 eth0']);
        expect(await gateways.poll({ ...network, defaultRoutes: { inet: [], inet6: [] } }, signal)).toEqual([]);
    });
});
