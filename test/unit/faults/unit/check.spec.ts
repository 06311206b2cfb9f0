import { readFileSync } from 'node:fs';

import { families } from '../../../../service/faults/index.ts';
import { makeCheck } from '../../../../service/diagnosis/check.ts';
import type { Incident } from '../../../../service/model/incident.ts';
import { managerOf, recorded, recordedUnits, run } from '../../../support/recordedUnits.ts';
import type { RecordedManager, RecordedUnit } from '../../../support/recordedUnits.ts';

const name = 'sample-exit.service';

/** Microseconds, as /proc/stat has them: in whole seconds of the time of day. */
const uptime = () => Date.now() * 1000 - Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1e6;

describe('The check of a unit', () => {
    let units: Record<string, RecordedUnit>;
    let manager: RecordedManager;

    const incident = (change: Partial<Incident> = {}) =>
        ({
            id: 1,
            family: 'unit',
            kind: 'exit-code',
            scope: 'system',
            subject: name,
            affected: [],
            facts: {},
            evidence: [],
            lastSeen: Date.now() * 1000,
            ...change,
        }) as Incident;
    const check = (of: Partial<Incident> = {}, options = {}) =>
        makeCheck({ ...manager, families, machine: null })(incident(of), options);
    const set = (of: string, state: Record<string, unknown>, ofType: Record<string, unknown> = {}) => {
        const unit = recorded(units, of);
        Object.assign(unit.unit, state);
        Object.assign(unit.ofType ?? {}, ofType);
    };
    const justStarted = () => {
        run(recorded(units, name));
        set(name, { ActiveEnterTimestampMonotonic: Number(process.hrtime.bigint() / 1000n) });
    };

    beforeEach(() => {
        units = recordedUnits(262);
        manager = managerOf(units);
    });

    it('finds a failed unit failed', async () => {
        expect(await check()).toEqual({ gone: false, detail: 'sample-exit.service has failed' });
    });

    it('finds a unit well that has been running for a while', async () => {
        run(recorded(units, name));
        expect(await check()).toEqual({ gone: true, detail: 'sample-exit.service is running' });
    });

    it('waits to see whether a unit that has just started stays up', async () => {
        justStarted();
        const checking = check();
        const first = await Promise.race([checking, new Promise(resolve => setImmediate(resolve, 'still watching'))]);
        expect(first).toBe('still watching');
        expect((await checking).gone).toBeTrue();
    });

    it('does not call a unit well that dies a moment after its start', async () => {
        justStarted();
        const checking = check({}, { afterFix: true });
        set(name, { ActiveState: 'failed', SubState: 'failed' });
        manager.changed(name);
        expect(await checking).toEqual({ gone: false, detail: 'sample-exit.service has failed' });
    });

    it('does not call a unit well that systemd had to restart while it was watched', async () => {
        justStarted();
        const checking = check();
        await new Promise(setImmediate);
        set(name, {}, { NRestarts: 1 });
        manager.changed(name);
        expect((await checking).detail).toBe('sample-exit.service keeps failing: systemd had to restart it again');
    });

    it('sees through the pause between two automatic restarts', async () => {
        set(name, { ActiveState: 'activating', SubState: 'auto-restart' });
        expect((await check()).detail).toBe('sample-exit.service keeps failing and is being restarted');
    });

    it('waits for a unit that is starting', async () => {
        set(name, { ActiveState: 'activating', SubState: 'start' });
        const checking = check();
        await new Promise(setImmediate);
        run(recorded(units, name));
        manager.changed(name);
        expect((await checking).gone).toBeTrue();
    });

    it('accepts a unit that ran to its end with success since the failure', async () => {
        set(
            name,
            { ActiveState: 'inactive', SubState: 'dead' },
            { Result: 'success', ExecMainExitTimestamp: (Date.now() + 5000) * 1000 },
        );
        expect(await check({}, { afterFix: true })).toEqual({
            gone: true,
            detail: 'sample-exit.service ran and finished successfully',
        });
    });

    it('accepts a unit that was reset by hand, but not as the result of a fix', async () => {
        set(name, { ActiveState: 'inactive', SubState: 'dead' }, { Result: 'success' });
        expect((await check()).gone).toBeTrue();
        expect(await check({}, { afterFix: true })).toEqual({
            gone: false,
            detail: 'sample-exit.service is not running',
        });
    });

    it('does not take what a fix did that ended halfway for a reset by hand, until it fails again', async () => {
        set(name, { ActiveState: 'inactive', SubState: 'dead' }, { Result: 'success' });
        const lastSeen = Date.now() * 1000;
        expect((await check({ lastSeen, facts: { lastBeforeTry: String(lastSeen) } })).gone).toBeFalse();
        expect((await check({ lastSeen: lastSeen + 1, facts: { lastBeforeTry: String(lastSeen) } })).gone).toBeTrue();
    });

    it('accepts a reset as the fix of a unit that was to stop and had to be killed', async () => {
        const stopped = { kind: 'timeout', facts: { timedOut: 'stop' } };
        expect((await check(stopped, { afterFix: true })).gone).toBeFalse();
        set(name, { ActiveState: 'inactive', SubState: 'dead' }, { Result: 'success' });
        expect((await check(stopped, { afterFix: true })).gone).toBeTrue();
        expect((await check({ ...stopped, facts: { timedOut: 'start' } }, { afterFix: true })).gone).toBeFalse();
    });

    it('names the condition that kept a unit from starting', async () => {
        set(
            name,
            {
                ActiveState: 'inactive',
                ConditionResult: false,
                Conditions: [['ConditionPathExists', false, true, '/x', -1]],
            },
            { Result: 'success' },
        );
        expect((await check({}, { afterFix: true })).detail).toBe(
            'sample-exit.service was not started because ConditionPathExists=!/x is not met',
        );
    });

    it('takes a unit that no longer exists for gone', async () => {
        expect((await check({ subject: 'removed.service' })).gone).toBeTrue();
    });

    it('checks what failed because of the unit, too', async () => {
        run(recorded(units, 'sample-database.service'));
        const of = { subject: 'sample-database.service', affected: ['sample-web.service'] };
        expect(await check(of)).toEqual({ gone: false, detail: 'sample-web.service is not running' });
        run(recorded(units, 'sample-web.service'));
        expect((await check(of)).gone).toBeTrue();
    });

    it('does not take a unit for well that still waits for its dependency', async () => {
        expect((await check({ subject: 'sample-web.service', kind: 'dependency' })).gone).toBeFalse();
    });

    it('takes a unit for well that nothing has started since its manager was, whatever it needed before', async () => {
        const of = { subject: 'sample-web.service', kind: 'dependency' };
        const began = spyOn(manager.systemd, 'startedAt').and.resolveTo(uptime() + 1_000_000);
        expect(await check(of)).toEqual({ gone: true, detail: 'Nothing has started sample-web.service since then' });
        expect((await check(of, { afterFix: true })).gone).toBeFalse();
        began.and.resolveTo(Math.max(1, uptime() - 60_000_000));
        expect((await check(of)).gone).toBeFalse();
    });

    it('knows the start of the manager where the time of day was wrong', async () => {
        const started = 2_000_000;
        spyOn(manager.systemd, 'startedAt').and.resolveTo(started);
        const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '');
        const seen = (monotonic: number, at: number) => ({
            subject: 'sample-web.service',
            kind: 'dependency',
            lastSeen: at,
            evidence: [
                {
                    source: 'journal' as const,
                    time: at,
                    origin: 'systemd',
                    message: 'Dependency failed',
                    cursor: `s=0f;i=1;b=${boot};m=${monotonic.toString(16)};t=${at.toString(16)};x=1`,
                    line: null,
                },
            ],
        });
        expect((await check(seen(started + 1, 1_000_000))).gone).toBeFalse();
        expect((await check(seen(started - 1, Date.now() * 1000))).gone).toBeTrue();
    });

    it('says when it could not look', async () => {
        const { gone, detail } = await check({ subject: 'not a unit' });
        expect(gone).toBeFalse();
        expect(detail).toContain('could not be checked');
    });

    it('ends without a verdict, and without a word in the log, when it is cancelled', async () => {
        justStarted();
        const log = spyOn(process.stderr, 'write');
        const cancel = new AbortController();
        const checking = check({}, { signal: cancel.signal });
        cancel.abort();
        await expectAsync(checking).toBeRejected();
        expect(log).not.toHaveBeenCalled();
    });
});
