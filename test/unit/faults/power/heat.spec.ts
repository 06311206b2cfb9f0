import { faultOfChange } from '../../../../service/faults/index.ts';
import { heat } from '../../../../service/faults/power/watch/heat.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const quarter = 900_000;

describe('The heat source', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    /** The files are those of Documentation/driver-api/thermal/sysfs-api.rst. */
    const zone = (celsius: number, isCooled = true) => {
        const files = {
            type: 'x86_pkg_temp',
            temp: String(celsius * 1000),
            trip_point_0_type: 'passive',
            trip_point_0_temp: '80000',
            trip_point_1_type: 'critical',
            trip_point_1_temp: '105000',
            trip_point_2_type: 'passive',
            trip_point_2_temp: '-274000',
            ...(isCooled && { cdev0_trip_point: '0', 'cdev0/type': 'Processor' }),
        };
        for (const [file, text] of Object.entries(files))
            bed.write(`/sys/class/thermal/thermal_zone0/${file}`, `${text}\n`);
    };
    /** Those of drivers/thermal/intel/therm_throt.c, in milliseconds since the start. */
    const throttle = (processor: number, milliseconds: number) => {
        const folder = `/sys/devices/system/cpu/cpu${processor}/thermal_throttle`;
        bed.write(`${folder}/core_throttle_total_time_ms`, `${milliseconds}\n`);
        bed.write(`${folder}/package_throttle_total_time_ms`, '7\n');
    };
    const watch = async (changes: (() => void)[], closings: number[] = []) => {
        await using run = await bed.start(heat);
        for (const [poll, change] of changes.entries()) {
            if (closings.includes(poll)) bed.recover();
            change();
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports once a processor that was slowed down for a tenth of the time', async () => {
        throttle(0, 1000);
        throttle(1, 5_000_000);
        const [entry, ...more] = await watch(
            [5_000_000, 5_080_000, 5_260_000, 5_460_000].map(time => () => {
                throttle(1, time);
            }),
        );
        expect([entry?.event, entry?.summary, entry?.detail, ...more]).toEqual([
            'throttled',
            'The processor slows down because it is hot',
            'It was slowed down for 20 % of the time since the last check',
        ]);
        expect(entry && faultOfChange(entry)).toEqual(
            // As the kernel's own word of it, with which it is one incident.
            jasmine.objectContaining({ family: 'power', kind: 'throttled', scope: 'system', subject: 'heat' }),
        );
    });

    it('reports a part that stays warm, and one that gets too hot', async () => {
        zone(50);
        const degrees = [81, 70, 81, 82, 83, 103, 104, 60, 103];
        const entries = await watch(
            degrees.map(celsius => () => {
                zone(celsius);
            }),
            [8],
        );
        expect(entries.map(({ event, detail }) => `${event}: ${detail}`)).toEqual([
            'warm: x86_pkg_temp is at 82 °C',
            'too-hot: x86_pkg_temp is at 103 °C',
            'too-hot: x86_pkg_temp is at 103 °C',
        ]);
        expect(entries.map(entry => faultOfChange(entry)?.severity)).toEqual(['low', 'high', 'high']);
    });

    it('reports it again when its incident closed while it lasts, and what became worse', async () => {
        zone(50);
        const stay = () => {
            zone(82);
        };
        expect((await watch([stay, stay, stay, stay], [3])).map(({ event }) => event)).toEqual(['warm', 'warm']);
        throttle(0, 0);
        bed.recover();
        let time = 0;
        const slow = () => {
            throttle(0, (time += 200_000));
        };
        expect((await watch([stay, stay, slow, slow])).map(({ event }) => event)).toEqual(['warm', 'throttled']);
    });

    it('takes a point at which nothing cools for a mark of some program', async () => {
        const warm = () => {
            zone(90, false);
        };
        warm();
        expect(await watch([warm, warm, warm])).toEqual([]);
    });

    it('says when nothing says how warm it is', async () => {
        bed.write('/sys/devices/system/cpu/cpu0/topology/core_id', '0\n');
        await using run = await bed.start(heat);
        expect(run.source.status.state).toBe('unavailable');
    });
});
