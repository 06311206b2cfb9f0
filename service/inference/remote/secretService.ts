import * as z from 'zod';
import { BusError, variant, type Connection } from '../../dbus/connection.ts';
import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { InferenceError } from '../errors.ts';

/**
 * The freedesktop.org Secret Service API, version 0.2: the desktop's keyring.
 *
 * Secrets cross the session bus unencrypted: a program that may listen there may ask the keyring as well.
 */
const destination = 'org.freedesktop.secrets';
const service = { destination, path: '/org/freedesktop/secrets', interface: 'org.freedesktop.Secret.Service' };
/** Stands for none: no object, or no prompt that is needed. */
const none = '/';
/** Milliseconds for a person to type the password of the keyring. */
const promptPatience = 300_000;

const path = z.string();
const found = z.tuple([z.array(path), z.array(path)]);
const unlocked = z.tuple([z.array(path), path]);
const made = z.tuple([path, path]);
/** Session, parameters, value, content type. */
const secrets = z.tuple([
    z.record(z.string(), z.tuple([z.string(), z.unknown(), z.instanceof(Uint8Array), z.string()])),
]);

type Attributes = Readonly<Record<string, string>>;

/**
 * The secret with these attributes, as `secret-tool store` keeps it; null when there is none, or no keyring.
 *
 * @throws InferenceError RemoteDenied when the keyring is locked and wants a password first
 */
export async function lookUpSecret(session: Connection, attributes: Attributes): Promise<string | null> {
    try {
        const { free, locked } = await search(session, attributes);
        const item = free[0] ?? (await unlockQuietly(session, locked));
        if (item === undefined) return null;
        const arguments_ = [[item], await openSession(session)];
        const call = { ...service, member: 'GetSecrets', signature: 'aoo', arguments: arguments_ };
        const [values] = secrets.parse(await session.call(call));
        const value = values[item]?.[2];
        return value === undefined ? null : Buffer.from(value).toString('utf8');
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** Whether there is a secret with these attributes, also in a locked keyring; null where there is no keyring. */
export async function hasSecret(session: Connection, attributes: Attributes): Promise<boolean | null> {
    try {
        const { free, locked } = await search(session, attributes);
        return free.length + locked.length > 0;
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/**
 * Keeps a secret in the place of the one with these attributes, or as a new one. Asks for the keyring's password where it must.
 *
 * @param secret.label what the keyring's own programs call it
 * @throws ReeveError Unavailable without a keyring, Cancelled when nobody gave its password
 */
export async function keepSecret(
    session: Connection,
    attributes: Attributes,
    secret: { label: string; text: string },
): Promise<void> {
    await explained(async () => {
        const { free, locked } = await search(session, attributes);
        const kept = free[0] ?? (await unlock(session, locked.slice(0, 1)))[0];
        const value = [await openSession(session), Buffer.alloc(0), Buffer.from(secret.text), 'text/plain'];
        if (kept !== undefined) {
            const item = { destination, path: kept, interface: 'org.freedesktop.Secret.Item' };
            await session.call({ ...item, member: 'SetSecret', signature: '(oayays)', arguments: [value] });
            return;
        }
        const collection = await usualCollection(session);
        const properties = {
            'org.freedesktop.Secret.Item.Label': variant('s', secret.label),
            'org.freedesktop.Secret.Item.Attributes': variant('a{ss}', attributes),
        };
        const call = {
            ...{ destination, path: collection, interface: 'org.freedesktop.Secret.Collection' },
            ...{ member: 'CreateItem', signature: 'a{sv}(oayays)b', arguments: [properties, value, true] },
        };
        const [, prompt] = made.parse(await session.call(call));
        await answered(session, prompt);
    });
}

/**
 * Deletes all secrets with these attributes.
 *
 * @throws as keepSecret
 */
export async function forgetSecret(session: Connection, attributes: Attributes): Promise<void> {
    await explained(async () => {
        const { free, locked } = await search(session, attributes);
        for (const item of [...free, ...(await unlock(session, locked))]) {
            const call = { destination, path: item, interface: 'org.freedesktop.Secret.Item', member: 'Delete' };
            const [prompt] = z.tuple([path]).parse(await session.call(call));
            await answered(session, prompt);
        }
    });
}

async function search(session: Connection, attributes: Attributes): Promise<{ free: string[]; locked: string[] }> {
    const call = { ...service, member: 'SearchItems', signature: 'a{ss}', arguments: [attributes] };
    const [free, locked] = found.parse(await session.call(call));
    return { free, locked };
}

async function openSession(session: Connection): Promise<string> {
    const call = { ...service, member: 'OpenSession', signature: 'sv', arguments: ['plain', variant('s', '')] };
    return z.tuple([z.unknown(), path]).parse(await session.call(call))[1];
}

async function unlockQuietly(session: Connection, locked: readonly string[]): Promise<string | undefined> {
    if (locked.length === 0) return undefined;
    const call = { ...service, member: 'Unlock', signature: 'ao', arguments: [locked] };
    const [[item], prompt] = unlocked.parse(await session.call(call));
    if (item === undefined && prompt !== none)
        throw new InferenceError(
            'RemoteDenied',
            _('The keyring with the server’s key is locked. Unlock it, then ask again.'),
        );
    return item;
}

async function unlock(session: Connection, locked: readonly string[]): Promise<readonly string[]> {
    if (locked.length === 0) return [];
    const call = { ...service, member: 'Unlock', signature: 'ao', arguments: [locked] };
    const [, prompt] = unlocked.parse(await session.call(call));
    await answered(session, prompt);
    return locked;
}

/** The keyring's default collection, for programs that name none; created when it is missing. */
async function usualCollection(session: Connection): Promise<string> {
    const alias = { ...service, member: 'ReadAlias', signature: 's', arguments: ['default'] };
    const [known] = z.tuple([path]).parse(await session.call(alias));
    if (known !== none) {
        await unlock(session, [known]);
        return known;
    }
    const properties = { 'org.freedesktop.Secret.Collection.Label': variant('s', _('Passwords')) };
    const call = { ...service, member: 'CreateCollection', signature: 'a{sv}s', arguments: [properties, 'default'] };
    const [collection, prompt] = made.parse(await session.call(call));
    return collection === none ? z.string().parse(await answered(session, prompt)) : collection;
}

/** Lets the keyring prompt its user where necessary, and waits for the answer. */
async function answered(session: Connection, prompt: string): Promise<unknown> {
    if (prompt === none) return undefined;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const refuse = () => {
        reject(new ReeveError('Cancelled', _('The keyring stays locked. Nothing was changed.')));
    };
    const about = { path: prompt, interface: 'org.freedesktop.Secret.Prompt' };
    await using stack = new AsyncDisposableStack();
    stack.use(
        await session.subscribe(
            { sender: destination, ...about, member: 'Completed' },
            ({ body: [isDismissed, result] }) => {
                if (isDismissed === true) refuse();
                else resolve(result);
            },
        ),
    );
    const timer = setTimeout(refuse, promptPatience);
    try {
        await session.call({ destination, ...about, member: 'Prompt', signature: 's', arguments: [''] });
        return await promise;
    } finally {
        clearTimeout(timer);
    }
}

async function explained(work: () => Promise<void>): Promise<void> {
    try {
        await work();
    } catch (error) {
        if (isAbsence(error)) throw new ReeveError('Unavailable', _('There is no keyring to store a key in.'));
        throw error;
    }
}

function isAbsence(error: unknown): boolean {
    return error instanceof BusError && /\.(?:ServiceUnknown|NameHasNoOwner|Spawn\.\w+)$/.test(error.errorName);
}
