import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Connection } from '../../dbus/connection.ts';
import type { Connectivity, DeviceTrouble } from '../../machine/network/networkManager.ts';
import { connectivities, readPrimaryConnection, troubleOf } from '../../machine/network/networkManager.ts';
import type { SourceDefinition, Surroundings } from '../definition.ts';
import type { ChangeDraft } from './busSource.ts';
import { busSource, isKnown, propertyRule, readProperty } from './busSource.ts';

const name = 'network-manager';
/**
 * NetworkManager queries again after a second, and then with growing delays, when its query had no answer
 * (concheck_periodic_timeout_cb() of nm-device.c): an outage of this length is more than a single lost answer. Milliseconds.
 */
const patience = 30_000;
/** How many entries about the internet are searched for the last time it could be reached. */
const remembered = 100;
const device = 'org.freedesktop.NetworkManager.Device';
/** NM_DEVICE_STATE_FAILED of nm-dbus-interface.h. */
const failed = 120;
/** StateChanged: new state, old state, reason. */
const stateChanged = z.tuple([z.int(), z.int(), z.int()]);
const manager = z.object({ Connectivity: z.int().optional() });

/** Connections that failed, and whether the internet can be reached. */
export const networkManager = networkManagerSource();

export function networkManagerSource({ patience: limit = patience } = {}): SourceDefinition {
    return busSource({
        name,
        bus: 'system',
        service: 'org.freedesktop.NetworkManager',
        make: (surroundings, later) => {
            let last: string | undefined;
            return [
                propertyRule(
                    { path: '/org/freedesktop/NetworkManager', interface: 'org.freedesktop.NetworkManager' },
                    async (values, _signal, connection) => {
                        const { Connectivity: value } = manager.parse(values);
                        const connectivity = value === undefined ? undefined : connectivities[value];
                        if (connectivity === undefined || connectivity === last) return null;
                        last = connectivity;
                        if (connectivity === 'limited') {
                            const found = await readPrimaryConnection(connection, AbortSignal.timeout(patience));
                            if (found?.isChecked !== true) return null;
                            later('no-internet', limit, () => unreachableChange(surroundings, connection));
                        }
                        return connectivityChange(connectivity);
                    },
                ),
                {
                    match: {
                        pathNamespace: '/org/freedesktop/NetworkManager/Devices',
                        interface: device,
                        member: 'StateChanged',
                    },
                    toChange: async (signal, connection) => {
                        const [state, , reason] = stateChanged.parse(signal.body);
                        if (state !== failed) return null;
                        const name = safeText(await readProperty(connection, signal, device, 'Interface'), 32);
                        const trouble = troubleOf(reason);
                        return {
                            kind: 'network',
                            event: 'activation-failed',
                            subject: name,
                            summary: failureText(name, trouble, reason),
                            facts: { interface: name, reason: String(reason), trouble },
                        };
                    },
                },
            ];
        },
        // Neither signal comes for a network that was in this state before anybody logged in.
        greet: async (surroundings, connection, _owner, later) => {
            const found = await readPrimaryConnection(connection, AbortSignal.timeout(patience));
            if (found?.isChecked !== true) return [];
            if (found.connectivity === 'limited')
                later('no-internet', limit, () => unreachableChange(surroundings, connection));
            if (found.connectivity !== 'portal') return [];
            const change = connectivityChange('portal');
            return isReported(change, surroundings) ? [] : [change];
        },
    });
}

function connectivityChange(connectivity: Connectivity) {
    return {
        kind: 'network' as const,
        event: `connectivity-${connectivity}`,
        subject: 'internet',
        summary: connectivityText(connectivity),
        facts: { connectivity },
    };
}

/** Reports a state that has lasted for a while. */
async function unreachableChange(surroundings: Surroundings, connection: Connection): Promise<ChangeDraft | null> {
    const found = await readPrimaryConnection(connection, AbortSignal.timeout(patience));
    // Without a connection, nobody expects the internet.
    if (found?.isChecked !== true || found.connectivity !== 'limited' || found.interface === null) return null;
    const change: ChangeDraft = {
        kind: 'network',
        event: 'no-internet',
        subject: 'internet',
        summary: connectivityText('limited'),
        facts: { interface: found.interface },
    };
    return isReported(change, surroundings) ? null : change;
}

/** Whether it was reported since the internet could last be reached, so that the user's decision about it still holds. */
function isReported(change: ChangeDraft, surroundings: Surroundings): boolean {
    const { kind, subject, event } = change;
    const before = surroundings.timeline.query({ kinds: [kind], subject, limit: remembered });
    const last = before.find(entry => entry.event === event || entry.event === 'connectivity-full');
    return last?.event === event && isKnown(change, name, surroundings);
}

function connectivityText(connectivity: Connectivity): string {
    switch (connectivity) {
        case 'full':
            return _('The internet can be reached');
        case 'portal':
            return _('The network requires a log-in before it lets anything through');
        case 'limited':
            return _('There is a network, but the internet cannot be reached');
        case 'none':
            return _('There is no network');
        case 'unknown':
            return _('It is not known whether the internet can be reached');
    }
}

function failureText(name: string, trouble: DeviceTrouble, reason: number): string {
    const values = { interface: name, reason };
    switch (trouble) {
        case 'password':
            return _('{interface} could not connect: no password was entered', values);
        case 'authentication':
            return _('{interface} could not connect: the network rejected the password or log-in', values);
        case 'noAddress':
            return _('{interface} could not connect: it got no address', values);
        case 'notInRange':
            return _('{interface} could not connect: the network is not in range', values);
        case 'firmware':
            return _('{interface} could not connect: its firmware is missing', values);
        case 'unplugged':
        case 'userDisconnected':
        case 'other':
            return _('{interface} could not connect (reason {reason})', values);
    }
}
