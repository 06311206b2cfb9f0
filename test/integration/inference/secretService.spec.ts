import { Connection, variant } from '../../../service/bus/connection.ts';
import { lookUpSecret } from '../../../service/inference/remote/secretService.ts';
import { startPrivateBus } from '../../support/privateBus.ts';

const attributes = { application: 'reeve', server: 'http://127.0.0.1:8080/v1' };

type Item = { path: string; isLocked: boolean; secret: string };

/** A keyring that speaks the Secret Service API as far as a look-up needs it, and asks nobody for a password. */
async function openKeyring(items: readonly Item[]) {
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await startPrivateBus());
    const keyring = stack.use(await Connection.open({ address: bus.address }));
    const calls: string[] = [];
    keyring.onCall = call => {
        calls.push(call.member ?? '');
        const paths = (isLocked: boolean) => items.filter(item => item.isLocked === isLocked).map(({ path }) => path);
        switch (call.member ?? '') {
            case 'SearchItems':
                keyring.reply(call, 'aoao', [paths(false), paths(true)]);
                break;
            case 'Unlock':
                keyring.reply(call, 'aoo', [[], '/org/freedesktop/secrets/prompt/1']);
                break;
            case 'OpenSession':
                keyring.reply(call, 'vo', [variant('s', ''), '/org/freedesktop/secrets/session/1']);
                break;
            case 'GetSecrets': {
                const [item] = items;
                const secret = [call.body[1], Buffer.alloc(0), Buffer.from(item?.secret ?? ''), 'text/plain'];
                keyring.reply(call, 'a{o(oayays)}', [{ [item?.path ?? '/']: secret }]);
                break;
            }
        }
    };
    await keyring.requestName('org.freedesktop.secrets');
    const session = stack.use(await Connection.open({ address: bus.address }));
    const everything = stack.move();
    return { session, calls, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

describe('The key of a server', () => {
    const path = '/org/freedesktop/secrets/collection/login/1';

    it('comes from the keyring', async () => {
        await using keyring = await openKeyring([{ path, isLocked: false, secret: 's3cret ✓' }]);

        expect(await lookUpSecret(keyring.session, attributes)).toBe('s3cret ✓');
    });

    it('is none where the keyring has none', async () => {
        await using keyring = await openKeyring([]);

        expect(await lookUpSecret(keyring.session, attributes)).toBeNull();
        expect(keyring.calls).toEqual(['SearchItems']);
    });

    it('is none where there is no keyring', async () => {
        await using bus = await startPrivateBus();
        await using session = await Connection.open({ address: bus.address });

        expect(await lookUpSecret(session, attributes)).toBeNull();
    });

    it('in a locked keyring is said to be so, without asking for a password', async () => {
        await using keyring = await openKeyring([{ path, isLocked: true, secret: 'x' }]);

        await expectAsync(lookUpSecret(keyring.session, attributes)).toBeRejectedWith(
            jasmine.objectContaining({ problem: 'RemoteDenied' }),
        );
    });
});
