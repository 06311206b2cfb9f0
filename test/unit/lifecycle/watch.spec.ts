import { Watch } from '../../../service/lifecycle/watch.ts';

const nextTurn = () => new Promise(resolve => setImmediate(resolve));

describe('Watching', () => {
    it('runs once however often it is started, and can be started again', async () => {
        const events: string[] = [];
        const watch = new Watch(async signal => {
            events.push('begins');
            await new Promise(resolve => {
                signal.addEventListener('abort', resolve);
            });
            events.push('ends');
        });
        watch.start();
        watch.start();
        await nextTurn();
        await watch.stop();
        await watch.stop();
        expect(events).toEqual(['begins', 'ends']);
        watch.start();
        await nextTurn();
        await watch.stop();
        expect(events).toEqual(['begins', 'ends', 'begins', 'ends']);
        watch.start();
        await watch.stop();
        expect(events.length).withContext('stopped before it had begun').toBe(4);
    });

    it('never overlaps with the run before it', async () => {
        let running = 0;
        let most = 0;
        const watch = new Watch(async signal => {
            running += 1;
            most = Math.max(most, running);
            await new Promise(resolve => {
                signal.addEventListener('abort', resolve);
            });
            await nextTurn();
            running -= 1;
        });
        watch.start();
        await nextTurn();
        void watch.stop();
        watch.start();
        await nextTurn();
        await nextTurn();
        await watch.stop();
        expect([most, running]).toEqual([1, 0]);
    });
});
