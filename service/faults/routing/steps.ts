import * as z from 'zod';

import { noted } from '../../diagnosis/guide.ts';
import type { StepCheck } from '../../diagnosis/guide.ts';
import { readProperties } from '../../machine/properties.ts';
import { lazy } from '../../util/lazy.ts';

/** The path of org.gnome.system.proxy in dconf: that of its schema in gsettings-desktop-schemas. */
const proxyPath = '/system/proxy/';

export const isProxyChanged = noted('a change of the proxy settings', ['setting'], ({ subject, detail }) =>
    [subject, ...detail.split('\n')].some(key => key.startsWith(proxyPath)),
);

const name = 'org.freedesktop.NetworkManager';
const manager = lazy(() => z.object({ ActiveConnections: z.array(z.string()).max(64) }));
const connection = lazy(() => z.object({ Vpn: z.boolean(), State: z.number() }));
/** NM_ACTIVE_CONNECTION_STATE_ACTIVATED of nm-dbus-interface.h. */
const activated = 2;

export const hasVpn: StepCheck = {
    about: 'NetworkManager has an active connection of a VPN',
    async check({ machine, signal }) {
        const of = (path: string, suffix = '') =>
            readProperties(machine.system, { destination: name, path, interface: `${name}${suffix}` }, signal);
        const { ActiveConnections: paths = [] } =
            manager().safeParse(await of('/org/freedesktop/NetworkManager')).data ?? {};
        const found = await Promise.all(paths.map(path => of(path, '.Connection.Active')));
        const isActive = found.some(properties => {
            const { data } = connection().safeParse(properties);
            return data?.Vpn === true && data.State === activated;
        });
        return { gone: isActive, detail: '' };
    },
};
