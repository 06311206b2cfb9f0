import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { reloadStep, unitStep } from '../../../service/actions/units/unitPlan.ts';
import { Contents } from '../../../service/store/contents.ts';
import { canBeUndone, stepsLeft, undoneBefore } from '../../../service/approval/undoing.ts';
import { settled } from '../../../service/approval/proposalStore.ts';
import type { RunState } from '../../../service/approval/unitRuns.ts';
import type { Proposal } from '../../../service/model/proposal.ts';

const hash = (text: string) => Contents.hashOf(Buffer.from(text));

describe('What undo has to do', () => {
    let directory: string;
    let path: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-undo-'));
        path = join(directory, 'sample.conf');
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    /** @param done how many steps of the repair were done: it wrote the file, then had it read again */
    const left = async (done: number | null) => {
        const file = { path, before: hash('repaired'), after: hash('broken') };
        const undo = {
            text: '',
            steps: [
                { description: 'write', file },
                { ...reloadStep('system'), description: 'reload' },
            ],
        };
        const proposal = { plan: { undo }, done, standing: settled } as unknown as Proposal;
        const { steps } = await stepsLeft(proposal, () => Promise.resolve('same'));
        return steps.map(({ description }) => description);
    };

    it('is all of it after a repair that went well', async () => {
        writeFileSync(path, 'repaired');
        expect(await left(null)).toEqual(['write', 'reload']);
        expect(await left(2)).toEqual(['write', 'reload']);
    });

    it('is to have the file read again after an undo that wrote it and got no further', async () => {
        writeFileSync(path, 'broken');
        expect(await left(null)).toEqual(['reload']);
        expect(await left(2)).toEqual(['reload']);
    });

    it('is nothing after a repair that never wrote the file', async () => {
        writeFileSync(path, 'broken');
        expect(await left(0)).toEqual([]);
    });

    it('is not to stop what somebody has started since', async () => {
        const stop = unitStep('StopUnit', { scope: 'system', name: 'web.service' });
        const of = (title: string) =>
            ({
                plan: {
                    title,
                    action: 'unit.restart',
                    parameters: {},
                    steps: [stop],
                    undo: { text: '', steps: [stop] },
                },
                done: 1,
                standing: settled,
            }) as unknown as Proposal;
        const left = async (state: RunState) =>
            (await stepsLeft(of('Start web.service'), () => Promise.resolve(state))).steps.length;
        expect([await left('same'), await left('stopped')]).toEqual([1, 0]);
        await expectAsync(left('later')).toBeRejectedWithError(
            'web.service has been started again since then, so it is not stopped. To stop it anyway: systemctl stop web.service',
        );
        await expectAsync(left('unknown')).toBeRejectedWithError(
            /^web\.service is not stopped: .* you cannot read the log .* To stop it anyway: systemctl stop web\.service$/,
        );
    });

    it('is to put a file back also when a unit that was started with it has been started again', async () => {
        writeFileSync(path, 'repaired');
        const stop = unitStep('StopUnit', { scope: 'system', name: 'web.service' });
        const write = { ...reloadStep('system'), file: { path, before: hash('repaired'), after: hash('broken') } };
        const undo = { text: '', steps: [{ ...stop, undoes: 1 }, write] };
        const plan = { undo, title: '', action: 'file.revert', parameters: {}, steps: [write, stop] };
        const left = async (state: RunState) =>
            await stepsLeft({ plan, done: 2, standing: settled } as unknown as Proposal, () => Promise.resolve(state));
        for (const state of ['later', 'unknown'] as const)
            expect(await left(state)).toEqual({ steps: [write], spared: [{ ...stop, undoes: 1 }] });
        expect((await left('same')).spared).toEqual([]);
    });

    it('is not to set permissions that somebody has set otherwise since, and not to set them twice', async () => {
        writeFileSync(path, '');
        const { uid, gid } = statSync(path);
        const [open, closed] = [`${uid}:${gid} 0666`, `${uid}:${gid} 0644`];
        const undo = {
            text: '',
            steps: [{ ...reloadStep('user'), permissions: { path, before: closed, after: open } }],
        };
        const plan = { undo, action: 'file.permissions', parameters: {}, steps: undo.steps };
        const of = (id: number) => ({ plan, done: 1, id, applied: id, standing: settled }) as unknown as Proposal;
        const left = async () => (await stepsLeft(of(1), () => Promise.resolve('same'))).steps.length;
        chmodSync(path, 0o644);
        expect(await left()).toBe(1);
        chmodSync(path, 0o666);
        expect(await left()).toBe(0);
        // What ended between owner and mode: the one is set, the other is not.
        const halfway = { path, before: `${uid + 1}:${gid} 0644`, after: `${uid}:${gid} 0666` };
        const half = { ...undo, steps: [{ ...reloadStep('user'), permissions: halfway }] };
        chmodSync(path, 0o644);
        const ofHalf = { ...of(1), plan: { ...plan, undo: half } } as unknown as Proposal;
        expect((await stepsLeft(ofHalf, () => Promise.resolve('same'))).steps.length).toBe(1);
        const changed = jasmine.objectContaining({ code: 'PlanChanged' });
        chmodSync(path, 0o600);
        await expectAsync(left()).toBeRejectedWith(changed);
        rmSync(path);
        await expectAsync(left()).toBeRejectedWith(changed);
        // It may have been given away, and the rest not done.
        expect(canBeUndone({ ...of(1), done: 0 })).toBeTrue();
        const written = {
            ...of(2),
            plan: { ...of(2).plan, action: 'file.revert', steps: [{ ...reloadStep('user'), file: { path } }] },
        };
        expect(undoneBefore(of(1), [written as unknown as Proposal]).map(({ id }) => id)).toEqual([2]);
    });

    it('is not to lose what somebody wrote since', async () => {
        writeFileSync(path, 'an hour of work');
        await expectAsync(left(2)).toBeRejectedWith(jasmine.objectContaining({ code: 'PlanChanged' }));
    });
});
