import * as z from 'zod';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { readDefaultRoutes } from '../../machine/network/network.ts';
import { activated, deviceOf } from '../../machine/network/networkDevices.ts';
import { readNetworkManager } from '../../machine/network/networkManager.ts';
import { factReader } from '../../model/facts.ts';
import type { Incident } from '../../model/incident.ts';

export const readInterface = factReader(() => ({ interface: z.string() }));

/** The name of the interface that an incident is about; null if unknown. */
export function interfaceOf({ subject, facts }: Incident): string | null {
    const { interface: name = subject } = readInterface(facts);
    return /^[\w.:-]{1,15}$/.test(name) ? name : null;
}

/** Whether the internet can be reached: NetworkManager's state if it checks, otherwise the routes. */
export const isOnline: RecoveryCheck = {
    about: 'the internet is reachable, according to NetworkManager or the routes',
    async check({ machine, signal }) {
        const manager = await readNetworkManager(machine, signal);
        if (manager?.checksConnectivity) {
            return manager.connectivity === 'full'
                ? { gone: true, detail: _('The internet can be reached') }
                : { gone: false, detail: _('The internet cannot be reached') };
        }
        const routes = await readDefaultRoutes(machine, signal);
        return (routes ?? []).length > 0
            ? { gone: true, detail: _('There is a route to the internet') }
            : { gone: false, detail: _('There is no route to the internet') };
    },
};

/** Whether NetworkManager has connected the interface. */
export const isActivated: RecoveryCheck = {
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

export const reconnect: Fix = {
    action: 'network.reconnect',
    parameters: incident => {
        const name = interfaceOf(incident);
        return name === null ? null : { interface: name };
    },
    explanation: () => _('Requests everything again, as unplugging and plugging in would.'),
};
