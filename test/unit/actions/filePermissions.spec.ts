import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { managerFor, programs } from '../../../service/actions/files/fileManager.ts';
import { isOfTheSystem, isWritableByOthers } from '../../../service/actions/files/fileStep.ts';
import type { BusValue, Plan, Step } from '../../../service/model/proposal.ts';
import { permissionsOf } from '../../../service/sources/files/fileChange.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

describe('Giving a file its permissions back', () => {
    let directory: string;
    let actions: Actions;
    let path: string;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-permissions-'));
        const contents = new Contents(join(directory, 'state'));
        actions = new Actions({ ...managerOf(recordedUnits(262)), contents, machine: null });
        path = join(directory, 'it’s a file.conf');
        writeFileSync(path, 'Port 22\n');
        chmodSync(path, 0o600);
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    const now = (of = path) => {
        const { mode, uid, gid } = statSync(of);
        return permissionsOf({ mode: mode & 0o7777, owner: uid, group: gid });
    };
    const owner = () => now().split(' ')[0] ?? '';
    const plan = (change: Record<string, unknown> = {}): Promise<Plan> =>
        actions.plan(
            {
                action: 'file.permissions',
                parameters: { path, before: `${owner()} 0644`, after: now(), restart: null, ...change },
                explanation: 'Why.',
            },
            new AbortController().signal,
        );
    /** Runs what the step has a manager run; the first that fails is the last. */
    const carryOut = (step: Step | undefined): boolean => {
        const properties = (step?.call.arguments[2] ?? []) as [string, { value: BusValue }][];
        const { ExecStartEx } = Object.fromEntries(properties);
        const commands = (ExecStartEx?.value ?? []) as [string, string[]][];
        return commands.every(([, [name = '', ...rest]]) => spawnSync(name, rest, { timeout: 10_000 }).status === 0);
    };

    it('has a manager set them, and can set again those that it has', async () => {
        const { title, steps, undo, risk, riskText, authentication } = await plan();
        expect(title).toBe('Restore the permissions of it’s a file.conf');
        expect([risk, authentication]).toEqual(['medium', false]);
        expect(riskText).toBe(`Everyone can read ${path} again, until you undo this.`);
        expect(steps.length).toBe(1);
        expect(steps[0]?.command).toContain(` && systemd-run --user --wait --pipe /usr/bin/chmod -- 0644 '${path}'`);
        expect(carryOut(steps[0])).toBeTrue();
        expect(now()).toBe(`${owner()} 0644`);
        expect(carryOut(undo?.steps[0])).toBeTrue();
        expect(now()).toBe(`${owner()} 0600`);
    });

    it('protects by taking away only, whatever it is told', async () => {
        chmodSync(path, 0o640);
        const [uid = ''] = owner().split(':');
        expect((await plan({ purpose: 'protect', before: `${owner()} 0600` })).title).toMatch(/^Protect /);
        const somebody = String(Number(uid) + 1000);
        for (const before of [`${owner()} 0644`, `${somebody}:${somebody} 0600`, `${owner()} 0740`])
            await expectAsync(plan({ purpose: 'protect', before })).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState' }),
            );
    });

    it('leaves a file of the system to the system', () => {
        expect(['0:0 0644', '0:999 0640'].map(isOfTheSystem)).toEqual([true, true]);
        expect(['1000:1000 0644', '0:1000 0640', '65534:0 0600'].map(isOfTheSystem)).toEqual([false, false, false]);
        expect(['0:0 0644', '0:0 0664', '0:0 0602'].map(isWritableByOthers)).toEqual([false, true, true]);
    });

    it('says so where it only makes a program executable', async () => {
        const { title, risk, riskText, steps } = await plan({ before: `${owner()} 0700` });
        expect(title).toBe('Make it’s a file.conf executable');
        expect([risk, riskText]).toEqual(['low', `${path} can be executed until you undo this.`]);
        expect(carryOut(steps[0])).toBeTrue();
        expect(now()).toBe(`${owner()} 0700`);
    });

    it('lets the system’s manager make programs executable where no package brings them, and nowhere else', async () => {
        const somebodyElse = (process.getuid?.() ?? 0) + 1;
        expect(await managerFor('/opt/program', somebodyElse, { places: programs })).toBe('system');
        for (const path of ['/opt/program', '/usr/bin/program', '/var/lib/program'])
            await expectAsync(managerFor(path, somebodyElse)).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState' }),
            );
        await expectAsync(managerFor('/usr/bin/program', somebodyElse, { places: programs })).toBeRejected();
    });

    it('gives it to its owner again, unless it is somebody else’s by now', async () => {
        if (process.getuid?.() !== 0) pending('only root can give files away');
        const { steps } = await plan({ before: '65534:65534 0640' });
        expect(steps[0]?.command).toContain(`/usr/bin/chown --no-dereference --from=0:0 65534:65534 -- '${path}' && `);
        expect(carryOut(steps[0])).toBeTrue();
        expect(now()).toBe('65534:65534 0640');
        chownSync(path, 1, 1);
        chmodSync(path, 0o600);
        expect(carryOut(steps[0])).toBeFalse();
        expect(now()).toBe('1:1 0600');
    });

    it('is taken back, too, where it or its undo ended between owner and mode', async () => {
        if (process.getuid?.() !== 0) pending('only root can give files away');
        const { undo } = await plan({ before: '65534:65534 0640' });
        chownSync(path, 65534, 65534);
        expect(now()).toBe('65534:65534 0600');
        expect(carryOut(undo?.steps[0])).toBeTrue();
        expect(now()).toBe('0:0 0600');
        chmodSync(path, 0o640);
        expect(carryOut(undo?.steps[0])).toBeTrue();
        expect(now()).toBe('0:0 0600');
        chownSync(path, 1, 1);
        expect(carryOut(undo?.steps[0])).toBeFalse();
        expect(now()).toBe('1:1 0600');
    });

    it('changes nothing of what somebody has set since, nor of what is gone', async () => {
        const { steps, undo } = await plan();
        chmodSync(path, 0o400);
        expect([carryOut(steps[0]), carryOut(undo?.steps[0])]).toEqual([false, false]);
        expect(now()).toBe(`${owner()} 0400`);
        rmSync(path);
        expect(carryOut(steps[0])).toBeFalse();
    });

    it('closes a file at low risk, and lets nobody write again who cannot now', async () => {
        chmodSync(path, 0o666);
        const closed = await plan({ before: `${owner()} 0640` });
        expect([closed.risk, closed.riskText]).toEqual([
            'low',
            `${path} has its previous permissions until you undo this.`,
        ]);
        chmodSync(path, 0o640);
        const refused = jasmine.objectContaining({
            code: 'InvalidState',
            message: `Before, users other than its owner could change ${path}, so its old permissions are not restored`,
        });
        await expectAsync(plan({ before: `${owner()} 0666` })).toBeRejectedWith(refused);
        await expectAsync(plan({ before: `${owner()} 0642` })).toBeRejectedWith(refused);
    });

    it('is not planned for what was changed again since, is gone, or is not a file', async () => {
        const refused = jasmine.objectContaining({ code: 'InvalidState' });
        await expectAsync(plan({ after: `${owner()} 0400` })).toBeRejectedWith(refused);
        const link = join(directory, 'link');
        symlinkSync(path, link);
        await expectAsync(plan({ path: link })).toBeRejectedWith(refused);
        mkdirSync(join(directory, 'folder'));
        await expectAsync(plan({ path: join(directory, 'folder') })).toBeRejectedWith(refused);
        await expectAsync(plan({ path: join(directory, 'none') })).toBeRejectedWith(refused);
    });

    it('never lets a file run as somebody else', async () => {
        await expectAsync(plan({ before: '0:0 4755' })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument', message: jasmine.stringMatching(/before/) }),
        );
        // Nor is one touched that does: chown(2) takes those bits away, and what ended halfway would be neither.
        await expectAsync(plan({ after: '0:0 4755' })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument', message: jasmine.stringMatching(/after/) }),
        );
        await expectAsync(plan({ path: `${directory}/../x` })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument', message: jasmine.stringMatching(/path/) }),
        );
    });

    it('is another plan once the permissions are others', async () => {
        const before = await plan();
        chmodSync(path, 0o640);
        expect((await plan()).preconditions).not.toEqual(before.preconditions);
    });
});
