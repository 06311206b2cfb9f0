import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { faultOfChange } from '../../../../service/faults/index.ts';
import { zone } from '../../../../service/faults/time/watch/zone.ts';
import { SourceBed } from '../../../support/sourceRun.ts';

const zones = '/usr/share/zoneinfo';
const quarter = 900_000;

describe('The source of time zones', () => {
    let bed: SourceBed;
    beforeEach(() => {
        bed = new SourceBed();
    });
    afterEach(() => {
        bed[Symbol.dispose]();
    });
    /** As Debian 13 has it without tzdata-legacy: old names are in the list of links, but have no file. */
    const tzdata = () => {
        bed.write(
            `${zones}/tzdata.zi`,
            '# version 2026c\nL America/Los_Angeles US/Pacific\nL Asia/Kolkata Asia/Calcutta\n',
        );
        bed.write(`${zones}/America/Los_Angeles`, 'TZif2\0');
        bed.write(`${zones}/Europe/Berlin`, 'TZif2\0');
    };
    const set = (target: string) => {
        rmSync(join(bed.root, 'etc/localtime'), { force: true });
        symlinkSync(target, join(bed.root, 'etc/localtime'));
    };
    const watch = async (...changes: (() => void)[]) => {
        await using run = await bed.start(zone);
        for (const change of changes) {
            change();
            await bed.poll(quarter);
        }
        return [...run.entries];
    };

    it('reports once a time zone that is set and not there, and how it is called now', async () => {
        tzdata();
        const entries = await watch(
            () => {
                set('../usr/share/zoneinfo/US/Pacific');
            },
            () => undefined,
        );
        expect(entries.map(({ event, summary }) => [event, summary])).toEqual([
            ['zone-missing', 'The configured time zone US/Pacific does not exist'],
        ]);
        const finding = entries[0] && faultOfChange(entries[0]);
        expect(finding).toEqual(
            jasmine.objectContaining({ family: 'time', kind: 'zone-missing', subject: 'US/Pacific', scope: 'system' }),
        );
        expect(finding?.facts).toEqual({ zone: 'US/Pacific', successor: 'America/Los_Angeles' });
        expect(finding?.cause).toContain('The time zone is now called America/Los_Angeles.');
    });

    it('knows no successor that is not there either', async () => {
        tzdata();
        const [entry] = await watch(() => {
            set(`${zones}/Asia/Calcutta`);
        });
        expect(entry?.facts).toEqual({ zone: 'Asia/Calcutta' });
    });

    it('says nothing of what is there, of UTC, of none, and of a link that is not a time zone', async () => {
        tzdata();
        const fine = [`${zones}/Europe/Berlin`, `${zones}/Etc/UTC`, '/srv/zone', `${zones}/../../evil`].map(
            target => () => {
                set(target);
            },
        );
        const none = () => {
            rmSync(join(bed.root, 'etc/localtime'));
        };
        expect(
            await watch(...fine, none, () => {
                bed.write('/etc/localtime', 'TZif2\0');
            }),
        ).toEqual([]);
    });

    it('reports another one, and the same one again once it was right', async () => {
        tzdata();
        const to = (name: string) => () => {
            set(`${zones}/${name}`);
        };
        const entries = await watch(to('US/Pacific'), to('US/Eastern'), to('Europe/Berlin'), to('US/Pacific'));
        expect(entries.map(({ facts }) => facts.zone)).toEqual(['US/Pacific', 'US/Eastern']);
        bed.recover();
        expect((await watch(to('US/Pacific'))).length).toBe(1);
    });

    it('has nothing to look at where there are no time zones', async () => {
        await using run = await bed.start(zone);
        expect(run.source.status.state).toBe('unavailable');
    });
});
