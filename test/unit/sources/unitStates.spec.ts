import { EventEmitter, once } from 'node:events';

import type { Connection } from '../../../service/dbus/connection.ts';
import type { SystemBus } from '../../../service/dbus/systemBus.ts';
import { UnitStates } from '../../../service/sources/unitStates.ts';
import type { UnitStatesHandler } from '../../../service/sources/unitStates.ts';
import type { Systemd } from '../../../service/machine/units/systemd.ts';

type Signals = Parameters<Systemd['watchAll']>[1];

/** A connection that ends when the test says so. */
class EndingConnection {
    readonly #end = Promise.withResolvers<undefined>();
    readonly closed: Promise<unknown> = this.#end.promise;

    end(): void {
        this.#end.resolve(undefined);
    }
}

class LosableBus extends EventEmitter {
    connection: EndingConnection | null;

    constructor(connection: EndingConnection | null) {
        super();
        this.connection = connection;
    }
}

describe('UnitStates', () => {
    let signals: Signals | undefined;
    let watching: number;
    let refusal: Error | undefined;
    let told: string[];
    let stop: AbortController;
    const systemd = {
        watchAll: (_scope: string, given: Signals) => {
            if (refusal !== undefined) return Promise.reject(refusal);
            signals = given;
            watching += 1;
            return Promise.resolve({
                [Symbol.asyncDispose]: () => {
                    watching -= 1;
                    return Promise.resolve();
                },
            });
        },
    } as unknown as Systemd;
    const handler: UnitStatesHandler = {
        connected: () => told.push('connected'),
        state: ({ name, activeState }) => told.push(`${name} ${activeState}`),
        jobEnded: (unit, result) => told.push(`${unit} ${result}`),
    };
    /** Resolves once the source is in `state`. */
    async function until(source: UnitStates, state: string): Promise<void> {
        while (source.status.state !== state) await once(source, 'status');
    }

    beforeEach(() => {
        signals = undefined;
        refusal = undefined;
        watching = 0;
        told = [];
        stop = new AbortController();
    });

    it('says how long a new state took to be reported, and nothing of an old one', async () => {
        const bus = new EndingConnection();
        const source = new UnitStates({ scope: 'user', systemd, bus: bus as unknown as Connection });
        const running = source.run(handler, stop.signal);
        await source.whenSettled();
        const unit = { name: 'a.service', activeState: 'active', subState: 'running' };
        signals?.state(unit, 0);
        signals?.state(unit, (Date.now() - 60_000) * 1000);
        expect(source.status.lag).toBeUndefined();
        // A state with a time in the future was reported at once.
        signals?.state(unit, (Date.now() + 60_000) * 1000);
        expect(source.status.lag).toBe(0);
        // Nor does a clock that was ahead for a while end the measuring.
        source.status.lag = 7;
        signals?.state(unit, (Date.now() + 30_000) * 1000);
        expect(source.status.lag).toBe(0);
        stop.abort();
        await running;
    });

    it('hands on what the manager reports, and lets go when it is stopped', async () => {
        const bus = new EndingConnection();
        const source = new UnitStates({ scope: 'user', systemd, bus: bus as unknown as Connection });
        const running = source.run(handler, stop.signal);
        await source.whenSettled();
        expect(source.status).toEqual(jasmine.objectContaining({ name: 'systemd-user', state: 'watching' }));
        signals?.state({ name: 'a.service', activeState: 'failed', subState: 'failed' }, 0);
        signals?.jobEnded('b.service', 'dependency');
        expect(told).toEqual(['connected', 'a.service failed', 'b.service dependency']);
        expect(source.status.events).toBe(2);
        stop.abort();
        await running;
        expect([watching, source.status.state]).toEqual([0, 'off']);
    });

    it('follows the manager again on the next connection to the system bus', async () => {
        const first = new EndingConnection();
        const bus = new LosableBus(first);
        const source = new UnitStates({ scope: 'system', systemd, bus: bus as unknown as SystemBus });
        const running = source.run(handler, stop.signal);
        await until(source, 'watching');
        bus.connection = null;
        first.end();
        await until(source, 'waiting');
        expect(watching).toBe(0);
        const second = new EndingConnection();
        bus.connection = second;
        bus.emit('connected', second);
        await until(source, 'watching');
        expect(told).toEqual(['connected', 'connected']);
        stop.abort();
        await running;
        expect(watching).toBe(0);
    });

    it('does not speak of a broken connection where there never was one, and takes one that appears', async () => {
        const bus = new LosableBus(null);
        const source = new UnitStates({ scope: 'system', systemd, bus: bus as unknown as SystemBus });
        const running = source.run(handler, stop.signal);
        await source.whenSettled();
        expect(source.status).toEqual(
            jasmine.objectContaining({ state: 'unavailable', detail: 'There is no message bus for it' }),
        );
        const connection = new EndingConnection();
        bus.connection = connection;
        bus.emit('connected', connection);
        await until(source, 'watching');
        stop.abort();
        await running;
    });

    it('says when there is no bus, or no manager on it', async () => {
        const none = new UnitStates({ scope: 'system', systemd, bus: null });
        const running = none.run(handler, stop.signal);
        await none.whenSettled();
        expect(none.status.state).toBe('unavailable');
        refusal = new Error('org.freedesktop.systemd1 was not provided');
        const empty = new UnitStates({ scope: 'user', systemd, bus: new EndingConnection() as unknown as Connection });
        const alsoRunning = empty.run(handler, stop.signal);
        await empty.whenSettled();
        expect(empty.status).toEqual(
            jasmine.objectContaining({ state: 'unavailable', detail: 'org.freedesktop.systemd1 was not provided' }),
        );
        stop.abort();
        await Promise.all([running, alsoRunning]);
        expect(told).toEqual([]);
    });
});
