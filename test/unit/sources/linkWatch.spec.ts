import { LinkWatch } from '../../../service/sources/network/linkWatch.ts';
import type { NetworkState } from '../../../service/sources/network/state.ts';

const minute = 60_000;

/** @param links those that have a carrier; the others are up without one */
function network(links: string[], { routes = [] as string[], addresses = ['eth1 192.0.2.1/24'] } = {}): NetworkState {
    const of = (name: string) => [name, { isUp: true, hasCarrier: links.includes(name) }] as const;
    return {
        links: Object.fromEntries(['eth1', 'eth2', 'wlan0'].map(of)),
        addresses,
        defaultRoutes: { inet: routes, inet6: [] },
        silentRoutes: [],
    };
}

describe('A link that was in use', () => {
    let lost: string[];
    let watch: LinkWatch;

    beforeEach(() => {
        jasmine
            .clock()
            .install()
            .mockDate(new Date(2026, 10, 23));
        lost = [];
        watch = new LinkWatch(name => lost.push(name));
    });
    afterEach(() => {
        watch[Symbol.dispose]();
        jasmine.clock().uninstall();
    });

    it('is reported once when it stays down', () => {
        watch.update(network(['eth1']));
        watch.update(network([], { addresses: [] }));
        jasmine.clock().tick(2 * minute);
        watch.update(network(['eth2'], { addresses: [] }));
        expect(lost).toEqual([]);
        jasmine.clock().tick(minute);
        expect(lost).toEqual(['eth1']);
        watch.update(network([], { addresses: [] }));
        jasmine.clock().tick(60 * minute);
        expect(lost).toEqual(['eth1']);
        watch.update(network(['eth1']));
        watch.update(network([]));
        jasmine.clock().tick(3 * minute);
        expect(lost).toEqual(['eth1', 'eth1']);
    });

    it('is not reported when it comes back in time, or is turned off or taken out', () => {
        for (const after of [
            network(['eth1']),
            { ...network([]), links: {} },
            { ...network([]), links: { eth1: { isUp: false, hasCarrier: false } } },
        ]) {
            watch.update(network(['eth1']));
            watch.update(network([]));
            jasmine.clock().tick(minute);
            watch.update(after);
            jasmine.clock().tick(60 * minute);
        }
        expect(lost).toEqual([]);
    });

    it('is not reported while another default route works', () => {
        const routes = ['198.51.100.254 wlan0'];
        watch.update(network(['eth1', 'wlan0'], { routes }));
        watch.update(network(['wlan0'], { routes }));
        jasmine.clock().tick(60 * minute);
        expect(lost).toEqual([]);
    });

    it('is one that has had a carrier and an address', () => {
        watch.update(network([]));
        watch.update(network(['eth2']));
        watch.update(network([]));
        jasmine.clock().tick(60 * minute);
        expect(lost).toEqual([]);
    });

    it('has its time again after the computer slept', () => {
        watch.update(network(['eth1']));
        watch.update(network([]));
        jasmine.clock().tick(minute);
        jasmine.clock().mockDate(new Date(2026, 10, 24));
        jasmine.clock().tick(2 * minute);
        expect(lost).toEqual([]);
        jasmine.clock().tick(3 * minute);
        expect(lost).toEqual(['eth1']);
    });

    it('has no timer unless it is down', () => {
        jasmine.clock().uninstall();
        const timer = spyOn(globalThis, 'setTimeout').and.callThrough();
        watch.update(network(['eth1']));
        watch.update(network(['eth1', 'eth2']));
        expect(timer).not.toHaveBeenCalled();
        watch.update(network(['eth2']));
        watch.update(network([]));
        expect(timer).toHaveBeenCalledTimes(1);
    });
});
