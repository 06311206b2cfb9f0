// Runs in the desktop as alice: gjs -m noticing.js SECONDS
// Writes a line for each of: an entry "unit failed" as journalctl hands it on, an incident as it appears on the bus. All times
// are of one clock, in microseconds.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const loop = new GLib.MainLoop(null, false);
const tell = fact => print(JSON.stringify(fact));

// SD_MESSAGE_UNIT_FAILED of sd-messages.h.
const failed = 'MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c';
const journalctl = Gio.Subprocess.new(
    ['journalctl', '--follow', '--lines=0', '--output=json', '--output-fields=UNIT', failed],
    Gio.SubprocessFlags.STDOUT_PIPE,
);
const lines = new Gio.DataInputStream({ base_stream: journalctl.get_stdout_pipe() });
const readLine = () =>
    lines.read_line_async(GLib.PRIORITY_HIGH, null, (_, result) => {
        const [line] = lines.read_line_finish_utf8(result);
        if (line === null) return;
        const now = GLib.get_real_time();
        const entry = JSON.parse(line);
        tell({ what: 'journalctl', unit: entry.UNIT, written: Number(entry.__REALTIME_TIMESTAMP), now });
        readLine();
    });
readLine();

Gio.DBus.session.signal_subscribe(
    'org.reevedesktop.Reeve1',
    'org.freedesktop.DBus.ObjectManager',
    'InterfacesAdded',
    '/org/reevedesktop/Reeve1',
    null,
    Gio.DBusSignalFlags.NONE,
    (_connection, _sender, _path, _interface, _signal, parameters) => {
        const now = GLib.get_real_time();
        const [, interfaces] = parameters.recursiveUnpack();
        const incident = interfaces['org.reevedesktop.Reeve1.Incident'];
        if (incident) tell({ what: 'incident', unit: incident.Subject, now });
    },
);

GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, Number(ARGV[0]), () => {
    journalctl.force_exit();
    loop.quit();
    return GLib.SOURCE_REMOVE;
});
loop.run();
