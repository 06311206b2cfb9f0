// Says on the system bus what a service says of hardware that a test desktop does not have.
import type { Desktop } from '../desktop/desktop.ts';

export type Signal = {
    path: string;
    interface: string;
    member: string;
    /** As GVariant prints it: "(true,)". */
    values: string;
};

/**
 * Queues for the name given first, stops the unit given second, whose service then leaves it the name without a moment in
 * which another client could start the real one again; emits the signals that follow as path, interface, member, values, and ends.
 */
const program = `
const { Gio, GLib } = imports.gi;
const [name, unit, ...signals] = ARGV;
const bus = Gio.DBus.system;
const loop = new GLib.MainLoop(null, false);
const daemon = 'org.freedesktop.DBus';
bus.signal_subscribe(daemon, daemon, 'NameAcquired', '/org/freedesktop/DBus', name, 0, () => loop.quit());
const ask = (method, values) => bus.call_sync(daemon, '/org/freedesktop/DBus', daemon, method, values, null, 0, -1, null);
ask('RequestName', new GLib.Variant('(su)', [name, 0]));
Gio.Subprocess.new(['systemctl', 'stop', unit], 0);
loop.run();
// A GDBusProxy hears nobody but the owner that it has asked for properties, unless there was none (on_signal_received() in gio/gdbusproxy.c).
ask('ReleaseName', new GLib.Variant('(s)', [name]));
ask('RequestName', new GLib.Variant('(su)', [name, 0]));
while (signals.length > 0) {
    const [path, iface, member, values] = signals.splice(0, 4);
    bus.emit_signal(null, path, iface, member, GLib.Variant.parse(null, values, null, null));
}
bus.flush_sync(null);
// Who hears a signal may ask who sent it; the name must still be owned then.
GLib.usleep(500000);
`;

/**
 * Has a service of the system be replaced for as long as it takes to emit the signals. What it leaves with systemd is kept
 * for it: logind of systemd 257 ended all sessions without it, whose leaders it keeps there (manager_enumerate_fds() in src/login/logind.c).
 */
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
    const say = () => desktop.exec(['gjs', '-c', program, name, unit, ...argv]);
    const isActive = (await desktop.exec(['systemctl', 'is-active', unit], { mayFail: true })).code === 0;
    await (isActive ? inPlaceOf(desktop, unit, say) : say());
}

/** @param act stops the unit, which is started again behind it with what it had left with systemd */
async function inPlaceOf(desktop: Desktop, unit: string, act: () => Promise<unknown>): Promise<void> {
    await desktop.exec(['systemctl', 'edit', '--runtime', '--drop-in=bench.conf', '--stdin', unit], {
        input: '[Service]\nFileDescriptorStorePreserve=yes\n',
    });
    try {
        await act();
    } finally {
        await desktop.exec(['systemctl', 'start', unit]);
        await desktop.exec(['rm', `/run/systemd/system/${unit}.d/bench.conf`]);
        await desktop.exec(['systemctl', 'daemon-reload']);
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
