import { networkConnect } from '../../../service/actions/network/networkConnect.ts';
import { networkDisconnect } from '../../../service/actions/network/networkDisconnect.ts';
import { networkForget } from '../../../service/actions/network/networkForget.ts';
import { networkRestart } from '../../../service/actions/network/networkRestart.ts';
import { radioSwitch } from '../../../service/actions/network/radioSwitch.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';

type Objects = Record<string, Record<string, unknown>>;
type Call = { path: string; member: string; interface: string; arguments?: unknown[] };

const manager = '/org/freedesktop/NetworkManager';
const name = 'org.freedesktop.NetworkManager';
const uuid = (number: number) => `f330dfdb-5cc1-4b4d-b738-21ade5a5e0b${number}`;

/** A saved connection as NetworkManager has it: name, type, and the state of NMActiveConnectionState. */
type Saved = { id: string; type: string; state?: number; file?: string; mode?: string };

const home: Saved = { id: 'Home', type: '802-11-wireless', state: 2 };
const cafe: Saved = { id: 'Café Central', type: '802-11-wireless' };
const work: Saved = { id: 'Work', type: 'wireguard' };
const wired: Saved = { id: 'Wired connection 1', type: '802-3-ethernet', state: 2 };
const shared: Saved = { id: 'Hotspot', type: '802-11-wireless', mode: 'ap' };

