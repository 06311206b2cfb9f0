import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

    /** Runs until the kill, then restarts on the same database, with the unit failed or running. */
    async function killAt(moment: string, { running }: { running: boolean }) {
        const child = spawnSync(
            process.execPath,
            ['--disable-warning=ExperimentalWarning', script, directory, moment],
            {
                encoding: 'utf8',
                timeout: 20_000,
            },
        );
        expect(child.signal).withContext(child.stderr).toBe('SIGKILL');
        const units = recordedUnits(262);
        if (running) run(recorded(units, 'sample-exit.service'));
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
        const { audit, proposal, incident } = await killAt('offered', { running: false });
        expect({ audit, proposal, incident }).toEqual({ audit: [], proposal: 'offered', incident: 'open' });
    });

    for (const moment of ['fixing', 'applying', 'line 1', 'calling', 'done', 'line 2', 'line 3']) {
        it(`at “${moment}”, does not do it again, and checks the state: still broken`, async () => {
            const after = await killAt(moment, { running: false });
            expect(after).toEqual(
                jasmine.objectContaining({
                    calls: [],
                    proposal: 'failed',
                    incident: 'open',
                    audit: ['interrupted', 'approved'],
                    verified: true,
                }),
            );
            expect(after.outcome).toContain('It may or may not have been made. sample-exit.service has failed');
        });

        it(`at “${moment}”, does not do it again, and checks the state: well`, async () => {
            const after = await killAt(moment, { running: true });
            expect(after).toEqual(
                jasmine.objectContaining({ calls: [], proposal: 'failed', incident: 'recovered', verified: true }),
            );
        });
    }

    for (const moment of ['applied', 'fixed', 'finished']) {
        it(`at “${moment}”, has it all on disk`, async () => {
            const { audit, proposal, incident } = await killAt(moment, { running: true });
            expect({ audit, proposal, incident }).toEqual({
                audit: ['applied', 'approved'],
                proposal: 'applied',
                incident: 'fixed',
            });
        });
    }

    it('while it takes a change back, says that it may have been taken back', async () => {
        const after = await killAt('undo undoing', { running: true });
        expect(after.proposal).withContext('it can be taken back once more').toBe('applied');
        expect(after.outcome).toContain('Reeve stopped while undoing this.');
        expect(after.audit[0]).toBe('interrupted');
    });
});
