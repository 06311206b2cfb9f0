// Runs inside the desktop as alice, between the tests and the Shell: one JSON request a line on standard input, one
// answer a line on standard output, `{id, result}` or `{id, error}`. Ends with its input.
/* global printerr */
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GioUnix from 'gi://GioUnix';

Gio._promisify(Gio.DBusConnection.prototype, 'call', 'call_finish');
Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');

/** Milliseconds. The caller gives up before. */
const longest = 600_000;

function pause(milliseconds) {
    return new Promise(resolve => {
        GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

function callShell(object, name, method, parameters, timeout) {
    return Gio.DBus.session.call(
        name,
        object,
        name,
        method,
        parameters,
        null,
        Gio.DBusCallFlags.NO_AUTO_START,
        timeout,
        null,
    );
}

/** org.gnome.Shell.Eval awaits promises and answers in JSON, with an empty string for undefined. */
async function evaluate(code, timeout = longest) {
    const reply = await callShell(
        '/org/gnome/Shell',
        'org.gnome.Shell',
        'Eval',
        new GLib.Variant('(s)', [code]),
        timeout,
    );
    const [success, value] = reply.deepUnpack();
    if (!success) throw new Error(value || 'the Shell does not run in its unsafe mode');
    return value === '' ? null : JSON.parse(value);
}

/** What JSON cannot hold, such as an actor, is merely true. */
const presentable = `(value => {
    const isPlain = Object(value) !== value || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? value : true;
})`;

const verbs = {
    evaluate({ code }) {
        return evaluate(code);
    },

    /** An expression that throws counts as "not yet", and so does a Shell that is not there. */
    async waitFor({ expression, timeout, every }) {
        const started = GLib.get_monotonic_time() / 1000;
        const deadline = started + timeout;
        for (;;) {
            let last;
            try {
                const left = deadline - GLib.get_monotonic_time() / 1000;
                const value = await evaluate(`${presentable}(${expression})`, Math.max(1000, Math.ceil(left)));
                if (value) return value;
                last = `it was ${JSON.stringify(value)}`;
            } catch (error) {
                last = error.message;
            }
            if (GLib.get_monotonic_time() / 1000 > deadline) throw new Error(`waiting for ${expression}: ${last}`);
            // Each poll takes time from the Shell that it waits for.
            await pause(Math.max(every, Math.min((GLib.get_monotonic_time() / 1000 - started) / 10, 10 * every)));
        }
    },

    async screenshot({ file }) {
        const reply = await callShell(
            '/org/gnome/Shell/Screenshot',
            'org.gnome.Shell.Screenshot',
            'Screenshot',
            new GLib.Variant('(bbs)', [false, false, file]),
            longest,
        );
        const [success] = reply.deepUnpack();
        if (!success) throw new Error(`the Shell could not write ${file}`);
        return null;
    },
};

const output = new GioUnix.OutputStream({ fd: 1, close_fd: false });

function answer(message) {
    output.write_all(new TextEncoder().encode(`${JSON.stringify(message)}\n`), null);
}

async function serve({ id, verb, ...parameters }) {
    try {
        answer({ id, result: await verbs[verb](parameters) });
    } catch (error) {
        answer({ id, error: error.message });
    }
}

const loop = new GLib.MainLoop(null, false);

async function readRequests() {
    const input = new Gio.DataInputStream({ base_stream: new GioUnix.InputStream({ fd: 0, close_fd: false }) });
    for (;;) {
        const [line] = await input.read_line_async(GLib.PRIORITY_DEFAULT, null);
        if (line === null) break;
        void serve(JSON.parse(line));
    }
    loop.quit();
}

readRequests().catch(error => {
    printerr(error.message);
    loop.quit();
});
loop.run();
