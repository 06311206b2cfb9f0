import { recordedMachine } from '../../support/recordedMachine.ts';
import { assistantFor } from './asking.ts';
import type { Situation } from './asking.ts';

const cancelled = new Error('cancelled by the user');

/** Asks, cancels once `reached` says so (by default when the first piece is there), and expects the end of it. */
async function expectCancelled(question: string, situation: Situation, reached?: Promise<void>): Promise<void> {
    const controller = new AbortController();
    const answer = assistantFor(situation).answer(question, { signal: controller.signal });
    const first = Promise.withResolvers<undefined>();
    const reading = (async () => {
        while ((await answer.next()).done !== true) first.resolve(undefined);
    })();
    await (reached ?? first.promise);
    controller.abort(cancelled);
    await expectAsync(reading).toBeRejectedWith(cancelled);
    expect((await answer.next()).done).toBeTrue();
}

/** A promise for the moment at which something is called that never answers. */
function hanging(): { called: Promise<void>; call: () => Promise<never> } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    return {
        called: promise.then(() => undefined),
        call: () => {
            resolve(undefined);
            return new Promise<never>(() => undefined);
        },
    };
}

describe('An answer that is cancelled', () => {
    it('ends before it has begun', async () => {
        await expectCancelled('what is using memory?', {}, Promise.resolve());
    });

    it('ends while the processors are being measured', async () => {
        await expectCancelled('what is using the cpu?', {});
    });

    it('ends though the bus does not answer', async () => {
        const { called, call } = hanging();
        const machine = { ...recordedMachine(), system: { call, nameOwner: () => Promise.resolve(':1.1') } };
        await expectCancelled('is the network up?', { machine }, called);
    });

    it('ends though a program does not end', async () => {
        const { called, call } = hanging();
        await expectCancelled('is the network up?', { machine: { ...recordedMachine(), run: call } }, called);
    });

    it('ends though systemd does not answer, even while the unit is still looked for', async () => {
        const { called, call } = hanging();
        const systemd = { isReachable: () => true, list: call, listFiles: call, unit: call };
        await expectCancelled('is ssh running?', { systemd }, called);
    });

    it('ends though the journal does not answer', async () => {
        const { called, call } = hanging();
        const journal = { query: call, access: () => Promise.resolve('system' as const) };
        await expectCancelled('what crashed last?', { journal }, called);
    });

    it('leaves no listener on the signal behind when it is not cancelled', async () => {
        const { signal } = new AbortController();
        let listeners = 0;
        const add = signal.addEventListener.bind(signal);
        const remove = signal.removeEventListener.bind(signal);
        spyOn(signal, 'addEventListener').and.callFake((...args: Parameters<typeof add>) => {
            listeners += 1;
            add(...args);
        });
        spyOn(signal, 'removeEventListener').and.callFake((...args: Parameters<typeof remove>) => {
            listeners -= 1;
            remove(...args);
        });
        const answer = assistantFor().answer('battery', { signal });
        while ((await answer.next()).done !== true);
        expect(listeners).toBe(0);
    });
});
