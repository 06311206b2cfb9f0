import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Machine } from '../../../service/machine/machine.ts';
import { PollClock } from '../../../service/sources/pollClock.ts';
import { Database } from '../../../service/store/database.ts';
import type { Usage } from '../../../service/usage/reading.ts';
import { UsageHistory } from '../../../service/usage/usageHistory.ts';

const minute = 60_000_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 1) * 1000;

const quarterOfAnHour = (at: number): Usage => ({
    ...{ start: at, seconds: 900, processor: 0.5, memory: 0.5, swap: 0, network: 0, celsius: 50 },
    ...{ battery: null, drained: 0, programs: [], waits: { processor: 0, memory: 0, disk: 0 } },
});

describe('The history of what a computer was busy with', () => {
    let root: string;
    let database: Database;
    let pollClock: PollClock;
    let awake: number;
    let time: number;
    let isEnabled: boolean;
    let usage: UsageHistory;
    let stop: AbortController;
    let done: Promise<void>;

    const write = (path: string, content: string) => {
        const file = join(root, 'machine', path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
    };
    const pass = (minutes: number) => {
        awake += minutes * 60_000;
        time += minutes * minute;
    };
    /** Ticks of the processor, microseconds of waiting, how full memory and battery are, and a temperature. */
    const counted = (now: { busy: number; idle: number; waited: number; program: number; battery: number }) => {
        write('proc/stat', `cpu  ${now.busy} 0 0 ${now.idle} 0 0 0 0 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\n`);
        for (const resource of ['cpu', 'memory', 'io'])
            write(
                `proc/pressure/${resource}`,
                `some avg10=0.00 avg60=0.00 avg300=0.00 total=${resource === 'io' ? now.waited : 0}\n`,
            );
        write('proc/meminfo', 'MemTotal: 1000 kB\nMemAvailable: 250 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n');
        write('proc/net/dev', `  lo: 9 0 0 0 0 0 0 0 9 0\n eth0: ${now.waited} 0 0 0 0 0 0 0 5 0\n`);
        const rest = `0 0 0 0 ${now.program} 0 0 0 20 0 1 0 77 0 0`;
        write('proc/7/stat', `7 (builder) R 1 7 7 0 -1 0 0 ${rest}`);
        write('sys/class/hwmon/hwmon0/temp1_input', '71000');
        write('sys/class/power_supply/BAT0/type', 'Battery');
        write('sys/class/power_supply/BAT0/status', 'Discharging');
        write('sys/class/power_supply/BAT0/capacity', String(now.battery));
    };
    const begin = () => {
        done = usage.run(stop.signal);
    };
    const kept = () => usage.between(0, Number.MAX_SAFE_INTEGER);

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'reeve-usage-'));
        ({ database } = Database.open(root, () => undefined));
        [awake, time, isEnabled] = [1000, start, true];
        pollClock = new PollClock(
            () => 1_000_000,
            () => awake,
        );
        stop = new AbortController();
        done = Promise.resolve();
        usage = new UsageHistory({
            machine: { root: join(root, 'machine') } as Machine,
            ...{ database, pollClock, settings: () => ({ enabled: isEnabled }), clock: () => time },
        });
        counted({ busy: 1000, idle: 1000, waited: 5_000_000, program: 100, battery: 80 });
    });
    afterEach(async () => {
        stop.abort();
        await done;
        pollClock[Symbol.dispose]();
        database[Symbol.dispose]();
        rmSync(root, { recursive: true });
    });

    it('is of the time between two measurements, with the programs that used most', async () => {
        begin();
        expect(await kept()).toEqual([]);
        pass(15);
        counted({ busy: 1600, idle: 1400, waited: 95_000_000, program: 500, battery: 77 });
        expect(await kept()).toEqual([
            {
                ...{ start, seconds: 900, processor: 0.6, memory: 0.75, swap: null, network: 100_000 },
                ...{ celsius: 71, battery: 0.77, drained: 0.03, waits: { processor: 0, memory: 0, disk: 0.1 } },
                programs: [{ owner: { kind: 'process', name: 'builder' }, share: 0.8 }],
            },
        ]);
    });

    it('measures with the polls, and once in five minutes when the journal wakes the service', async () => {
        const count = () => database.connection.prepare('SELECT count(*) AS count FROM usage').get()?.count;
        const polled = async () => {
            while (!pollClock.isAwaited) await new Promise(setImmediate);
        };
        begin();
        await usage.woken();
        for (const minutes of [1, 1, 4]) {
            pass(minutes);
            await usage.woken();
        }
        expect(count()).toBe(1);
        pass(9);
        pollClock.now();
        await polled();
        expect(count()).toBe(2);
        stop.abort();
        await done;
        pass(60);
        await usage.woken();
        expect(count()).withContext('paused').toBe(2);
    });

    it('is not of the time in which the computer slept', async () => {
        begin();
        await kept();
        time += 8 * hour;
        pass(10);
        expect(await kept()).toEqual([jasmine.objectContaining({ start: start + 8 * hour, seconds: 600 })]);
    });

    it('is not kept when it is turned off, and what was kept is gone', async () => {
        begin();
        await kept();
        pass(10);
        expect(await kept()).toHaveSize(1);
        isEnabled = false;
        usage.reconsider();
        pass(10);
        expect(await kept()).toEqual([]);
    });

    it('is not kept either when it is turned off just before', async () => {
        const keeping = usage.keep(quarterOfAnHour(start));
        isEnabled = false;
        usage.reconsider();
        await keeping;
        expect(await kept()).toEqual([]);
    });

    it('outlives a clock that is years off for a while, ahead or behind', async () => {
        const measureDay = async (number: number) => {
            for (let at = start + number * day; at < start + (number + 1) * day; at += 15 * minute)
                await usage.keep(quarterOfAnHour(at));
        };
        const times = async () => (await kept()).map(({ start: at }) => at);
        for (let number = 0; number < 9; number++) await measureDay(number);
        const before = await times();

        for (const wrong of [Date.UTC(2099, 0, 1) * 1000, day])
            for (let at = wrong; at < wrong + 2 * hour; at += 15 * minute) await usage.keep(quarterOfAnHour(at));
        expect(await times()).toEqual(jasmine.arrayContaining(before));

        for (let number = 9; number < 20; number++) await measureDay(number);
        const after = await times();
        expect(after[0]).toBe(start);
        expect(after.at(-1)).toBeLessThan(start + 20 * day);
        expect(after.length)
            .withContext('hours are one row')
            .toBeLessThan(13 * 24 + 8 * 96);
    });

    it('makes room again where an earlier clock was ahead for long', async () => {
        database.setState('usage-joined', String(Date.UTC(2099, 0, 1) * 1000));
        for (let at = start; at < start + 9 * day; at += 15 * minute) await usage.keep(quarterOfAnHour(at));
        expect((await kept())[0]?.seconds).toBe(3600);
        usage.forget();
        expect(Number(database.getState('usage-joined') ?? 0)).toBe(0);
    });

    it('keeps a year in less than 30 MB, an hour in a row after a week', async () => {
        const programs = ['gnome-shell', 'org.mozilla.firefox', 'some-longer-name-of-a-service.service'].map(
            (name, place): Usage['programs'][number] => ({
                owner: { kind: 'application', name },
                share: (3 - place) / 10,
            }),
        );
        database.connection.exec('PRAGMA synchronous = OFF');
        const step = 15 * minute;
        for (let at = start; at < start + 380 * day; at += step)
            await usage.keep({
                ...{ start: at, seconds: 900, memory: 0.5, swap: 0, network: 12_345, battery: 0.8, drained: 0.01 },
                ...{ processor: (at / step) % 2, celsius: 40 + ((at / step) % 4), programs },
                waits: { processor: 0.123, memory: 0.001, disk: 0.456 },
            });
        const all = await kept();
        expect(all.length).toBeLessThan(366 * 24 + 8 * 96);
        expect(all.length).toBeGreaterThan(364 * 24);
        expect(all[100]).toEqual(
            jasmine.objectContaining({ seconds: 3600, processor: 0.5, celsius: 43, drained: 0.04, programs }),
        );
        expect(all.at(-1)?.seconds).toBe(900);
        database.connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        expect(statSync(join(root, 'database/reeve.db')).size).toBeLessThan(30_000_000);
    });
});
