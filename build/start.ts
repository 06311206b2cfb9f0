// `npm start`: builds Reeve and runs it in the way that fits the machine.
//
// In a GNOME session it is installed for the user, started, and its log followed: Ctrl+C ends the following, not Reeve.
// Anywhere else the service runs in the foreground on a bus of its own, over the journal or log that it is given.
//
//   npm start [-- --journal FILE|DIRECTORY | --text FILE]
//   npm run install:user    only installs and starts it
//   npm run install:system [-- --remove] [-- --dry-run]    what makes changes as root, for the whole computer
//   npm run uninstall [-- --dry-run]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Connection } from '../service/dbus/connection.ts';
import { safeText } from '../service/text/sanitise.ts';
import { serviceUnit } from '../service/util/names.ts';
import { install, InstallationError, uninstall } from '../packaging/installation.ts';
import { findPlaces } from '../packaging/places.ts';
import { Session } from '../packaging/session.ts';
import { installForSystem } from '../packaging/systemInstallation.ts';
import { buildAll, BuildError } from './build.ts';
import { isOnPath } from './onPath.ts';
import { followIncidents, PrivateSessionError, startPrivateSession, untilSettled } from './privateSession.ts';

/** A problem that the user can solve. */
class StartError extends Error {}

const values = readArguments();

try {
    if (values.system) {
        const options = { remove: values.remove, dryRun: values['dry-run'], say: console.log };
        await installForSystem(await buildAll(), options);
    } else if (values.uninstall) {
        await withInstallation(uninstall);
    } else {
        const sources = logArguments();
        if (values.install) await installForUser(await buildAll());
        else await start(sources, whenInterrupted());
    }
} catch (error) {
    const isExpected = [StartError, InstallationError, BuildError, PrivateSessionError].some(
        type => error instanceof type,
    );
    console.error(isExpected ? (error as Error).message : error);
    process.exitCode = 1;
}

function readArguments() {
    try {
        return parseArgs({
            options: {
                journal: { type: 'string' },
                text: { type: 'string' },
                install: { type: 'boolean', default: false },
                uninstall: { type: 'boolean', default: false },
                system: { type: 'boolean', default: false },
                remove: { type: 'boolean', default: false },
                'dry-run': { type: 'boolean', default: false },
            },
        }).values;
    } catch (error) {
        // What is wrong with them, named by Node.
        console.error(`${(error as Error).message}\nUsage: npm start [-- --journal FILE|DIRECTORY | --text FILE]`);
        process.exit(2);
    }
}

/**
 * Resolves with null when the user stops us, or when build/run.mjs, which holds the other end of the channel, has
 * ended.
 */
function whenInterrupted(): Promise<null> {
    const interrupted = Promise.withResolvers<null>();
    // Never taken off: one Ctrl+C comes from the terminal, from npm and from build/run.mjs, and the second would kill us.
    for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
        process.on(event, () => {
            interrupted.resolve(null);
        });
    // Listening to the channel must not keep us from ending.
    process.channel?.unref();
    return interrupted.promise;
}

async function start(sources: readonly string[], interrupted: Promise<null>): Promise<void> {
    const built = await Promise.race([interrupted, buildAll()]);
    if (built === null) return;
    if (sources.length === 0 && (await isInGnome())) await runInSession(built, interrupted);
    else await runAlone(built, sources, interrupted);
}

async function withInstallation<T>(use: (installation: Parameters<typeof uninstall>[0]) => Promise<T>): Promise<T> {
    await using session = await Session.open();
    return await use({ places: findPlaces(), session, dryRun: values['dry-run'], say: console.log });
}

function installForUser(built: string): Promise<void> {
    return withInstallation(installation => install(built, installation));
}

/** The log to read instead of this machine's journal. */
function logArguments(): string[] {
    if (values.journal !== undefined && values.text !== undefined)
        throw new StartError('Give either --journal or --text.');
    for (const name of ['journal', 'text'] as const) {
        if (values[name] === undefined) continue;
        const path = resolve(values[name]);
        if (!existsSync(path)) throw new StartError(`There is no ${path}`);
        if (name === 'text' && !statSync(path).isFile()) throw new StartError(`${path} is not a file`);
        return [`--${name}`, path];
    }
    return [];
}

async function isInGnome(): Promise<boolean> {
    const desktops = (process.env.XDG_CURRENT_DESKTOP ?? '').split(':');
    if (!desktops.includes('GNOME') || process.getuid?.() === 0) return false;
    const connection = await Connection.open('session').catch(() => null);
    if (connection === null) return false;
    const shell = await connection.nameOwner('org.gnome.Shell');
    await connection[Symbol.asyncDispose]();
    return shell !== null;
}

async function runInSession(built: string, interrupted: Promise<null>): Promise<void> {
    await installForUser(built);
    console.log('Reeve is yours now. To remove it: npm run uninstall');
    console.log('Its log follows; Ctrl+C ends this and leaves Reeve running.');
    const log = spawn('journalctl', ['--user', `--unit=${serviceUnit}`, '--follow', '--lines=0', '--output=short'], {
        stdio: ['ignore', 'inherit', 'inherit'],
    });
    const exited = once(log, 'exit');
    await Promise.race([interrupted, exited]);
    log.kill('SIGTERM');
    await exited;
}

async function runAlone(built: string, sources: readonly string[], interrupted: Promise<null>): Promise<void> {
    ensureBusProgram();
    const reeved = [join(built, 'bin', 'reeved'), ...sources];
    await using session = await startPrivateSession(reeved, { forgetful: sources.length > 0 });
    const reeve = join(built, 'bin', 'reeve');
    console.log(`No GNOME session: the service runs here, on the bus ${session.address}\n`);
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: session.address };
    await Promise.race([interrupted, untilSettled(session)]);
    const status = spawn(reeve, ['status'], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    await once(status, 'exit');
    console.log(`\nAsk it from another terminal: ${reeve} ask "what failed"`);
    console.log(`For gdbus and busctl: export DBUS_SESSION_BUS_ADDRESS='${session.address}'`);
    console.log('Ctrl+C stops it.\n');
    await followIncidents(session, (id, title) => {
        console.log(`Incident ${id}: ${safeText(title)}`);
    });
    const reason = await Promise.race([interrupted, session.ended]);
    if (reason !== null) throw new StartError(`Stopped: ${reason}`);
}

/** The only program here that is not ours and may be missing. */
function ensureBusProgram(): void {
    if (isOnPath('dbus-daemon')) return;
    if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
        console.log('Installing dbus …');
        const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
        const options = { env, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };
        spawnSync('apt-get', ['-q', 'update'], options);
        spawnSync('apt-get', ['-q', 'install', '-y', '--no-install-recommends', 'dbus-daemon'], options);
    }
    if (!isOnPath('dbus-daemon'))
        throw new StartError('dbus-daemon is missing; install the package that has it (dbus, dbus-daemon).');
}
