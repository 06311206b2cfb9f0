import { join } from 'node:path';

/**
 * Paths of the sockets that a D-Bus server address names, in order; abstract ones begin with a NUL as node:net wants
 * it. Transports other than unix sockets are skipped.
 *
 * Syntax: D-Bus specification, "Server Addresses": entries end with ";", values are percent-encoded.
 */
export function socketPaths(address: string): string[] {
    return address.split(';').flatMap(entry => {
        const colon = entry.indexOf(':');
        if (entry.slice(0, colon) !== 'unix') return [];
        const options = new Map(
            entry
                .slice(colon + 1)
                .split(',')
                .map(pair => {
                    const equals = pair.indexOf('=');
                    return [pair.slice(0, equals), decodeURIComponent(pair.slice(equals + 1))];
                }),
        );
        const path = options.get('path');
        const abstract = options.get('abstract');
        if (path !== undefined) return [path];
        if (abstract !== undefined) return [`\0${abstract}`];
        return options.get('runtime') === 'yes' ? runtimeBus() : [];
    });
}

/** Where the two buses of this machine listen: sd_bus_default_user(3) and the D-Bus specification, "Well-known Message Bus Instances". */
export function busAddress(bus: 'session' | 'system'): string {
    if (bus === 'system') return process.env.DBUS_SYSTEM_BUS_ADDRESS ?? 'unix:path=/run/dbus/system_bus_socket';
    return process.env.DBUS_SESSION_BUS_ADDRESS ?? 'unix:runtime=yes';
}

function runtimeBus(): string[] {
    const directory = process.env.XDG_RUNTIME_DIR;
    return directory === undefined ? [] : [join(directory, 'bus')];
}
