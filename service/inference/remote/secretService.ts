import * as z from 'zod';
import { BusError, variant, type Connection } from '../../bus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import { InferenceError } from '../errors.ts';

/** The freedesktop.org Secret Service API, version 0.2: the desktop's keyring. */
const service = {
    destination: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
};
const noPrompt = '/';

const paths = z.array(z.string());
const found = z.tuple([paths, paths]);
const unlocked = z.tuple([paths, z.string()]);
/** Session, parameters, value, content type. */
const secrets = z.tuple([
    z.record(z.string(), z.tuple([z.string(), z.unknown(), z.instanceof(Uint8Array), z.string()])),
]);

/**
 * The secret with these attributes, as `secret-tool store` keeps it; null when there is none, or no keyring.
 *
 * It crosses the bus of the session unencrypted: whoever may listen there may ask the keyring as well.
 *
 * @throws InferenceError RemoteDenied when the keyring is locked and wants a password first
 */
export async function lookUpSecret(
    session: Connection,
    attributes: Readonly<Record<string, string>>,
): Promise<string | null> {
    try {
        const [free, locked] = found.parse(
            await session.call({ ...service, member: 'SearchItems', signature: 'a{ss}', arguments: [attributes] }),
        );
        const item = free[0] ?? (await unlock(session, locked));
        if (item === undefined) return null;
        const [, opened] = await session.call({
            ...service,
            member: 'OpenSession',
            signature: 'sv',
            arguments: ['plain', variant('s', '')],
        });
        const call = { ...service, member: 'GetSecrets', signature: 'aoo', arguments: [[item], opened] };
        const [values] = secrets.parse(await session.call(call));
        const value = values[item]?.[2];
        return value === undefined ? null : Buffer.from(value).toString('utf8');
    } catch (error) {
        const isAbsent =
            error instanceof BusError && /\.(?:ServiceUnknown|NameHasNoOwner|Spawn\.\w+)$/.test(error.errorName);
        if (isAbsent) return null;
        throw error;
    }
}

async function unlock(session: Connection, locked: readonly string[]): Promise<string | undefined> {
    if (locked.length === 0) return undefined;
    const call = { ...service, member: 'Unlock', signature: 'ao', arguments: [locked] };
    const [[item], prompt] = unlocked.parse(await session.call(call));
    if (item === undefined && prompt !== noPrompt)
        throw new InferenceError(
            'RemoteDenied',
            _('The keyring with the server’s key is locked. Unlock it, then ask again.'),
        );
    return item;
}
