import type { Usage } from '../../../service/usage/reading.ts';
import { ask, now } from './asking.ts';

const hour = 3_600_000_000;

/** Measured every hour of the last two days; the oldest first. */
function usageOf(change: (hoursAgo: number) => Partial<Usage>) {
    const all = Array.from({ length: 48 }, (_, index): Usage => {
        const hoursAgo = 48 - index;
        return {
            ...{ start: now - hoursAgo * hour, seconds: 3600, processor: 0.1, memory: 0.5, swap: null, network: 0 },
            ...{ celsius: 50, battery: null, drained: 0, waits: { processor: 0, memory: 0, disk: 0 } },
            programs: [{ owner: { kind: 'process', name: 'gnome-shell' }, share: 0.1 }],
            ...change(hoursAgo),
        };
    });
    return {
        between: (since: number, until: number) =>
            Promise.resolve(all.filter(one => one.start + one.seconds * 1_000_000 > since && one.start < until)),
    };
}
const builder: Usage['programs'] = [{ owner: { kind: 'process', name: 'builder' }, share: 1.5 }];
const first = (text: string) => text.split('\n')[0];

describe('An answer about what was', () => {
    it('says what made the computer slow, when, and which programs were busy then', async () => {
        const usage = usageOf(hoursAgo =>
            hoursAgo === 20
                ? { waits: { processor: 0.02, memory: 0, disk: 0.6 }, processor: 0.9, programs: builder }
                : {},
        );
        const { text, topic, evidence } = await ask('why was it slow yesterday', { usage });
        expect(topic).toBe('slow-before');
        expect(first(text)).toMatch(
            /^A disk was the bottleneck: programs waited for it [2-5]\s?% of the time, and at worst 60\s?% of it, 19 hours ago \(/,
        );
        expect(text).toMatch(/The processor was 1\d\s?% busy on average, and at most 90\s?%/);
        expect(text).toContain('`builder`: 150');
        expect(evidence.some(({ message }) => /^\d+ measurements, 2026-11-/.test(message))).toBeTrue();
        const today = await ask('why was it slow today', { usage });
        expect(first(today.text)).toContain('Nothing slowed this computer down in that time');
    });

    it('finds the processor by how busy it was where the kernel counts no waiting', async () => {
        const usage = usageOf(hoursAgo => ({
            waits: { processor: null, memory: null, disk: null },
            processor: hoursAgo === 2 ? 0.97 : 0.1,
        }));
        expect(first((await ask('why was it slow', { usage })).text)).toMatch(
            /^The processor was the bottleneck: 97\s?% of it was in use 1\d* hours? ago/,
        );
    });

    it('says how full memory was', async () => {
        const usage = usageOf(hoursAgo => (hoursAgo === 3 ? { memory: 0.8 } : {}));
        const enough = await ask('how was memory today', { usage });
        expect(first(enough.text)).toMatch(
            /^There was enough memory: at most 80\s?% of it was in use, .*; on average 5\d\s?%/,
        );
        const short = usageOf(hoursAgo => ({ waits: { processor: 0, memory: hoursAgo === 3 ? 0.6 : 0.3, disk: 0 } }));
        expect((await ask('how was memory today', { usage: short })).text).toMatch(
            /^Memory was short:[^]*Programs waited for memory 3\d\s?% of the time, and at worst 60\s?% of it/,
        );
    });

    it('says when it was hottest, in the language of the question', async () => {
        const usage = usageOf(hoursAgo => (hoursAgo === 5 ? { celsius: 91, programs: builder } : {}));
        const { text } = await ask('when did it get hot', { usage });
        expect(text).toMatch(/^It was hottest 4 hours ago .*: 91\s?°C\.[^]*builder/);
        const cool = await ask('when did it get hot', { usage: usageOf(() => ({})) });
        expect(cool.text).toMatch(/^It did not get hot in that time: the hottest was 50\s?°C/);
    });

    it('says what the battery lost, and which program was busiest meanwhile', async () => {
        const usage = usageOf(hoursAgo =>
            hoursAgo < 4 ? { battery: 1 - 0.1 * (4 - hoursAgo), drained: 0.1, programs: builder } : { battery: 1 },
        );
        const { text } = await ask('what used my battery', { usage });
        expect(first(text)).toMatch(
            /^The battery lost 30\s?% in 3 hours\. Meanwhile, `builder` kept the processor busiest\.$/,
        );
        expect((await ask('what used my battery', { usage: usageOf(() => ({})) })).text).toBe(
            'This computer has no battery.\n',
        );
        const full = await ask('what used my battery', { usage: usageOf(() => ({ battery: 1 })) });
        expect(first(full.text)).toBe('The battery was not used in that time.');
    });

    it('says that nothing was measured', async () => {
        const usage = usageOf(() => ({ start: 0 }));
        expect((await ask('why was it slow', { usage })).text).toContain('Nothing was measured in that time');
        expect((await ask('when did it get hot')).text).toBe('Reeve does not measure this computer here.\n');
        const off = { ...usage, isEnabled: false };
        for (const question of ['why was it slow', 'how was memory today', 'when did it get hot'])
            expect((await ask(question, { usage: off })).text).toMatch(
                /^Reeve does not measure what .* turned off\.\n$/,
            );
    });

    it('says that there is no sensor, not that nothing was measured', async () => {
        const usage = usageOf(() => ({ celsius: null }));
        const { text, evidence } = await ask('when did it get hot', { usage });
        expect(text).toBe('No temperature sensor can be read (/sys/class/hwmon).\n');
        expect(evidence.map(({ origin }) => origin)).toEqual(['reeved']);
    });
});

describe('A figure of an answer', () => {
    it('has the time that is asked for, with gaps where nothing was measured, and the same in words', async () => {
        const usage = usageOf(hoursAgo => (hoursAgo === 2 ? { memory: 0.9 } : hoursAgo === 5 ? { memory: null } : {}));
        const { figures } = await ask('how was memory today', { usage });
        expect(figures).toEqual([
            jasmine.objectContaining({ kind: 'line', title: 'Memory', begin: '12:00 AM', end: '12:00 PM' }),
        ]);
        const [line] = figures;
        if (line?.kind !== 'line') throw new Error('no line');
        expect(line.text).toMatch(/^From 50\s?% to 90\s?%$/);
        expect([line.shares.at(-7), line.shares.includes(null), line.shares.length]).toEqual([0.9, true, 48]);
    });

    it('shows how full memory is', async () => {
        const { figures } = await ask('how much memory is free');
        expect(figures.map(({ kind, title }) => [kind, title])).toEqual([['bars', 'In use']]);
        expect(figures[0]?.text).toMatch(/^Memory: .* of .*/);
    });

    it('is not drawn of a single measurement', async () => {
        const usage = usageOf(hoursAgo => (hoursAgo === 2 ? {} : { celsius: null }));
        const short = {
            between: async () =>
                (await usage.between(now - 2 * hour, now - 1.9 * hour)).map(one => ({ ...one, seconds: 60 })),
        };
        expect((await ask('when did it get hot', { usage: short })).figures).toEqual([]);
    });
});
