// The extension's D-Bus client outside of the Shell: prints the snapshot whenever it has changed, and what there is of a
// request that is taken up again. Usage: program.js ADDRESS [REQUEST]
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import { exit, programArgs } from 'system';

import { Client } from '../../../extension/remote/client.js';

const [address, path] = programArgs;
const { AUTHENTICATION_CLIENT, MESSAGE_BUS_CONNECTION } = Gio.DBusConnectionFlags;
const connection = Gio.DBusConnection.new_for_address_sync(
    address,
    AUTHENTICATION_CLIENT | MESSAGE_BUS_CONNECTION,
    null,
    null,
);
// The bus goes with the test.
connection.connect('closed', () => exit(0));
const client = new Client(connection);
client.connect('changed', () => {
    const { link, incidents } = client.snapshot;
    print(JSON.stringify({ link, incidents: incidents.map(({ id, title }) => ({ id, title })) }));
});
if (path) {
    const request = client.resume(path);
    request.connect('text', () => print(JSON.stringify({ text: request.text })));
}
new GLib.MainLoop(null, false).run();
