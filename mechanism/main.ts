// reeve-mechanism: makes approved changes as root. The system bus starts it for a call; it ends when nobody has called for a minute.
import { join } from 'node:path';

import * as z from 'zod';

import { mechanismTable, type Mechanism as MechanismInterface } from '../service/api/generated/interfaces.ts';
import { Connection, type BusAddress } from '../service/dbus/connection.ts';
import { ExportedObjects } from '../service/dbus/exportedObjects.ts';
import type { Caller } from '../service/dbus/interfaceTable.ts';
import { Executor } from '../service/execution/executor.ts';
import { journalAt } from '../service/journal/query.ts';
import { useCatalogue } from '../service/i18n/i18n.ts';
import { useLocale } from '../service/i18n/locale.ts';
import { run } from '../service/machine/run.ts';
import { Systemd } from '../service/machine/units/systemd.ts';
import { Contents } from '../service/store/contents.ts';
import { messageOf, ReeveError } from '../service/util/errors.ts';
import { log } from '../service/util/log.ts';
import { mechanismName, mechanismPath, mechanismRecords } from '../service/util/names.ts';
import { version } from '../service/util/version.ts';
import { Grants } from './grants.ts';
import { Mechanism, type Client } from './mechanism.ts';
import { Transactions } from './transactions.ts';

/** Of earlier contents of files. Bytes. */
const contentsLimit = 64 * 1024 * 1024;
/** How many changes a user may have asked for at once, and for how long the mechanism waits for the next call; milliseconds. */
const changesLimit = 4;
const idleTime = 60_000;

const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
const credentials = z.tuple([z.object({ UnixUserID: z.int().nonnegative() })]);

/**
 * Offers the mechanism on the system bus.
 *
 * @param options.directory of root's alone
 * @param options.signal ends it, once nothing is under way
 * @returns resolves when nobody has called for a while, or the bus has gone
 * @throws BusError NameHasOwner when it runs already
 */
export async function runMechanism({
    system,
    directory,
    catalogues,
    idle = idleTime,
    signal,
}: {
    system: BusAddress;
    directory: string;
    catalogues: string;
    idle?: number;
    signal?: AbortSignal;
}): Promise<void> {
    await using stack = new AsyncDisposableStack();
    const connection = stack.use(await Connection.open(system));
    const machine = { root: '/', system: connection, session: null, run };
    const systemd = new Systemd(machine);
    const surroundings = { systemd, machine, contents: new Contents(directory, contentsLimit) };
    const open = async (on: 'system' | 'session') => {
        if (on === 'session') throw new ReeveError('Unavailable', 'Root has no session');
        return Connection.open(system);
    };
    const speak = (language: string) => {
        useCatalogue({ messages: {}, pluralForms: [] });
        useLocale(catalogues, { environment: { LANG: language === '' ? 'C' : language }, isolate: true });
    };
    const transactions = new Transactions(directory);
    const mechanism = new Mechanism({
        connection,
        surroundings,
        executor: new Executor({ open }),
        transactions,
        looked: { open, systemd, journal: journalAt({ kind: 'machine' }) },
        grants: new Grants(directory),
        speak,
    });
    await mechanism.tidy();

    const ended = Promise.withResolvers<undefined>();
    let timer = setTimeout(ended.resolve, idle, undefined);
    /** By caller and digest, whose change it is and what stops it. */
    const underWay = new Map<string, { uid: number; controller: AbortController; done: Promise<unknown> }>();

    /** A caller that leaves the bus stops its own change. */
    const follow = async <T>(digest: string, { sender, interactive }: Caller, body: (client: Client) => Promise<T>) => {
        if (!interactive) throw new ReeveError('NotAuthorized', 'The call does not allow a password dialog');
        const key = `${sender} ${digest}`;
        if (underWay.has(key)) throw new ReeveError('Busy', 'This change is being made');
        const controller = new AbortController();
        const { promise: done, resolve } = Promise.withResolvers<undefined>();
        // At once: what cancels it may be the next message.
        const own = { uid: -1, controller, done };
        underWay.set(key, own);
        clearTimeout(timer);
        try {
            const [{ UnixUserID: uid }] = credentials.parse(
                await connection.call({
                    ...bus,
                    member: 'GetConnectionCredentials',
                    signature: 's',
                    arguments: [sender],
                }),
            );
            const others = [...underWay.values()].filter(other => other.uid === uid);
            if (others.length >= changesLimit) throw new ReeveError('Busy', 'Too many changes at once');
            own.uid = uid;
            await using watches = new AsyncDisposableStack();
            watches.use(
                await connection.watchName(sender, owner => {
                    if (owner === null) controller.abort();
                }),
            );
            const progress = (line: string) => {
                const about = { path: mechanismPath, interface: mechanismName, member: 'Progress', signature: 'ss' };
                connection.emit({ ...about, body: [digest, line] }, sender);
            };
            return await body({ sender, uid, signal: controller.signal, progress });
        } finally {
            resolve(undefined);
            underWay.delete(key);
            if (underWay.size === 0) timer = setTimeout(ended.resolve, idle, undefined);
        }
    };

    const objects = new ExportedObjects(connection, mechanismPath);
    stack.use(
        objects.export<MechanismInterface>(mechanismPath, mechanismTable, {
            properties: () => ({ version: 1, Release: version }),
            methods: {
                Apply: (asked, caller) => follow(asked.digest, caller, client => mechanism.apply(asked, client)),
                Standing: (asked, caller) =>
                    follow(asked.digest, caller, async client => {
                        const { done, isUnsure } = await mechanism.standing(asked, client);
                        return { done, is_unsure: isUnsure };
                    }),
                Continue: (asked, caller) => follow(asked.digest, caller, client => mechanism.continue(asked, client)),
                Allow: (asked, caller) => follow(asked.digest, caller, client => mechanism.allow(asked, client)),
                Use: (asked, caller) => follow(asked.digest, caller, client => mechanism.use(asked, client)),
                Disallow: async ({ grant }, caller) => {
                    await follow(grant, caller, ({ uid }) => mechanism.disallow(grant, uid));
                },
                Cancel: ({ digest }, { sender }) => {
                    underWay.get(`${sender} ${digest}`)?.controller.abort();
                },
            },
        }),
    );
    await connection.requestName(mechanismName);
    signal?.addEventListener('abort', () => {
        ended.resolve(undefined);
    });
    await Promise.race([ended.promise, connection.closed]);
    // What was sent before the bus took the name back is here by the time that it answers; for what comes later it starts another.
    const released = connection.call({
        ...bus,
        member: 'ReleaseName',
        signature: 's',
        arguments: [mechanismName],
    });
    await released.catch(() => undefined);
    await Promise.all([...underWay.values()].map(({ done }) => done));
    clearTimeout(timer);
}

if (import.meta.main) {
    try {
        const stop = new AbortController();
        process.once('SIGTERM', () => {
            stop.abort();
        });
        await runMechanism({
            signal: stop.signal,
            system: 'system',
            directory: process.env.STATE_DIRECTORY ?? mechanismRecords,
            catalogues: join(import.meta.dirname, 'locale'),
        });
    } catch (error) {
        log('error', 'Cannot run', { reason: messageOf(error) });
        process.exitCode = 1;
    }
}
