// Says on the system bus what a service says of hardware that a test desktop does not have.
import type { Desktop } from '../desktop/desktop.ts';

export type Signal = {
    path: string;
    interface: string;
    member: string;
    /** As GVariant prints it: "(true,)". */
    values: string;
};

/** Owns the name given first, emits the signals given after it as path, interface, member, values, and ends. */
const program = `
const { Gio, GLib } = imports.gi;
const [name, ...signals] = ARGV;
const bus = Gio.DBus.system;
const doNotQueue = 4;
const [reply] = bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
    new GLib.Variant('(su)', [name, doNotQueue]), null, 0, -1, null).deepUnpack();
if (reply !== 1) throw new Error('somebody owns ' + name);
while (signals.length > 0) {
    const [path, iface, member, values] = signals.splice(0, 4);
    bus.emit_signal(null, path, iface, member, GLib.Variant.parse(null, values, null, null));
}
bus.flush_sync(null);
// Who hears a signal may ask who sent it; the name must still be owned then.
GLib.usleep(500000);
`;

/** Has a service of the system be replaced for as long as it takes to emit the signals. */
export async function sayAs(
    desktop: Desktop,
    { name, unit }: { name: string; unit: string },
    signals: Signal[],
): Promise<void> {
    const argv = signals.flatMap(({ path, interface: ofInterface, member, values }) => [
        path,
        ofInterface,
        member,
        values,
    ]);
    const wasActive = (await desktop.exec(['systemctl', 'is-active', unit], { mayFail: true })).code === 0;
    await desktop.exec(['systemctl', 'mask', '--runtime', unit]);
    try {
        await desktop.exec(['systemctl', 'stop', unit]);
        await desktop.exec(['gjs', '-c', program, name, ...argv]);
    } finally {
        await desktop.exec(['systemctl', 'unmask', '--runtime', unit]);
        if (wasActive) await desktop.exec(['systemctl', 'start', unit]);
    }
}

/** PropertiesChanged of org.freedesktop.DBus.Properties. @param values as GVariant prints a{sv}: "{'Online': <true>}" */
export function changed(path: string, ofInterface: string, values: string): Signal {
    return {
        path,
        interface: 'org.freedesktop.DBus.Properties',
        member: 'PropertiesChanged',
        values: `('${ofInterface}', ${values}, @as [])`,
    };
}
