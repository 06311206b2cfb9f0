import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { plan as planSchema } from '../../../service/model/proposal.ts';
import type { BusValue, Plan, Step } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recorded, recordedUnits } from '../../support/recordedUnits.ts';

describe('Putting a file back', () => {
    let directory: string;
    let contents: Contents;
    let actions: Actions;
    let path: string;
    let before: string;
    let after: string;
    let units: ReturnType<typeof recordedUnits>;

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-revert-'));
        contents = new Contents(join(directory, 'state'));
        units = recordedUnits(262);
        actions = new Actions({ ...managerOf(units), contents, machine: null });
        path = join(directory, 'it’s a file.conf');
        before = await contents.put(Buffer.from('Port 22\n'));
        after = Contents.hashOf(Buffer.from('Prot 22\n'));
        writeFileSync(path, 'Prot 22\n');
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    const plan = (change: Record<string, unknown> = {}): Promise<Plan> =>
        actions.plan(
            {
                action: 'file.revert',
                parameters: { path, before, after, restart: null, ...change },
                explanation: 'Why.',
            },
            new AbortController().signal,
        );
    /** The program that the step has a manager run, and what it is given to read. */
    const told = ({ call }: Step) => {
        const properties = call.arguments[2] as [string, { value: BusValue }][];
        const { ExecStart, StandardInputData } = Object.fromEntries(properties);
        const [[, argv]] = ExecStart?.value as [[string, string[]]];
        const { base64 } = (StandardInputData?.value ?? { base64: '' }) as { base64: string };
        return { argv, input: Buffer.from(base64, 'base64').toString() };
    };

    it('has a manager write what it held, and can write again what it holds', async () => {
        const { title, steps, undo, authentication, risk } = await plan();
        expect(title).toBe('Put it’s a file.conf back as it was');
        expect(steps.map(told)).toEqual([{ argv: ['/usr/bin/tee', '--', path], input: 'Port 22\n' }]);
        expect(undo?.steps.map(told)).toEqual([{ argv: ['/usr/bin/tee', '--', path], input: 'Prot 22\n' }]);
        expect(steps[0]?.diff).toBe('@@ -1,1 +1,1 @@\n-Prot 22\n+Port 22');
        expect(steps[0]?.command).toBe(
            `systemd-run --user --wait --pipe /usr/bin/tee -- '${path}' < ${contents.path(before)}`,
        );
        expect([authentication, risk]).toEqual([false, 'low']);
        expect(readFileSync(path, 'utf8')).toBe('Prot 22\n');
    });

    it('starts what failed because of it', async () => {
        const restart = { scope: 'system', unit: 'sample-exit.service', reset: true };
        const { steps, authentication } = await plan({ restart });
        const members = steps.map(({ call }) => call.member);
        expect(members).toEqual(['StartTransientUnit', 'ResetFailedUnit', 'RestartUnit']);
        expect(authentication).toBeTrue();
    });

    it('has the manager read a unit file again that is put back, and again when that is undone', async () => {
        const folder = join(directory, 'systemd/user');
        mkdirSync(folder, { recursive: true });
        const unitFile = join(folder, 'sample-exit.service');
        writeFileSync(unitFile, 'Prot 22\n');
        const restart = { scope: 'system', unit: 'sample-exit.service', reset: false };
        const { steps, undo } = await plan({ path: unitFile, restart });
        const members = ({ call }: Step) => call.member;
        expect(steps.map(members)).toEqual(['StartTransientUnit', 'Reload', 'ResetFailedUnit', 'StartUnit']);
        expect(undo?.steps.map(members)).toEqual(['StartTransientUnit', 'Reload']);
    });

    it('starts no unit that goes with the file it is made from, but has systemd forget that it failed', async () => {
        const folder = join(directory, '.config/autostart');
        mkdirSync(folder, { recursive: true });
        const entry = join(folder, 'sample-exit.desktop');
        writeFileSync(entry, 'Prot 22\n');
        Object.assign(recorded(units, 'sample-exit.service').unit, { SourcePath: entry });
        const restart = { scope: 'user', unit: 'sample-exit.service', reset: false };
        const members = ({ call }: Step) => call.member;
        const created = await plan({ path: entry, before: null, restart });
        expect(created.steps.map(members)).toEqual(['StartTransientUnit', 'Reload', 'ResetFailedUnit']);
        const edited = await plan({ path: entry, restart });
        expect(edited.steps.map(members)).toEqual(['StartTransientUnit', 'Reload', 'ResetFailedUnit', 'StartUnit']);
    });

    it('removes what was not there, and writes what was removed', async () => {
        const created = await plan({ before: null });
        expect(created.steps.map(told)).toEqual([{ argv: ['/usr/bin/rm', '--', path], input: '' }]);
        rmSync(path);
        const removed = await plan({ after: null });
        expect(removed.steps.map(told)).toEqual([{ argv: ['/usr/bin/tee', '--', path], input: 'Port 22\n' }]);
        expect(removed.undo?.steps.map(told)).toEqual([{ argv: ['/usr/bin/rm', '--', path], input: '' }]);
    });

    it('is the same plan as long as nothing has changed, and survives the database', async () => {
        const first = await plan();
        expect(planDigest(planSchema.parse(JSON.parse(JSON.stringify(first))))).toBe(planDigest(first));
        expect(planDigest(await plan())).toBe(planDigest(first));
    });

    it('is not done over what was changed since, nor to what is not a plain file', async () => {
        writeFileSync(path, 'somebody else’s work\n');
        await expectAsync(plan()).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
        rmSync(path);
        symlinkSync('/etc/passwd', path);
        await expectAsync(plan()).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
    });

    it('is not done where nobody can tell whether the file is there', async () => {
        // The tests may run as root, whom no permission keeps out; this loop does.
        symlinkSync('closed', join(directory, 'closed'));
        await expectAsync(plan({ path: join(directory, 'closed/file.conf'), after: null })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidState', message: jasmine.stringMatching(/cannot be kept/) }),
        );
    });

    it('is not done with contents that are gone or were tampered with', async () => {
        chmodSync(contents.path(before), 0o600);
        writeFileSync(contents.path(before), 'PermitRootLogin yes\n');
        await expectAsync(plan()).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
    });

    it('refuses paths that are not plain', async () => {
        for (const crooked of ['etc/passwd', '/etc/../root/x', '/etc/', '/etc//x', '/etc/x\0y']) {
            await expectAsync(plan({ path: crooked }))
                .withContext(crooked)
                .toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidArgument' }));
        }
    });
});