describe('The network', () => {
    let objects: Objects;
    let isRunning: boolean;
    let programs: Disposable;
    const bus = {
        nameOwner: () => Promise.resolve(isRunning ? ':1.5' : null),
        call: ({ path, member, interface: called, arguments: [asked] = [] }: Call) => {
            if (member === 'GetManagedObjects')
                return Promise.resolve([
                    Object.fromEntries(Object.entries(objects).filter(([at]) => at.startsWith('/org/bluez'))),
                ]);
            if (member === 'GetAll') return Promise.resolve([objects[path]?.[String(asked)] ?? {}]);
            return Promise.resolve([objects[path]?.[`${called}.${member}`]]);
        },
    };
    const system = () =>
        ({
            machine: { root: '/nowhere', system: bus, session: bus, run: () => Promise.resolve(null) },
            signal: new AbortController().signal,
        }) as unknown as Surroundings & { signal: AbortSignal };
    const knows = (...saved: Saved[]) => {
        const paths = saved.map((_one, index) => `${manager}/Settings/${index}`);
        objects[`${manager}/Settings`] = { [`${name}.Settings.ListConnections`]: paths };
        objects[manager] = {
            [name]: {
                ...(objects[manager]?.[name] as object | undefined),
                ActiveConnections: saved.flatMap(({ state }, index) => (state ? [`${manager}/Active/${index}`] : [])),
            },
        };
        saved.forEach(
            ({ id, type, state, mode, file = `/etc/NetworkManager/system-connections/${id}.nmconnection` }, index) => {
                objects[`${manager}/Settings/${index}`] = {
                    [`${name}.Settings.Connection.GetSettings`]: {
                        connection: { id, uuid: uuid(index), type },
                        ...(mode && { '802-11-wireless': { mode } }),
                    },
                    [`${name}.Settings.Connection`]: { Filename: file },
                };
                objects[`${manager}/Active/${index}`] = {
                    [`${name}.Connection.Active`]: { Uuid: uuid(index), State: state },
                };
            },
        );
        // ListConnections has one result, which is the list.
        objects[`${manager}/Settings`] = { [`${name}.Settings.ListConnections`]: paths };
    };
    const wished = async (text: string) => {
        const ways = (await readWish(text, system())?.ways()) ?? [];
        return ways.map(({ action, parameters }) => [action, parameters]);
    };

    beforeEach(() => {
        programs = pretendPrograms(['nmcli']);
        objects = {};
        isRunning = true;
        knows(home, cafe, work, wired, shared);
    });

    afterEach(() => {
        programs[Symbol.dispose]();
    });

    for (const [text, action, index] of [
        ['turn on the VPN', 'network.connect', 2],
        ['connect to the vpn', 'network.connect', 2],
        ['VPN einschalten', 'network.connect', 2],
        ['شغل vpn', 'network.connect', 2],
        ['connect to the wifi Café Central', 'network.connect', 1],
        ['connect to Café Central', 'network.connect', 1],
        ['Verbinde mich mit dem WLAN Café Central', 'network.connect', 1],
        ['اتصل بشبكة Café Central', 'network.connect', 1],
        ['turn on the hotspot', 'network.connect', 4],
        ['Hotspot starten', 'network.connect', 4],
        ['disconnect from Home', 'network.disconnect', 0],
        ['turn off the vpn', 'network.disconnect', 2],
        ['VPN trennen', 'network.disconnect', 2],
        ['forget the wifi network Café Central', 'network.forget', 1],
        ['forget the Café Central network', 'network.forget', 1],
        ['Vergiss das WLAN Café Central', 'network.forget', 1],
        ['انس شبكة Café Central', 'network.forget', 1],
        ['restart the wifi', 'network.restart', 0],
        ['WLAN neu starten', 'network.restart', 0],
    ] as const)
        it(`is changed by “${text}”`, async () => {
            expect(await wished(text)).toEqual([[action, { uuid: uuid(index) }]]);
        });

    it('is reconnected by the connections that are in use', async () => {
        expect(await wished('reconnect the network')).toEqual([
            ['network.restart', { uuid: uuid(0) }],
            ['network.restart', { uuid: uuid(3) }],
        ]);
        knows(cafe);
        await expectAsync(wished('reconnect the internet')).toBeRejectedWithError('No network is connected');
    });

    it('names only what is saved', async () => {
        await expectAsync(wished('connect to the wifi Nowhere')).toBeRejectedWithError(
            'No saved network is called “nowhere”',
        );
        expect(await wished('connect to Nowhere')).toEqual([]);
        knows(home);
        await expectAsync(wished('turn on the vpn')).toBeRejectedWithError('No VPN is set up');
        await expectAsync(Promise.resolve(networkConnect.plan({ uuid: uuid(7) }, system()))).toBeRejectedWithError(
            'This connection is not saved any more',
        );
        isRunning = false;
        await expectAsync(wished('turn on the vpn')).toBeRejectedWithError('NetworkManager is not running');
    });

    it('is left for another one, to which undo goes back by its UUID', async () => {
        const { steps, undo, riskText } = await networkConnect.plan({ uuid: uuid(1) }, system());
        expect(steps[0]?.call).toEqual(
            jasmine.objectContaining({ member: 'ActivateConnection', arguments: [`${manager}/Settings/1`, '/', '/'] }),
        );
        expect(riskText).toBe('This disconnects Home. Downloads and calls are interrupted.');
        expect(undo?.steps[0]?.command).toMatch(new RegExp(`connection up uuid ${uuid(0)}$`));
        await expectAsync(Promise.resolve(networkConnect.plan({ uuid: uuid(0) }, system()))).toBeRejectedWithError(
            'Home is already connected',
        );
        const vpn = await networkConnect.plan({ uuid: uuid(2) }, system());
        expect(vpn.undo?.steps[0]?.command).toMatch(new RegExp(`connection down uuid ${uuid(2)}$`));
    });

    it('is disconnected and connected again', async () => {
        const { risk, undo } = await networkDisconnect.plan({ uuid: uuid(0) }, system());
        expect([risk, undo?.text]).toEqual(['medium', 'Connects to Home again']);
        await expectAsync(Promise.resolve(networkDisconnect.plan({ uuid: uuid(1) }, system()))).toBeRejectedWithError(
            'Café Central is not connected',
        );
        expect((await networkRestart.plan({ uuid: uuid(0) }, system())).undo).toBeNull();
    });

    it('that is forgotten is kept aside, and undo restores it', async () => {
        const { steps, undo, riskText, authentication } = await networkForget.plan({ uuid: uuid(1) }, system());
        const aside = `/var/lib/reeve/forgotten-networks/${uuid(1)}`;
        expect(steps[0]?.commands?.map(command => command.replace(/^systemd-run --wait --pipe \S*\//, ''))).toEqual([
            'install --directory --mode=700 /var/lib/reeve/forgotten-networks',
            `mv --force -- '/etc/NetworkManager/system-connections/Café Central.nmconnection' ${aside}`,
            'nmcli connection reload',
        ]);
        expect(undo?.steps[0]?.command).toContain(`mv --no-clobber -- ${aside} '/etc/NetworkManager`);
        expect([riskText.includes('kept in /var/lib/reeve/forgotten-networks,'), authentication]).toEqual([true, true]);
    });

    it('that no file of ours has is forgotten for good, and the plan says so', async () => {
        for (const file of [
            '',
            '/run/NetworkManager/system-connections/netplan-x',
            '/etc/NetworkManager/system-connections/../x',
        ]) {
            knows({ ...cafe, file });
            const { undo, riskText, steps } = await networkForget.plan({ uuid: uuid(0) }, system());
            expect([undo, riskText, steps[0]?.call.member]).toEqual([
                null,
                'It is not in use. Its settings and password are lost.',
                'Delete',
            ]);
        }
    });

    it('is checked', async () => {
        expect(await networkConnect.verify?.({ uuid: uuid(0) }, system())).toEqual({ gone: true, detail: '' });
        expect(await networkDisconnect.verify?.({ uuid: uuid(0) }, system())).toEqual({
            gone: false,
            detail: 'Home is connected',
        });
        expect(await networkForget.verify?.({ uuid: uuid(0) }, system())).toEqual({
            gone: false,
            detail: 'Home is still saved',
        });
        expect(await networkForget.verify?.({ uuid: uuid(9) }, system())).toEqual({ gone: true, detail: '' });
    });

    describe('by radio', () => {
        const has = (WirelessEnabled: boolean, WirelessHardwareEnabled = true, DeviceType = 2) => {
            objects[manager] = {
                [name]: { WirelessEnabled, WirelessHardwareEnabled, Devices: ['/device'], ActiveConnections: [] },
            };
            objects['/device'] = { [`${name}.Device`]: { DeviceType } };
        };
        beforeEach(() => {
            has(true);
            objects['/org/bluez/hci0'] = { 'org.bluez.Adapter1': { Powered: true } };
            objects['/org/bluez/hci1'] = { 'org.bluez.Adapter1': { Powered: false } };
            objects['/org/gnome/SettingsDaemon/Rfkill'] = {
                'org.gnome.SettingsDaemon.Rfkill': {
                    AirplaneMode: false,
                    HardwareAirplaneMode: false,
                    HasAirplaneMode: true,
                },
            };
        });

        for (const [text, parameters] of [
            ['turn off the wifi', { radio: 'wifi', on: false }],
            ['switch Wi-Fi on', { radio: 'wifi', on: true }],
            ['WLAN ausschalten', { radio: 'wifi', on: false }],
            ['اطفئ الواي فاي', { radio: 'wifi', on: false }],
            ['turn on bluetooth', { radio: 'bluetooth', on: true }],
            ['Bluetooth ausschalten', { radio: 'bluetooth', on: false }],
            ['شغل البلوتوث', { radio: 'bluetooth', on: true }],
            ['airplane mode on', { radio: 'airplane', on: true }],
            ['Flugmodus aus', { radio: 'airplane', on: false }],
            ['فعل وضع الطيران', { radio: 'airplane', on: true }],
        ] as const)
            it(`is switched by “${text}”`, async () => {
                expect(await wished(text)).toEqual([['radio.switch', parameters]]);
            });

        it('is a property, set and set back', async () => {
            const { steps, undo, risk } = await radioSwitch.plan({ radio: 'wifi', on: false }, system());
            const set = (value: boolean): unknown[] => [name, 'WirelessEnabled', { signature: 'b', value }];
            expect<unknown>(steps[0]?.call.arguments).toEqual(set(false));
            expect<unknown>(undo?.steps[0]?.call.arguments).toEqual(set(true));
            expect(risk).toBe('medium');
            await expectAsync(
                Promise.resolve(radioSwitch.plan({ radio: 'wifi', on: true }, system())),
            ).toBeRejectedWithError('This is already on');
        });

        it('is of those adapters alone that are to change', async () => {
            const on = await radioSwitch.plan({ radio: 'bluetooth', on: true }, system());
            expect(on.steps.map(({ call }) => call.path)).toEqual(['/org/bluez/hci1']);
            const off = await radioSwitch.plan({ radio: 'bluetooth', on: false }, system());
            expect(off.undo?.steps.map(({ call }) => call.path)).toEqual(['/org/bluez/hci0']);
            expect(off.riskText).toMatch(/^Bluetooth mice, keyboards/);
        });

        it('is not there, or by hand only', async () => {
            const refusal = async (radio: 'wifi' | 'bluetooth' | 'airplane') =>
                await Promise.resolve(radioSwitch.plan({ radio, on: false }, system())).then(
                    () => '',
                    (error: unknown) => (error as Error).message,
                );
            has(true, true, 1);
            expect(await refusal('wifi')).toBe('This computer has no Wi-Fi adapter');
            has(false, false);
            expect(await refusal('wifi')).toBe('A switch or key of the computer has it off, which only you can change');
            objects = {};
            expect(await refusal('bluetooth')).toBe('This computer has no Bluetooth adapter');
            expect(await refusal('airplane')).toBe('This computer has no radio that could be turned off');
        });
    });
});
