// A machine as the tools see it, from what a real one said; see recordedMachine/README.md.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { BusError } from '../../service/dbus/connection.ts';
import type { Call } from '../../service/dbus/connection.ts';
import type { Bus, Machine } from '../../service/machine/machine.ts';

const folder = new URL('recordedMachine/', import.meta.url);
const recorded = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

export type NetworkState = 'nolink' | 'nodhcp' | 'connected' | 'unplugged' | 'gatewaygone' | 'noroute';
type Network = {
    bus: Record<string, Record<string, unknown>>;
    address: string;
    route4: string;
    route6: string;
    neighbour: string;
    resolvConf: string;
};

export function recordedNetwork(state: NetworkState): Network {
    const network = (recorded('network.json') as Record<string, Network>)[state];
    if (network === undefined) throw new Error(`${state} was not recorded`);
    return network;
}

/** Replies by destination and path, and by member for methods without arguments. */
export type Replies = Record<string, unknown>;

export const recordedReplies = (): Replies => recorded('system.json') as Replies;

/** What UPower says of the computer's batteries: how much each can still take of what it could, in percent, 0 for unknown. */
export function batteryReplies(capacities: Record<string, number>, more: Record<string, unknown> = {}): Replies {
    const upower = '/org/freedesktop/UPower';
    const path = (name: string) => `${upower}/devices/battery_${name}`;
    const device = { Type: 2, PowerSupply: true, IsPresent: true, Vendor: 'SMP', Model: '01AV430', Serial: '1234' };
    const devices = Object.entries(capacities).map(([name, Capacity]) => [
        `org.freedesktop.UPower ${path(name)}`,
        { ...device, Capacity, ...more },
    ]);
    return {
        [`org.freedesktop.UPower ${upower} EnumerateDevices`]: [Object.keys(capacities).map(path)],
        ...(Object.fromEntries(devices) as Replies),
    };
}

/** A bus on which exactly these answer. */
export function busOf(replies: Replies): Bus {
    return {
        nameOwner: name =>
            Promise.resolve(Object.keys(replies).some(key => key.startsWith(`${name} `)) ? ':1.7' : null),
        call: ({ destination, path, member, signal }: Call) => {
            signal?.throwIfAborted();
            const key = `${destination} ${path}`;
            const reply = member === 'GetAll' ? replies[key] : replies[`${key} ${member}`];
            if (reply === undefined)
                return Promise.reject(
                    new BusError('org.freedesktop.DBus.Error.UnknownObject', `No such object ${path}`),
                );
            return Promise.resolve(
                member === 'GetAll' ? [structuredClone(reply)] : (structuredClone(reply) as unknown[]),
            );
        },
    };
}

/** The root of the files recorded first, or one second later. */
export const desktopRoot = (sample: 1 | 2) => fileURLToPath(new URL(`desktop/${sample}`, folder));

/** The recorded desktop; its network is in `state`. */
export function recordedMachine(state: NetworkState = 'connected', replies: Replies = recordedReplies()): Machine {
    const network = recordedNetwork(state);
    const onBus = Object.entries(network.bus).map(([path, properties]) => [
        `org.freedesktop.NetworkManager ${path}`,
        properties,
    ]);
    const bus = busOf({ ...replies, ...(Object.fromEntries(onBus) as Replies) });
    return {
        root: desktopRoot(1),
        system: bus,
        session: bus,
        run: (program, argv, { signal }) => {
            signal.throwIfAborted();
            const command = [program, ...argv].join(' ');
            if (command === 'ip -json address') return Promise.resolve(network.address);
            if (command === 'ip -json -4 route show default') return Promise.resolve(network.route4);
            if (command === 'ip -json -6 route show default') return Promise.resolve(network.route6);
            if (command.startsWith('ip -json neighbour show to 10.9.0.1 dev veth0'))
                return Promise.resolve(network.neighbour);
            return Promise.resolve(null);
        },
    };
}
