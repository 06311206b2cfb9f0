import { Connection, variant } from '../../../service/dbus/connection.ts';
import { forgetSecret, hasSecret, keepSecret, lookUpSecret } from '../../../service/inference/remote/secretService.ts';
import { startPrivateBus } from '../../support/privateBus.ts';

const attributes = { application: 'reeve', server: 'http://127.0.0.1:8080/v1' };

type Item = { path: string; isLocked: boolean; secret: string };
type KeyringOptions = {
    /** null where there is none yet. */
    collection?: string | null;
    /** What its user does when it asks for a password. */
    answer?: 'gives it' | 'dismisses it';
};

const prompt = '/org/freedesktop/secrets/prompt/1';
const login = '/org/freedesktop/secrets/collection/login';

/** A keyring that speaks the Secret Service API as far as Reeve needs it. Whatever changes it wants a password first. */
async function openKeyring(items: readonly Item[], { collection = login, answer = 'gives it' }: KeyringOptions = {}) {
    await using stack = new AsyncDisposableStack();
    const bus = stack.use(await startPrivateBus());
    const keyring = stack.use(await Connection.open({ address: bus.address }));
    const calls: string[] = [];
    const kept = items.map(item => ({ ...item }));
    /** What a prompt is for. */
    let pending: () => unknown = () => '';
    const later = (work: () => unknown) => {
        pending = work;
        return prompt;
    };
    const keep = (secret: unknown) => {
        const path = `${login}/${kept.length + 1}`;
        kept.push({ path, isLocked: false, secret: textOf(secret) });
        return variant('o', path);
    };
    keyring.onCall = call => {
        const { member = '', body, path = '' } = call;
        calls.push(member);
        const paths = (isLocked: boolean) => kept.filter(item => item.isLocked === isLocked).map(item => item.path);
        switch (member) {
            case 'SearchItems':
                keyring.reply(call, 'aoao', [paths(false), paths(true)]);
                break;
            case 'Unlock': {
                const wanted = body[0] as string[];
                const locked = kept.filter(item => item.isLocked && wanted.includes(item.path));
                const unlock = () => {
                    for (const item of locked) item.isLocked = false;
                    return variant('ao', wanted);
                };
                keyring.reply(call, 'aoo', locked.length === 0 ? [wanted, '/'] : [[], later(unlock)]);
                break;
            }
            case 'OpenSession':
                keyring.reply(call, 'vo', [variant('s', ''), '/org/freedesktop/secrets/session/1']);
                break;
            case 'GetSecrets': {
                const [item] = kept;
                const secret = [body[1], Buffer.alloc(0), Buffer.from(item?.secret ?? ''), 'text/plain'];
                keyring.reply(call, 'a{o(oayays)}', [{ [item?.path ?? '/']: secret }]);
                break;
            }
            case 'ReadAlias':
                keyring.reply(call, 'o', [collection ?? '/']);
                break;
            case 'CreateCollection':
                keyring.reply(call, 'oo', ['/', later(() => variant('o', login))]);
                break;
            case 'CreateItem':
                keyring.reply(call, 'oo', ['/', later(() => keep(body[1]))]);
                break;
            case 'SetSecret':
                for (const item of kept) if (item.path === path) item.secret = textOf(body[0]);
                keyring.reply(call, '', []);
                break;
            case 'Delete': {
                const remove = () => {
                    kept.splice(
                        kept.findIndex(item => item.path === path),
                        1,
                    );
                    return variant('s', '');
                };
                keyring.reply(call, 'o', [later(remove)]);
                break;
            }
            case 'Prompt': {
                keyring.reply(call, '', []);
                const isDismissed = answer === 'dismisses it';
                const completed = { path, interface: 'org.freedesktop.Secret.Prompt', member: 'Completed' };
                const result = isDismissed ? variant('s', '') : pending();
                keyring.emit({ ...completed, signature: 'bv', body: [isDismissed, result] });
                break;
            }
        }
    };
    await keyring.requestName('org.freedesktop.secrets');
    const session = stack.use(await Connection.open({ address: bus.address }));
    const everything = stack.move();
    return { session, calls, kept, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** Of (oayays), as the API has it. */
function textOf(secret: unknown): string {
    const [, , value] = secret as [string, Uint8Array, Uint8Array, string];
    return Buffer.from(value).toString('utf8');
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

    const other = { label: 'Reeve', text: 'other' };

    it('is kept, where there is no keyring to keep it in yet too, and found again', async () => {
        for (const collection of [login, null]) {
            await using keyring = await openKeyring([], { collection });
            expect(await hasSecret(keyring.session, attributes)).toBeFalse();

            await keepSecret(keyring.session, attributes, other);

            expect(await hasSecret(keyring.session, attributes)).toBeTrue();
            expect(await lookUpSecret(keyring.session, attributes)).toBe('other');
        }
    });

    it('takes the place of the one before, once the keyring is unlocked', async () => {
        await using keyring = await openKeyring([{ path, isLocked: true, secret: 'x' }]);

        await keepSecret(keyring.session, attributes, other);

        expect(keyring.kept).toEqual([{ path, isLocked: false, secret: 'other' }]);
    });

    it('is forgotten, and all that there are of it', async () => {
        await using keyring = await openKeyring([
            { path, isLocked: false, secret: 'x' },
            { path: `${path}2`, isLocked: true, secret: 'y' },
        ]);

        await forgetSecret(keyring.session, attributes);

        expect(keyring.kept).toEqual([]);
        expect(await hasSecret(keyring.session, attributes)).toBeFalse();
    });

    it('stays as it was when nobody gives the password', async () => {
        await using keyring = await openKeyring([{ path, isLocked: true, secret: 'x' }], { answer: 'dismisses it' });

        const dismissed = jasmine.objectContaining({ code: 'Cancelled' });
        await expectAsync(keepSecret(keyring.session, attributes, other)).toBeRejectedWith(dismissed);
        await expectAsync(forgetSecret(keyring.session, attributes)).toBeRejectedWith(dismissed);
        expect(keyring.kept).toEqual([{ path, isLocked: true, secret: 'x' }]);
    });

    it('can be kept nowhere without a keyring, and that is said', async () => {
        await using bus = await startPrivateBus();
        await using session = await Connection.open({ address: bus.address });

        expect(await hasSecret(session, attributes)).toBeNull();
        await expectAsync(keepSecret(session, attributes, other)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'Unavailable' }),
        );
    });
});
