import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Connection } from '../../service/dbus/connection.ts';
import { until } from '../desktop/waiting.ts';
import { isPresent } from '../support/hostPackages.ts';
import { busName, rootPath, startLive, type Live } from './live.ts';
import { storeSample } from './sample.ts';

const run = promisify(execFile);
/** Of the bus itself (dbus-daemon, bus/stats.c). */
const statistics = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus.Debug.Stats',
};

describe('With the tools of the desktop', () => {
    let live: Live;

    beforeAll(async () => {
        live = await startLive(storeSample);
    });

    afterAll(async () => {
        await live[Symbol.asyncDispose]();
    });

    async function tool(program: string, ...args: string[]): Promise<string> {
        if (!isPresent(program)) pending(`${program} is not installed`);
        const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: live.bus.address, LC_ALL: 'C.UTF-8' };
        return (await run(program, args, { env, timeout: 20_000 })).stdout;
    }

    const gdbus = (method: string, ...args: string[]) =>
        tool(
            'gdbus',
            'call',
            '--session',
            '--dest=org.reevedesktop.Reeve1',
            `--object-path=${rootPath}`,
            `--method=${method}`,
            ...args,
        );

    it('gdbus asks a question', async () => {
        const reply = await gdbus('org.reevedesktop.Reeve1.Assistant.AskAndWait', 'what failed', '{}');
        expect(reply).toContain('sample.service');
        expect(reply).toContain("'topic': <'");
    });

    it('gdbus lists incidents', async () => {
        const reply = await gdbus('org.freedesktop.DBus.ObjectManager.GetManagedObjects');
        expect(reply).toContain(`objectpath '${rootPath}/incident/1'`);
        expect(reply).toContain("'Severity': <uint32 3>");
    });

    it('gdbus shows every member with the names of its arguments', async () => {
        const shown = await tool(
            'gdbus',
            'introspect',
            '--session',
            '--dest=org.reevedesktop.Reeve1',
            `--object-path=${rootPath}`,
        );
        expect(shown).toMatch(
            /AskAndWait\(in {2}s question,\s+in {2}a\{sv\} options,\s+out s answer,\s+out a\{sv\} results\);/,
        );
    });

    it('gdbus may leave out the types of numbers', async () => {
        expect(await gdbus('org.reevedesktop.Reeve1.Audit.List', "{'limit': <5>, 'before': <100>}")).toContain(
            "'event': <'sample'>",
        );
    });

    it('gdbus monitor shows what changes', async () => {
        if (!isPresent('gdbus')) pending('gdbus is not installed');
        const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: live.bus.address };
        const monitor = spawn('gdbus', ['monitor', '--session', '--dest=org.reevedesktop.Reeve1'], {
            env,
            stdio: ['ignore', 'pipe', 'inherit'],
        });
        await using connection = await Connection.open({ address: live.bus.address });
        // It says that the service is there before it subscribes (monitor_on_name_appeared() in glib's gio/gdbus-tool.c).
        const hasSubscribed = async () => {
            const owner = await connection.nameOwner(busName);
            const [rules] = await connection.call({ ...statistics, member: 'GetAllMatchRules' });
            const wanted = `type='signal',sender='${owner}'`;
            return Object.values(rules as Record<string, string[]>).some(ofOne => ofOne.includes(wanted));
        };
        const markNotified = () =>
            tool(
                'gdbus',
                'call',
                '--session',
                '--dest=org.reevedesktop.Reeve1',
                `--object-path=${rootPath}/incident/1`,
                '--method=org.reevedesktop.Reeve1.Incident.MarkNotified',
            );
        const closed = once(monitor, 'close');
        try {
            await until('it listens', hasSubscribed);
            const shown = new Promise<string>((resolve, reject) => {
                createInterface(monitor.stdout).on('line', line => {
                    if (line.includes("'Notification'")) resolve(line);
                });
                closed.then(([code]) => {
                    reject(new Error(`gdbus monitor ended with ${String(code)}`));
                }, reject);
            });
            const [line] = await Promise.all([shown, markNotified()]);
            expect(line).toContain(`${rootPath}/incident/1: org.freedesktop.DBus.Properties.PropertiesChanged`);
        } finally {
            monitor.kill();
            await closed;
        }
    });

    it('gdbus is told what was wrong with a call', async () => {
        await expectAsync(gdbus('org.reevedesktop.Reeve1.Timeline.Query', "{'limit': <'many'>}")).toBeRejectedWithError(
            /org\.reevedesktop\.Reeve1\.Error\.InvalidArgument: limit must be of type u, not s/,
        );
    });

    it('busctl reads properties, walks the tree and calls methods', async () => {
        const name = 'org.reevedesktop.Reeve1';
        const busctl = (...args: string[]) => tool('busctl', '--user', ...args);
        expect(await busctl('get-property', name, rootPath, `${name}.Manager`, 'OpenIncidents')).toBe('u 1\n');
        expect(await busctl('tree', '--list', name)).toContain(`${rootPath}/incident/1/proposal/1`);
        expect(await busctl('call', name, rootPath, `${name}.Audit`, 'Verify')).toMatch(/^btss true 1 ""/);
        const introspected = await busctl('introspect', name, `${rootPath}/incident/1`);
        expect(introspected).toMatch(/\.Dismiss\s+method\s+a\{sv\}/);
    });
});
