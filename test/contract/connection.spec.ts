import { Connection, variant } from '../../service/dbus/connection.ts';
import { startPrivateBus, type PrivateBus } from '../support/privateBus.ts';
import { errorOf } from './live.ts';

const name = 'org.reevedesktop.Test';
const signal = { path: '/a/b', interface: 'org.reevedesktop.Test', member: 'Told', signature: 's' };

describe('A connection to a real bus', () => {
    let bus: PrivateBus;
    let one: Connection;
    let other: Connection;

    beforeEach(async () => {
        bus = await startPrivateBus();
        one = await Connection.open({ address: bus.address });
        other = await Connection.open({ address: bus.address });
    });

    afterEach(async () => {
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
        await bus.stop();
    });

    /** All that the bus sent to this connection before has been handled. */
    const barrier = (connection: Connection) => connection.nameOwner(name);

    it('knows who owns a name, and hears of every change', async () => {
        const owners: (string | null)[] = [];
        const gone = Promise.withResolvers<undefined>();
        const watch = await one.watchName(name, owner => {
            owners.push(owner);
            if (owners.length === 3) gone.resolve(undefined);
        });
        expect(owners).toEqual([null]);
        await other.requestName(name);
        await barrier(one);
        expect(owners).toEqual([null, other.uniqueName]);
        expect(await one.nameOwner(name)).toBe(other.uniqueName);
        await other[Symbol.asyncDispose]();
        await gone.promise;
        expect(owners).toEqual([null, other.uniqueName, null]);
        await watch[Symbol.asyncDispose]();
    });

    it('hears the signals of whoever owns a name at the time, and of nobody else', async () => {
        const heard: unknown[] = [];
        const subscription = await one.subscribe({ sender: name, interface: signal.interface }, ({ sender, body }) =>
            heard.push([sender, ...body]),
        );
        // A rule without a sender brings the impostor's signals to this connection as well.
        await one.subscribe({ interface: signal.interface }, () => undefined);
        other.emit({ ...signal, body: ['from an impostor'] });
        await barrier(other);
        await other.requestName(name);
        other.emit({ ...signal, body: ['from the owner'] });
        await barrier(other);
        await barrier(one);
        expect(heard).toEqual([[other.uniqueName, 'from the owner']]);
        await subscription[Symbol.asyncDispose]();
        other.emit({ ...signal, body: ['too late'] });
        await barrier(other);
        await barrier(one);
        expect(heard.length).toBe(1);
    });

    it('narrows signals down by path, member and first argument', async () => {
        const heard: string[] = [];
        const hear = (label: string) => () => heard.push(label);
        await one.subscribe({ interface: signal.interface, path: '/a' }, hear('path'));
        await one.subscribe({ interface: signal.interface, pathNamespace: '/a' }, hear('namespace'));
        await one.subscribe({ interface: signal.interface, pathNamespace: '/a/bc' }, hear('sibling'));
        await one.subscribe({ interface: signal.interface, member: 'Else' }, hear('member'));
        await one.subscribe({ interface: signal.interface, argument: 'x' }, hear('argument'));
        other.emit({ ...signal, body: ['x'] });
        await barrier(other);
        await barrier(one);
        expect(heard).toEqual(['namespace', 'argument']);
    });

    it('sends a signal to one alone', async () => {
        const heard: string[] = [];
        await one.subscribe({ interface: signal.interface }, () => heard.push('one'));
        await other.subscribe({ interface: signal.interface }, () => heard.push('other'));
        await using third = await Connection.open({ address: bus.address });
        third.emit({ ...signal, body: [''] }, one.uniqueName);
        await barrier(third);
        await barrier(one);
        await barrier(other);
        expect(heard).toEqual(['one']);
    });

    it('passes on the error that a service answers', async () => {
        const call = { destination: name, path: '/', interface: name, member: 'Any' };
        expect(await errorOf(one.call(call))).toBe('ServiceUnknown');
        expect(await errorOf(one.call({ ...call, destination: other.uniqueName }))).toBe('UnknownObject');
        await other.requestName(name);
        expect(await errorOf(one.requestName(name))).toBe('NameHasOwner');
    });

    it('gives plain values of what it reads', async () => {
        const [credentials] = await one.call({
            destination: 'org.freedesktop.DBus',
            path: '/org/freedesktop/DBus',
            interface: 'org.freedesktop.DBus',
            member: 'GetConnectionCredentials',
            signature: 's',
            arguments: [one.uniqueName],
        });
        expect((credentials as { ProcessID: number }).ProcessID).toBe(process.pid);
        const heard: unknown[] = [];
        await one.subscribe({ interface: signal.interface }, ({ body }) => heard.push(body[0]));
        const value = variant('a{sv}', { deep: variant('v', variant('at', [1, 2n ** 60n])) });
        other.emit({ ...signal, signature: 'v', body: [value] });
        await barrier(other);
        await barrier(one);
        expect(heard).toEqual([{ deep: [1, 2n ** 60n] }]);
    });

    it('survives the bus and says that it has gone', async () => {
        const waiting = errorOf(
            one.call({ destination: other.uniqueName, path: '/', interface: name, member: 'Never', timeout: Infinity }),
        );
        other.onCall = () => undefined;
        await barrier(one);
        await bus.stop();
        await Promise.all([one.closed, other.closed]);
        expect(await waiting).toBe('Disconnected');
        expect(await errorOf(one.nameOwner(name))).toBe('Disconnected');
    });
});
