import { PollClock } from '../../../service/sources/pollClock.ts';

describe('The clock of the regular polls', () => {
    const { signal } = new AbortController();
    let pause: number;
    let armed: number;
    let pollClock: PollClock;
    beforeEach(() => {
        jasmine.clock().install();
        pause = 900_000;
        armed = 0;
        pollClock = new PollClock(() => {
            armed += 1;
            return pause;
        });
    });
    afterEach(() => {
        pollClock[Symbol.dispose]();
        jasmine.clock().uninstall();
    });
    const settled = async () => {
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    };

    it('wakes all who wait at once, and those who came late with them', async () => {
        const woken: string[] = [];
        const wait = (name: string) => void pollClock.next(signal).then(() => woken.push(name));
        wait('first');
        jasmine.clock().tick(800_000);
        wait('late');
        await settled();
        expect(woken).toEqual([]);
        jasmine.clock().tick(100_000);
        await settled();
        expect(woken).toEqual(['first', 'late']);
        jasmine.clock().tick(900_000);
        wait('again');
        jasmine.clock().tick(899_999);
        await settled();
        expect(woken).toEqual(['first', 'late']);
        jasmine.clock().tick(1);
        await settled();
        expect(woken.at(-1)).toBe('again');
    });

    it('does not tick while nobody waits', async () => {
        const stop = new AbortController();
        const waited = pollClock.next(stop.signal);
        expect(pollClock.isAwaited).toBeTrue();
        stop.abort();
        await waited;
        expect(pollClock.isAwaited).toBeFalse();
        await pollClock.next(stop.signal);
        expect(armed).toBe(1);
        jasmine.clock().tick(899_999);
        let isWoken = false;
        void pollClock.next(signal).then(() => (isWoken = true));
        jasmine.clock().tick(1);
        await settled();
        expect([armed, isWoken]).toEqual([2, false]);
    });

    it('uses a new interval at once', async () => {
        const waited = pollClock.next(signal);
        pause = 5000;
        pollClock.reconsider();
        jasmine.clock().tick(5000);
        await waited;
        expect(pollClock.isAwaited).toBeFalse();
    });
});
