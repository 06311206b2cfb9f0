import { OutageWatch, outageOf } from '../../../service/sources/network/outage.ts';
import type { Outage } from '../../../service/sources/network/outage.ts';
import type { NetworkState } from '../../../service/sources/network/state.ts';

const well = { isUp: true, hasCarrier: true };

function network(
    change: Partial<NetworkState> = {},
    inet: string[] = ['192.0.2.254 eth0'],
    inet6: string[] = [],
): NetworkState {
    const links = { eth0: well, wlan0: { isUp: true, hasCarrier: false } };
    return { links, addresses: ['eth0 192.0.2.1/24'], defaultRoutes: { inet, inet6 }, silentRoutes: [], ...change };
}
const connected = network();
const withoutRoute = network({}, []);
const withoutCarrier = network({ links: { eth0: { isUp: true, hasCarrier: false } } });

describe('The way out of the computer', () => {
    it('is missed when only the route is gone', () => {
        expect(outageOf(connected, withoutRoute)).toEqual({ interface: 'eth0', family: 'inet', missing: 'route' });
    });

    it('is missed when the link is gone, whether or not the route still stands', () => {
        const outage: Outage = { interface: 'eth0', family: 'inet', missing: 'carrier' };
        expect(outageOf(connected, withoutCarrier)).toEqual(outage);
        const released = { ...withoutCarrier, addresses: [], defaultRoutes: { inet: [], inet6: [] } };
        expect(outageOf(connected, released)).toEqual(outage);
    });

    it('is missed when the router that it leads to does not answer, unless another does', () => {
        const silent = network({ silentRoutes: ['192.0.2.254 eth0'] });
        const outage: Outage = { interface: 'eth0', family: 'inet', missing: 'gateway', gateway: '192.0.2.254' };
        expect(outageOf(connected, silent)).toEqual(outage);
        const other = { ...silent, defaultRoutes: { inet: ['192.0.2.254 eth0', '198.51.100.254 eth0'], inet6: [] } };
        expect(outageOf(connected, other)).toBeNull();
        // What another network said of its router is no matter.
        expect(outageOf(connected, network({ silentRoutes: ['192.0.2.99 eth0'] }))).toBeNull();
        expect(outageOf(connected, { ...withoutCarrier, silentRoutes: ['192.0.2.254 eth0'] })?.missing).toBe('carrier');
    });

    it('is not missed where there never was one', () => {
        expect(outageOf(withoutRoute, withoutRoute)).toBeNull();
        expect(outageOf(withoutRoute, withoutCarrier)).toBeNull();
    });

    it('is not missed when the connection was ended, and its address went with the route', () => {
        expect(outageOf(connected, network({ addresses: [] }, []))).toBeNull();
        expect(outageOf(connected, network({ addresses: ['eth0 198.51.100.7/24'] }, []))).toBeNull();
    });

    it('is not missed when the interface was turned off or taken out', () => {
        expect(outageOf(connected, network({ links: { eth0: { isUp: false, hasCarrier: false } } }, []))).toBeNull();
        expect(outageOf(connected, network({ links: {} }, []))).toBeNull();
    });

    it('is not missed when there is another', () => {
        const links = { eth0: { isUp: true, hasCarrier: false }, wlan0: well };
        const routes = ['192.0.2.254 eth0', '198.51.100.254 wlan0'];
        expect(outageOf(connected, network({ links }, routes))).toBeNull();
        expect(outageOf(connected, network({ links }, ['198.51.100.254 wlan0']))).toBeNull();
        expect(outageOf(connected, network({}, ['10.0.0.1 virbr0']))).toBeNull();
    });

    it('is not missed when only IPv6 is gone', () => {
        const dual = network({ addresses: ['eth0 192.0.2.1/24', 'eth0 2001:db8::1/64'] }, undefined, ['fe80::1 eth0']);
        const only4 = { ...dual, defaultRoutes: { ...dual.defaultRoutes, inet6: [] } };
        expect(outageOf(dual, only4)).toBeNull();
        const neither = { ...dual, defaultRoutes: { inet: [], inet6: [] } };
        expect(outageOf(only4, neither)?.family).toBe('inet');
        const only6 = { ...dual, defaultRoutes: { inet: [], inet6: dual.defaultRoutes.inet6 } };
        expect(outageOf(only6, neither)?.family).toBe('inet6');
    });
});

describe('OutageWatch', () => {
    let told: Outage[];
    let watch: OutageWatch;
    beforeEach(() => {
        jasmine
            .clock()
            .install()
            .mockDate(new Date(2026, 0, 1));
        told = [];
        watch = new OutageWatch(outage => told.push(outage), { patience: 8000 });
        watch.update(connected);
    });
    afterEach(() => {
        watch[Symbol.dispose]();
        jasmine.clock().uninstall();
    });

    it('reports what lasts, once', () => {
        watch.update(withoutRoute);
        jasmine.clock().tick(7999);
        watch.update(withoutRoute);
        expect(told).toEqual([]);
        jasmine.clock().tick(1);
        expect(told.map(({ missing }) => missing)).toEqual(['route']);
        watch.update(withoutRoute);
        jasmine.clock().tick(60_000);
        expect(told.length).toBe(1);
    });

    it('tells again when it was well in between', () => {
        for (let time = 0; time < 2; time += 1) {
            watch.update(withoutRoute);
            jasmine.clock().tick(8000);
            watch.update(connected);
        }
        expect(told.length).toBe(2);
    });

    it('says nothing of a route or link that comes back', () => {
        watch.update(withoutCarrier);
        jasmine.clock().tick(5000);
        watch.update(connected);
        jasmine.clock().tick(60_000);
        expect(told).toEqual([]);
    });

    it('says nothing of a connection that is ended step by step', () => {
        watch.update(withoutRoute);
        watch.update(network({ addresses: [] }, []));
        jasmine.clock().tick(60_000);
        expect(told).toEqual([]);
    });

    it('waits again after the computer has slept', () => {
        watch.update(withoutCarrier);
        jasmine.clock().mockDate(new Date(2026, 0, 2));
        jasmine.clock().tick(8000);
        expect(told).toEqual([]);
        jasmine.clock().tick(8000);
        expect(told.length).toBe(1);
    });

    it('leaves no timer behind', () => {
        watch.update(withoutRoute);
        watch[Symbol.dispose]();
        jasmine.clock().tick(60_000);
        expect(told).toEqual([]);
    });
});
