import { reduceLines } from '../../../service/text/similarLines.ts';

const lines = (...messages: string[]) =>
    messages.map((message, index) => ({ origin: 'web.service', message, time: 1000 * (index + 1) }));
const reduced = (...messages: string[]) =>
    reduceLines(lines(...messages)).map(({ message, count }) => [count, message]);

describe('reduceLines', () => {
    it('leaves a line that is alone as it is', () => {
        expect(reduced('worker 17 (0x7ffe) exited at 10.0.0.1:80')).toEqual([
            [1, 'worker 17 (0x7ffe) exited at 10.0.0.1:80'],
        ]);
    });

    it('tells lines that say the same once, with what the numbers range over', () => {
        expect(reduced('retry 1 of 7 failed', 'retry 2 of 7 failed', 'gave up', 'retry 3 of 7 failed')).toEqual([
            [3, 'retry {1…3} of 7 failed'],
            [1, 'gave up'],
        ]);
    });

    it('replaces what identifies only the single event', () => {
        expect(
            reduced(
                '2026-11-21T10:00:00+01:00 request 4f1c2d3e-0000-4000-8000-000000000001 took 1.5 ms',
                '2026-11-21T10:00:07+01:00 request 4f1c2d3e-0000-4000-8000-000000000002 took 12.25 ms',
            ),
        ).toEqual([[2, '{time} request {id} took {1.5…12.25} ms']]);
        expect(reduced('segfault at 7f00dead0000 ip 0x1', 'segfault at 7f00beef0000 ip 0x2')).toEqual([
            [2, 'segfault at {id} ip {id}'],
        ]);
    });

    it('names addresses while they are few', () => {
        expect(reduced('from 10.0.0.1 port 22', 'from 10.0.0.2 port 22')).toEqual([
            [2, 'from {10.0.0.1, 10.0.0.2} port 22'],
        ]);
        expect(reduced(...[1, 2, 3, 4, 5].map(n => `from 10.0.0.${n} port 22`))).toEqual([
            [5, 'from {address} port 22'],
        ]);
        expect(reduced('peer fe80::1 gone', 'peer fe80::2 gone')).toEqual([[2, 'peer {fe80::1, fe80::2} gone']]);
    });

    it('keeps the writers apart, and when each kind of line came first and last', () => {
        const [first, second] = reduceLines([
            { origin: 'a', message: 'x 1', time: 5 },
            { origin: 'b', message: 'x 2', time: 6 },
            { origin: 'a', message: 'x 3', time: null },
            { origin: 'a', message: 'x 4', time: 2 },
        ]);

        expect(first).toEqual({ origin: 'a', message: 'x {1…4}', count: 3, first: 2, last: 5 });
        expect(second).toEqual({ origin: 'b', message: 'x 2', count: 1, first: 6, last: 6 });
    });

    it('does not take words apart', () => {
        expect(reduced('usb2 nvme0n1 sda1 deadbeef added', 'usb3 nvme0n1 sda1 deadbeef added').length).toBe(2);
        expect(reduced('dead beef facade', 'dead beef facade')).toEqual([[2, 'dead beef facade']]);
    });

    it('keeps up with many lines of any kind', () => {
        const many = Array.from({ length: 10_000 }, (_value, n) => `x ${'1:'.repeat(50)} ${'ab'.repeat(40)} ${n}`);

        expect(reduced(...many).map(([count]) => count)).toEqual([10_000]);
    });
});
