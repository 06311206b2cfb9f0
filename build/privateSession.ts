// A bus of our own with the service on it, for machines that have no session: one foreground job that cleans up after itself.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Connection } from '../service/dbus/connection.ts';
import { busName, rootPath } from '../service/util/names.ts';
import { privateBusAddress, privateBusDirectory } from '../service/cli/privateBus.ts';
import { isOnPath } from './onPath.ts';
import { makeOwnDirectory, NotOurs } from './ownDirectory.ts';

/** Of Manager.State. */
const starting = 0;
const objectManager = 'org.freedesktop.DBus.ObjectManager';

/** Why there is no private session, for the user who wanted one. */
export class PrivateSessionError extends Error {}

export type PrivateSession = AsyncDisposable & {
    address: string;
    connection: Connection;
    /** Resolves when the service or the bus has ended, with the reason in words. */
    ended: Promise<string>;
};

/**
 * @param reeved the program and its arguments
 * @param options.forgetful keep nothing of this run: what is found in a log from elsewhere is not this machine's history
 * @throws PrivateSessionError when a service runs on the private bus already, or this one does not come up
 */
export async function startPrivateSession(
    reeved: readonly string[],
    { forgetful }: { forgetful: boolean },
): Promise<PrivateSession> {
    await using stack = new AsyncDisposableStack();
    const directory = privateBusDirectory();
    await assertFree();
    await makeOwnDirectory(directory).catch((error: unknown) => {
        if (!(error instanceof NotOurs)) throw error;
        throw new PrivateSessionError(`${directory} is not yours; set XDG_RUNTIME_DIR to a directory that is.`);
    });
    stack.defer(() => rm(directory, { recursive: true, force: true }));

    const socket = join(directory, 'bus');
    const address = `unix:path=${socket}`;
    await writeFile(join(directory, 'bus.conf'), busConfiguration(socket));
    // Both in process groups of their own, so that Ctrl+C reaches us alone and we can stop them in order.
    const daemon = ['dbus-daemon', `--config-file=${join(directory, 'bus.conf')}`, '--nofork', '--print-address=1'];
    const [busProgram = '', ...busArguments] = [...dyingWithUs(), ...daemon];
    const bus = spawn(busProgram, busArguments, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    stack.defer(() => stop(bus));
    await untilReady(bus);

    const connection = stack.use(await Connection.open({ address }));
    const appeared = Promise.withResolvers<undefined>();
    const watch = await connection.watchName(busName, owner => {
        if (owner !== null) appeared.resolve(undefined);
    });
    const environment: NodeJS.ProcessEnv = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address };
    if (forgetful) environment.XDG_STATE_HOME = await mkdtemp(join(directory, 'state-'));
    const [program = '', ...args] = reeved;
    const service = spawn(program, args, { env: environment, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    stack.defer(() => stop(service));
    const ended = Promise.race([
        exitOf(service).then(code => `the service has ended (${code})`),
        exitOf(bus).then(code => `the bus has ended (${code})`),
    ]);
    const failure = await Promise.race([appeared.promise, ended]);
    if (failure !== undefined) throw new PrivateSessionError(failure);
    await watch[Symbol.asyncDispose]();
    await writeFile(join(directory, 'address'), `${address}\n`);

    const everything = stack.move();
    return { address, connection, ended, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** Until the service has opened its sources, or knows why it cannot. */
export async function untilSettled({ connection, ended }: PrivateSession): Promise<void> {
    const target = { path: rootPath, interface: 'org.freedesktop.DBus.Properties' };
    const settled = Promise.withResolvers<undefined>();
    const consider = (state: unknown) => {
        if (typeof state === 'number' && state !== starting) settled.resolve(undefined);
    };
    const subscription = await connection.subscribe(
        { sender: busName, ...target, member: 'PropertiesChanged' },
        ({ body: [, changed] }) => {
            consider((changed as Record<string, unknown>).State);
        },
    );
    const [state] = await connection.call({
        destination: busName,
        ...target,
        member: 'Get',
        signature: 'ss',
        arguments: [`${busName}.Manager`, 'State'],
    });
    consider(state);
    await Promise.race([settled.promise, ended]);
    await subscription[Symbol.asyncDispose]();
}

/** Calls `handle` with the number and the title of each present and new incident. */
export async function followIncidents(
    { connection }: PrivateSession,
    handle: (id: number, title: string) => void,
): Promise<void> {
    const seen = new Set<string>();
    const take = (path: string, interfaces: Record<string, Record<string, unknown>>) => {
        const incident = interfaces[`${busName}.Incident`];
        if (incident === undefined || seen.has(path)) return;
        seen.add(path);
        handle(Number(incident.Id), String(incident.Title));
    };
    await connection.subscribe(
        { sender: busName, path: rootPath, interface: objectManager, member: 'InterfacesAdded' },
        ({ body: [path, interfaces] }) => {
            take(String(path), interfaces as Record<string, Record<string, unknown>>);
        },
    );
    const [objects] = await connection.call({
        destination: busName,
        path: rootPath,
        interface: objectManager,
        member: 'GetManagedObjects',
    });
    for (const [path, interfaces] of Object.entries(objects as Record<string, Record<string, Record<string, unknown>>>))
        take(path, interfaces);
}

/**
 * What to put before a command so that it ends with us, even when we are killed: setpriv(1) of util-linux, where it is
 * installed. The service needs none, as it ends with its bus.
 */
function dyingWithUs(): string[] {
    return isOnPath('setpriv') ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];
}

async function assertFree(): Promise<void> {
    const address = privateBusAddress();
    if (address === null) return;
    const connection = await Connection.open({ address }).catch(() => null);
    if (connection === null) return;
    const isTaken = (await connection.nameOwner(busName)) !== null;
    await connection[Symbol.asyncDispose]();
    if (isTaken) throw new PrivateSessionError(`Reeve runs already, on the private bus at ${address}`);
}

/** dbus-daemon(1). No service files: nothing is started on this bus but by us. */
export function busConfiguration(socket: string): string {
    return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${escapeXml(encodeAddress(socket))}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

/** D-Bus specification, "Server Addresses": what is not in this set is written as %XX. */
function encodeAddress(path: string): string {
    return Array.from(Buffer.from(path), byte => {
        const character = String.fromCharCode(byte);
        return /[-0-9A-Za-z_/.*]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    }).join('');
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function exitOf(child: ChildProcess): Promise<string> {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? `exit status ${code ?? '?'}`;
}

/** It prints its address when it listens. Its complaints matter only if it fails to get there. */
async function untilReady(bus: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
    let complaints = '';
    bus.stderr.on('data', (chunk: Buffer) => {
        complaints = (complaints + chunk.toString()).slice(-2000);
    });
    const failure = await Promise.race([once(bus.stdout, 'data').then(() => null), exitOf(bus)]);
    if (failure !== null) throw new PrivateSessionError(`dbus-daemon did not start: ${failure}\n${complaints}`);
}

async function stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
}
