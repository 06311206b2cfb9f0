import {
    parseDefaultRoutes,
    parseInterfaces,
    parseNeighbour,
    parseResolvConf,
    readNameServers,
} from '../../../service/machine/network/network.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { readNetworkManager } from '../../../service/machine/network/networkManager.ts';
import { busOf, recordedMachine, recordedNetwork } from '../../support/recordedMachine.ts';

const never = new AbortController().signal;

describe('Interfaces', () => {
    it('tell whether there is a link, and their addresses; the loopback is none', () => {
        expect(parseInterfaces(recordedNetwork('nolink').address)).toEqual([]);
        const [connected] = parseInterfaces(recordedNetwork('connected').address);
        expect(connected).toEqual(
            jasmine.objectContaining({ name: 'veth0', up: true, carrier: true, addresses: ['10.9.0.56/24'] }),
        );
        const [unplugged] = parseInterfaces(recordedNetwork('unplugged').address);
        expect(unplugged).toEqual(jasmine.objectContaining({ name: 'veth0', carrier: false, addresses: [] }));
    });

    it('that ip describes in another way are a typed error', () => {
        expect(() => parseInterfaces('{"not": "a list"}')).toThrowError(ReeveError);
        expect(() => parseInterfaces('[{')).toThrowError(ReeveError);
        expect(parseInterfaces('')).toEqual([]);
    });
});

describe('Default routes', () => {
    it('have a gateway and a device', () => {
        const [route] = parseDefaultRoutes(recordedNetwork('connected').route4);
        expect(route).toEqual(jasmine.objectContaining({ interface: 'veth0', gateway: '10.9.0.1', metric: 100 }));
        expect(parseDefaultRoutes(recordedNetwork('noroute').route4)).toEqual([]);
    });

    it('are taken in the order in which the kernel prefers them; those that lead nowhere are none', () => {
        const routes = parseDefaultRoutes(
            JSON.stringify([
                { dst: 'default', gateway: '10.0.0.1', dev: 'wlan0', metric: 600 },
                { dst: 'default', dev: 'tun0', metric: 50 },
                { type: 'unreachable', dst: 'default', dev: 'lo', metric: 1 },
            ]),
        );
        expect(routes.map(({ interface: name, gateway }) => [name, gateway])).toEqual([
            ['tun0', null],
            ['wlan0', '10.0.0.1'],
        ]);
    });
});

describe('The gateway', () => {
    it('has answered or not, as the kernel last saw it', () => {
        expect(parseNeighbour(recordedNetwork('connected').neighbour)).toBe('REACHABLE');
        expect(parseNeighbour(recordedNetwork('gatewaygone').neighbour)).toBe('FAILED');
        expect(parseNeighbour('[]')).toBeNull();
    });
});

describe('Name servers', () => {
    it('are those of resolv.conf', async () => {
        expect(await readNameServers(recordedMachine())).toEqual(jasmine.objectContaining({ servers: ['10.9.0.1'] }));
        expect(parseResolvConf('# nameserver 1.1.1.1\nsearch lan\nnameserver\tfe80::1%eth0\n')).toEqual([
            'fe80::1%eth0',
        ]);
    });

    it('are not known where there is no such file', async () => {
        expect(await readNameServers({ ...recordedMachine(), root: '/nonexistent' })).toBeNull();
    });
});

describe('NetworkManager', () => {
    it('says what each device does and why not', async () => {
        const connected = await readNetworkManager(recordedMachine('connected'), never);
        expect(connected?.primaryConnection).toBe('lan');
        expect(connected?.devices.map(({ interface: name, state, trouble }) => [name, state, trouble])).toEqual([
            ['veth0', 'connected', null],
        ]);
        const unplugged = await readNetworkManager(recordedMachine('unplugged'), never);
        expect(unplugged?.devices[0]).toEqual(jasmine.objectContaining({ state: 'unavailable', trouble: 'unplugged' }));
        expect(unplugged?.primaryConnection).toBeNull();
    });

    it('is not believed about the internet when it does not check', async () => {
        expect((await readNetworkManager(recordedMachine('connected'), never))?.checksConnectivity).toBeFalse();
    });

    it('may not run', async () => {
        expect(await readNetworkManager({ ...recordedMachine(), system: null }, never)).toBeNull();
        expect(await readNetworkManager({ ...recordedMachine(), system: busOf({}) }, never)).toBeNull();
    });
});
