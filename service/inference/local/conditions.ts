/**
 * The reasons to unload a model: a game, the power saver, memory pressure, a suspend. Nothing is watched while no model
 * is loaded, so that an idle service has neither timers nor subscriptions for it.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Connection } from '../../dbus/connection.ts';
import { log } from '../../util/log.ts';
import type { UnloadReason } from '../backend.ts';

export type Buses = {
    session: Connection;
    /** Called each time: the service opens the bus again when it is lost. */
    system: () => Connection | null;
};

export type ConditionOptions = Buses & {
    /** Milliseconds between two polls of the memory pressure. */
    pressureEvery?: number;
    /** /proc/pressure/memory, but in tests. */
    pressureFile?: string;
    /**
     * The command that delays a suspend until the model has left memory, as argv; it ends with its input. Null for
     * none.
     */
    inhibitor?: readonly [string, ...string[]] | null;
};

/** systemd-inhibit(1). logind releases the lock when its holder ends, and that ends with us. */
const sleepInhibitor = [
    'systemd-inhibit',
    '--what=sleep',
    '--mode=delay',
    '--who=Reeve',
    '--why=Unloading the language model',
    'cat',
] as const;

/**
 * Share of the last ten seconds during which every process waited for memory ("full avg10", in percent; Documentation/
 * accounting/psi.rst of Linux). systemd-oomd begins to kill at 60 % over 30 s; long before that the desktop stutters.
 */
const pressureLimit = 10;

/**
 * @param unload is called at most once for each occasion, and awaited before the suspend may go on
 * @throws never for a missing bus or service: then that condition does not arise
 */
export async function watchConditions(
    options: ConditionOptions,
    unload: (reason: UnloadReason) => Promise<void>,
): Promise<AsyncDisposable> {
    await using stack = new AsyncDisposableStack();
    const because = (reason: UnloadReason) => {
        unload(reason).catch((error: unknown) => {
            log('warning', 'The model cannot be unloaded', { reason: String(error) });
        });
    };
    const { session } = options;
    const system = options.system();
    stack.use(watchPressure(options, because));
    await attempt('GameMode', async () => stack.use(await watchGames(session, because)));
    if (system !== null) {
        await attempt('the power profile', async () => stack.use(await watchPowerProfile(system, because)));
        await attempt('logind', async () => stack.use(await watchSleep(system, options, unload)));
    }
    const everything = stack.move();
    return { [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

async function attempt(what: string, watch: () => Promise<unknown>): Promise<void> {
    try {
        await watch();
    } catch (error) {
        log('debug', `The model does not follow ${what}`, { reason: String(error) });
    }
}

/**
 * Polled: a trigger of the kernel (psi.rst, "Monitoring for pressure thresholds") needs poll(2) for POLLPRI, which Node
 * cannot do.
 */
function watchPressure(
    { pressureEvery = 10_000, pressureFile = '/proc/pressure/memory' }: ConditionOptions,
    because: (reason: UnloadReason) => void,
): Disposable {
    const timer = setInterval(() => {
        void readFile(pressureFile, 'utf8').then(
            text => {
                const full = Number(/^full avg10=([\d.]+)/m.exec(text)?.[1]);
                if (full > pressureLimit) because('memory-pressure');
            },
            // A kernel without PSI, or with it switched off.
            () => {
                clearInterval(timer);
            },
        );
    }, pressureEvery);
    timer.unref();
    return {
        [Symbol.dispose]: () => {
            clearInterval(timer);
        },
    };
}

const gameMode = {
    destination: 'com.feralinteractive.GameMode',
    path: '/com/feralinteractive/GameMode',
    interface: 'com.feralinteractive.GameMode',
};

/** ClientCount is signalled whenever a game comes or goes: daemon/gamemode-dbus.c of FeralInteractive/gamemode. */
async function watchGames(session: Connection, because: (reason: UnloadReason) => void): Promise<AsyncDisposable> {
    return await watchProperty(session, gameMode, 'ClientCount', value => {
        const { data: games } = z.number().safeParse(value);
        if (games !== undefined && games > 0) because('game');
    });
}

/** power-profiles-daemon, or tuned-ppd in its place: "power-saver" is what the desktop's Power Saver switches on. */
const powerProfiles = {
    destination: 'org.freedesktop.UPower.PowerProfiles',
    path: '/org/freedesktop/UPower/PowerProfiles',
    interface: 'org.freedesktop.UPower.PowerProfiles',
};

async function watchPowerProfile(
    system: Connection,
    because: (reason: UnloadReason) => void,
): Promise<AsyncDisposable> {
    return await watchProperty(system, powerProfiles, 'ActiveProfile', value => {
        if (value === 'power-saver') because('battery-saver');
    });
}

type Named = { destination: string; path: string; interface: string };

/** Calls `take` with the present value and with each change. Starts no service. */
async function watchProperty(
    connection: Connection,
    object: Named,
    name: string,
    take: (value: unknown) => void,
): Promise<AsyncDisposable> {
    const ask = async () => {
        if ((await connection.nameOwner(object.destination)) === null) return;
        take(await connection.getProperty(object.destination, object.path, object.interface, name));
    };
    const subscription = await connection.subscribe(
        {
            sender: object.destination,
            path: object.path,
            interface: 'org.freedesktop.DBus.Properties',
            member: 'PropertiesChanged',
            argument: object.interface,
        },
        ({ body: [, changed, invalidated] }) => {
            const values = (changed ?? {}) as Record<string, unknown>;
            if (Object.hasOwn(values, name)) take(values[name]);
            // GameMode names the property and leaves it to us to ask.
            else if (Array.isArray(invalidated) && invalidated.includes(name)) void attempt(object.destination, ask);
        },
    );
    await attempt(object.destination, ask);
    return subscription;
}

/** org.freedesktop.login1(5), PrepareForSleep. */
async function watchSleep(
    system: Connection,
    { inhibitor = sleepInhibitor }: ConditionOptions,
    unload: (reason: UnloadReason) => Promise<void>,
): Promise<AsyncDisposable> {
    await using stack = new AsyncDisposableStack();
    const lock = inhibitor === null ? null : stack.use(holdSleep(inhibitor));
    stack.use(
        await system.subscribe(
            {
                sender: 'org.freedesktop.login1',
                path: '/org/freedesktop/login1',
                interface: 'org.freedesktop.login1.Manager',
                member: 'PrepareForSleep',
            },
            ({ body: [isStarting] }) => {
                if (isStarting !== true) return;
                void unload('suspend').finally(() => lock?.[Symbol.dispose]());
            },
        ),
    );
    const everything = stack.move();
    return { [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

function holdSleep([program, ...argv]: readonly [string, ...string[]]): Disposable {
    const holder = spawn(program, argv, { stdio: ['pipe', 'ignore', 'ignore'] });
    holder.once('error', error => {
        log('debug', 'Suspending does not wait for the model', { reason: error.message });
    });
    holder.stdin.on('error', () => undefined);
    return {
        [Symbol.dispose]: () => {
            holder.stdin.end();
        },
    };
}
