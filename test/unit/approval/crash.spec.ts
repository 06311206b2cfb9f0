import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { slowness } from '../../support/patience.ts';
import { recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import { makeLoop } from './loop.ts';

const script = fileURLToPath(new URL('applyAndDie.ts', import.meta.url));

describe('A service that is killed while it fixes something', () => {
    let directory: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-crash-'));
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    /**
     * Runs until the kill, then restarts on the same database.
     *
     * @param now whether the unit runs, and whether it was started since the approval
     */
    async function killAt(moment: string, now: { running: boolean; since: boolean }) {
        const child = spawnSync(
            process.execPath,
            ['--disable-warning=ExperimentalWarning', script, directory, moment],
            {
                encoding: 'utf8',
                timeout: Math.ceil(20_000 * slowness()),
            },
        );
        expect(child.signal).withContext(child.stderr).toBe('SIGKILL');
        const units = recordedUnits(262);
        const unit = recorded(units, 'sample-exit.service');
        const failed = { ...unit.unit };
        run(unit);
        if (now.since) {
            const monotonic = Number(process.hrtime.bigint() / 1000n);
            Object.assign(unit.unit, {
                InactiveExitTimestampMonotonic: monotonic,
                ActiveEnterTimestamp: Date.now() * 1000,
            });
        }
        if (!now.running) Object.assign(unit.unit, { ActiveState: failed.ActiveState, SubState: failed.SubState });
        const loop = makeLoop(directory, units);
        try {
            await loop.proposals.resolveInterrupted();
            const [proposal] = loop.proposals.list(1);
            return {
                calls: loop.calls,
                proposal: proposal?.state,
                outcome: proposal?.outcome,
                incident: loop.incidents.get(1)?.state,
                audit: loop.audit.list().map(({ event }) => event),
                verified: loop.audit.verify().ok,
            };
        } finally {
            loop.database[Symbol.dispose]();
        }
    }

    it('before anything was approved, finds its offer as it was', async () => {
        const { audit, proposal, incident } = await killAt('offered', { running: false, since: false });
        expect({ audit, proposal, incident }).toEqual({ audit: [], proposal: 'offered', incident: 'open' });
    });

    const ended = { calls: [], audit: ['interrupted', 'approved'], verified: true };

    for (const moment of ['fixing', 'applying', 'line 1', 'calling']) {
        it(`at “${moment}”, before the system did anything, offers it again`, async () => {
            expect(await killAt(moment, { running: false, since: false })).toEqual({
                ...ended,
                proposal: 'offered',
                outcome: 'Reeve stopped before it changed anything',
                incident: 'open',
            });
        });
    }

    it('before the system did anything, finds that the unit runs by now', async () => {
        const after = await killAt('calling', { running: true, since: false });
        expect(after).toEqual(jasmine.objectContaining({ ...ended, proposal: 'offered', incident: 'recovered' }));
    });

    for (const moment of ['done', 'line 2', 'line 3']) {
        it(`at “${moment}”, when the system had done it, knows that it is done`, async () => {
            const after = await killAt(moment, { running: true, since: true });
            expect(after).toEqual(jasmine.objectContaining({ ...ended, proposal: 'applied', incident: 'fixed' }));
            expect(after.outcome).toContain('Reeve stopped while making this change, but it was made. ');
        });
    }

    it('and whose unit has failed since then says that it does not know whether the step was completed', async () => {
        const after = await killAt('done', { running: false, since: true });
        expect(after).toEqual(jasmine.objectContaining({ ...ended, proposal: 'partial', incident: 'open' }));
        expect(after.outcome).toContain('It is not known whether this was completed: Restart sample-exit.service');
    });

    it('after the last step, knows that it was made, and that it did not help', async () => {
        const after = await killAt('line 3', { running: false, since: true });
        expect(after).toEqual(jasmine.objectContaining({ ...ended, proposal: 'applied', incident: 'open' }));
    });

    for (const moment of ['applied', 'fixed', 'finished']) {
        it(`at “${moment}”, has it all on disk`, async () => {
            const { audit, proposal, incident } = await killAt(moment, { running: true, since: true });
            expect({ audit, proposal, incident }).toEqual({
                audit: ['applied', 'approved'],
                proposal: 'applied',
                incident: 'fixed',
            });
        });
    }

    it('before it undid anything, has the change as it was', async () => {
        const after = await killAt('undo undoing', { running: true, since: true });
        expect(after.proposal).toBe('applied');
        expect(after.outcome).toContain('Reeve stopped before it undid anything');
        expect(after.audit[0]).toBe('interrupted');
    });
});
