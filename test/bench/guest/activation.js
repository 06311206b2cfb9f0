// Runs in the desktop as alice: gjs -m activation.js ROUNDS NODE
// Each round: the service is stopped; then a property is asked for, which starts it; beside it, the bare start of Node.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const [rounds, node] = ARGV;
const bus = Gio.DBus.session;
const call = (destination, path, iface, method, parameters) =>
    bus.call_sync(destination, path, iface, method, parameters, null, Gio.DBusCallFlags.NONE, 30000, null);
const run = argv => Gio.Subprocess.new(argv, Gio.SubprocessFlags.NONE).wait_check(null);
const took = action => {
    const started = GLib.get_monotonic_time();
    action();
    return GLib.get_monotonic_time() - started;
};

for (let round = 0; round < Number(rounds); round++) {
    run(['systemctl', '--user', 'stop', 'reeve.service']);
    const activation = took(() =>
        call(
            'org.reevedesktop.Reeve1',
            '/org/reevedesktop/Reeve1',
            'org.freedesktop.DBus.Properties',
            'Get',
            new GLib.Variant('(ss)', ['org.reevedesktop.Reeve1.Manager', 'version']),
        ),
    );
    const bare = took(() => run([node, '-e', '0']));
    print(JSON.stringify({ activation, bare }));
}
