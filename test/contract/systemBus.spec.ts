import { once } from 'node:events';
import { SystemBus } from '../../service/dbus/systemBus.ts';
import { startPrivateBus } from '../support/privateBus.ts';

describe('The connection to the system bus', () => {
    it('says when it is there, when it is lost, and ends when it is told to', async () => {
        await using bus = await startPrivateBus();
        const systemBus = new SystemBus({ address: bus.address });
        const abort = new AbortController();
        const running = systemBus.run(abort.signal);
        await systemBus.tried;
        expect(systemBus.connection?.uniqueName).toMatch(/^:/);
        const lost = once(systemBus, 'lost');
        await bus.stop();
        await lost;
        expect(systemBus.connection).toBeNull();
        abort.abort();
        await running;
    });

    it('is opened again after a while', async () => {
        await using bus = await startPrivateBus();
        const systemBus = new SystemBus({ address: `unix:path=/nonexistent;${bus.address}` });
        const abort = new AbortController();
        const running = systemBus.run(abort.signal);
        await systemBus.tried;
        const first = systemBus.connection;
        const again = once(systemBus, 'connected');
        await first?.[Symbol.asyncDispose]();
        await again;
        expect(systemBus.connection).not.toBe(first);
        abort.abort();
        await running;
        expect(systemBus.connection).toBeNull();
    });

    it('is missed from the start where there is none', async () => {
        const systemBus = new SystemBus({ address: 'unix:path=/nonexistent/bus' });
        const abort = new AbortController();
        const running = systemBus.run(abort.signal);
        await systemBus.tried;
        expect(systemBus.connection).toBeNull();
        abort.abort();
        await running;
    });
});
