import { Queue } from '../../../service/inference/queue.ts';

const never = new AbortController().signal;

/** Enters for each client in turn and notes who is let in, until nobody waits. */
async function orderOf(clients: readonly string[]): Promise<string[]> {
    const queue = new Queue(100);
    const order: string[] = [];
    const first = await queue.enter('first', never);
    const all = clients.map(async client => {
        using turn = await queue.enter(client.charAt(0), never);
        order.push(client);
        return turn;
    });
    first[Symbol.dispose]();
    await Promise.all(all);
    return order;
}

describe('The queue for a model', () => {
    it('lets clients take turns, and each in its own order', async () => {
        expect(await orderOf(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    });

    it('lets one in at a time', async () => {
        const queue = new Queue(10);
        const turn = await queue.enter('a', never);
        let isIn = false;
        const second = queue.enter('b', never).then(next => {
            isIn = true;
            return next;
        });
        await Promise.resolve();

        expect(isIn).toBeFalse();
        expect(queue.waiting).toBe(1);

        turn[Symbol.dispose]();
        turn[Symbol.dispose]();
        (await second)[Symbol.dispose]();

        expect(queue.isIdle).toBeTrue();
    });

    it('forgets who leaves, and says why they did', async () => {
        const queue = new Queue(10);
        const turn = await queue.enter('a', never);
        const leaving = new AbortController();
        const waiting = queue.enter('b', leaving.signal);
        const staying = queue.enter('b', never);

        leaving.abort(new Error('gone'));

        await expectAsync(waiting).toBeRejectedWithError('gone');
        turn[Symbol.dispose]();
        (await staying)[Symbol.dispose]();

        expect(queue.isIdle).toBeTrue();
    });

    it('turns away more than it has room for', async () => {
        const queue = new Queue(1);
        await queue.enter('a', never);
        const waiting = queue.enter('a', never);
        waiting.catch(() => undefined);

        await expectAsync(queue.enter('b', never)).toBeRejectedWith(jasmine.objectContaining({ problem: 'Busy' }));
    });
});
