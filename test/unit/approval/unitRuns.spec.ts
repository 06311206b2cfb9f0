import { unitStep } from '../../../service/actions/units/unitPlan.ts';
import { runState } from '../../../service/approval/unitRuns.ts';
import type { JournalReader } from '../../../service/journal/query.ts';
import { managerOf, recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../support/recordedUnits.ts';

const unit = 'sample-web.service';
const step = unitStep('StopUnit', { scope: 'system', name: unit });
const id = (digit: number) => `0${digit}`.repeat(16);

/** What PID 1 of systemd 257 and 262 logs when it restarts a service by itself, after the run with that digit. */
const restarted = (run: number, count: number) => ({
    _PID: '1',
    MESSAGE_ID: '5eb03494b6584870a536b337290809b3',
    UNIT: unit,
    INVOCATION_ID: id(run),
    N_RESTARTS: String(count),
});

describe('The run of a unit that undo would stop', () => {
    let units: Record<string, RecordedUnit>;
    let entries: Record<string, string>[];
    let access: 'system' | 'own' | 'none';

    beforeEach(() => {
        units = recordedUnits(262);
        run(recorded(units, unit));
        entries = [];
        access = 'system';
    });

    /** As journalctl does: every match has to hold, and the last so many are given. */
    const query: JournalReader['query'] = ({ matches, lines }) => {
        const found = entries.filter(entry =>
            matches.every(match => entry[match.split('=')[0] ?? ''] === match.slice(match.indexOf('=') + 1)),
        );
        return Promise.resolve(found.slice(-lines).map(fields => ({ fields }) as never));
    };
    const now = (digit: number, restarts = 0) => {
        const { unit: properties, ofType } = recorded(units, unit);
        Object.assign(properties, { InvocationID: Array.from({ length: 16 }, () => digit) });
        Object.assign(ofType ?? {}, { NRestarts: restarts, Restart: 'on-failure' });
    };
    /** The repair left run 1. */
    const state = async (applied = 0) =>
        await runState(
            step,
            { runs: { [`system ${unit}`]: id(1) }, applied },
            {
                ...managerOf(units),
                journal: { query, access: () => Promise.resolve(access) },
                signal: new AbortController().signal,
            },
        );

    it('is the one that the repair left', async () => {
        now(1);
        expect(await state()).toBe('same');
    });

    it('follows from that one when systemd restarted it by itself, once or many times', async () => {
        entries = [restarted(1, 1)];
        now(2, 1);
        expect(await state()).toBe('same');
        entries.push(restarted(2, 2), restarted(3, 3));
        now(4, 3);
        expect(await state()).toBe('same');
    });

    it('follows from that one when systemd had restarted it before, as part of the repair', async () => {
        entries = [restarted(8, 1), restarted(9, 2), restarted(1, 3)];
        now(2, 3);
        expect(await state()).toBe('same');
    });

    it('is a later one when somebody restarted the unit', async () => {
        now(2);
        expect(await state()).toBe('later');
        entries = [restarted(1, 1)];
        expect(await state()).toBe('later');
    });

    it('is a later one when systemd restarted what somebody had started again', async () => {
        entries = [restarted(2, 1)];
        now(3, 1);
        expect(await state()).toBe('later');
        entries = [restarted(1, 1), restarted(5, 1)];
        now(6, 1);
        expect(await state()).toBe('later');
        entries = [restarted(1, 1), restarted(2, 2), restarted(5, 1)];
        now(6, 1);
        expect(await state()).toBe('later');
    });

    it('is not told by what others write into the journal', async () => {
        entries = [{ ...restarted(1, 1), _PID: '4711' }];
        now(2, 1);
        expect(await state()).toBe('later');
    });

    it('is not known without the journal', async () => {
        now(2, 1);
        for (access of ['own', 'none'] as const) expect(await state()).toBe('unknown');
        // That nobody but somebody else can have started it is known all the same.
        now(2, 0);
        expect(await state()).toBe('later');
    });

    describe('after the computer was restarted', () => {
        const applied = 1_000_000_000;
        const target = (values: object) => {
            const reached = structuredClone(recorded(units, unit));
            Object.assign(reached.unit, {
                Id: 'multi-user.target',
                ActiveEnterTimestamp: applied + 90_000_000,
                ActiveEnterTimestampMonotonic: 20_000_000,
                InactiveEnterTimestampMonotonic: 0,
                ...values,
            });
            units['multi-user.target'] = reached;
        };
        const begun = (monotonic: number) => {
            now(2);
            Object.assign(recorded(units, unit).unit, {
                WantedBy: ['multi-user.target'],
                InactiveExitTimestampMonotonic: monotonic,
            });
        };

        it('was nobody’s doing when it came with its target', async () => {
            target({});
            begun(15_000_000);
            expect(await state(applied)).toBe('same');
        });

        it('is a later one when it was started after its target was reached', async () => {
            target({});
            begun(25_000_000);
            expect(await state(applied)).toBe('later');
        });

        it('is a later one when it ran before its target went down and was reached again', async () => {
            target({ InactiveEnterTimestampMonotonic: 17_000_000 });
            begun(15_000_000);
            expect(await state(applied)).toBe('later');
        });

        it('is a later one when its target was reached before the repair', async () => {
            target({ ActiveEnterTimestamp: applied - 1 });
            begun(15_000_000);
            expect(await state(applied)).toBe('later');
        });
    });
});
