import { spawnSync } from 'node:child_process';
import {
    chmodSync,
    closeSync,
    mkdirSync,
    mkdtempSync,
    openSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { passwordsFor } from '../../../service/actions/joinedCalls.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { plan as planSchema } from '../../../service/model/proposal.ts';
import type { BusValue, Plan, Step } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { managerOf, recorded, recordedUnits, run } from '../../support/recordedUnits.ts';

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
    /** The programs that the step has a manager run, and what they are given to read. */
    const told = ({ call }: Step) => {
        const properties = call.arguments[2] as [string, { value: BusValue }][];
        const { ExecStartEx, ExecStopPostEx, StandardInputData } = Object.fromEntries(properties);
        const argvs = (commands: { value: BusValue } | undefined) =>
            ((commands?.value ?? []) as [string, string[]][]).map(([, argv]) => argv);
        const { base64 } = (StandardInputData?.value ?? { base64: '' }) as { base64: string };
        const input = Buffer.from(base64, 'base64').toString();
        return { argvs: argvs(ExecStartEx), last: argvs(ExecStopPostEx), input };
    };
    const program = (argv: string[]) => argv[0]?.split('/').at(-1);
    /** Runs them as a manager does: each gets the input again, and after one fails only the cleaning follows. */
    const carryOut = (step: Step | undefined): boolean => {
        if (step === undefined) throw new Error('there is no such step');
        const { argvs, last, input } = told(step);
        const file = join(directory, 'input');
        writeFileSync(file, input);
        const run = ([name = '', ...rest]: string[]) => {
            const stdin = openSync(file, 'r');
            try {
                return spawnSync(name, rest, { stdio: [stdin, 'ignore', 'ignore'], timeout: 10_000 }).status === 0;
            } finally {
                closeSync(stdin);
            }
        };
        const isDone = argvs.every(run);
        last.forEach(run);
        return isDone;
    };
    /** What is in the folder beside what the test itself put there. */
    const left = () => readdirSync(directory).filter(name => !['state', 'input', basename(path)].includes(name));

    it('has a manager write what it held, and can write again what it holds', async () => {
        const { title, steps, undo, authentication, risk } = await plan();
        expect(title).toBe('Restore the previous version of it’s a file.conf');
        expect(steps.map(told).map(({ argvs, input }) => ({ programs: argvs.map(program), input }))).toEqual([
            { programs: ['cmp', 'cp', 'tee', 'sync', 'mv', 'sync'], input: 'Port 22\n' },
        ]);
        expect(steps[0]?.diff).toBe('@@ -1,1 +1,1 @@\n-Prot 22\n+Port 22');
        expect(steps[0]?.command).toContain(
            `systemd-run --user --wait --pipe /usr/bin/cmp -- '${path}' ${contents.path(after)} && `,
        );
        expect(steps[0]?.command).toContain(`.tmp < ${contents.path(before)} && `);
        expect([authentication, risk]).toEqual([false, 'low']);
        expect(readFileSync(path, 'utf8')).toBe('Prot 22\n');

        chmodSync(path, 0o640);
        const { ino } = statSync(path);
        expect(carryOut(steps[0])).toBeTrue();
        expect(readFileSync(path, 'utf8')).toBe('Port 22\n');
        // Another file has taken its place at once, with its permissions.
        expect(statSync(path).ino).not.toBe(ino);
        expect(statSync(path).mode & 0o7777).toBe(0o640);
        expect(carryOut(undo?.steps[0])).toBeTrue();
        expect(readFileSync(path, 'utf8')).toBe('Prot 22\n');
        expect(left()).toEqual([]);
    });

    it('writes nothing over what was changed while the password was waited for', async () => {
        const edit = await plan();
        const removal = await plan({ before: null });
        writeFileSync(path, 'an hour of work\n');
        expect(carryOut(edit.steps[0])).toBeFalse();
        expect(carryOut(removal.steps[0])).toBeFalse();
        expect(readFileSync(path, 'utf8')).toBe('an hour of work\n');

        rmSync(path);
        const creation = await plan({ after: null, permissions: '0:0 0644' });
        writeFileSync(path, 'made anew\n');
        expect(carryOut(creation.steps[0])).toBeFalse();
        expect(readFileSync(path, 'utf8')).toBe('made anew\n');
        expect(left()).toEqual([]);
    });

    it('makes a removed file again as it was, for whom it was', async () => {
        const user = `${process.getuid?.()}:${process.getgid?.()}`;
        for (const mode of ['0600', '0755']) {
            rmSync(path);
            const { steps, undo } = await plan({ after: null, permissions: `${user} ${mode}` });
            expect(carryOut(steps[0])).toBeTrue();
            expect(readFileSync(path, 'utf8')).toBe('Port 22\n');
            expect((statSync(path).mode & 0o7777).toString(8)).toBe(mode.slice(1));

            expect(carryOut(undo?.steps[0])).toBeTrue();
            expect(left()).toEqual([]);
            writeFileSync(path, 'Prot 22\n');
        }
        chmodSync(path, 0o751);
        const { title, riskText, steps, undo } = await plan({ before: null });
        expect(title).toBe('Delete it’s a file.conf');
        expect(riskText).toMatch(/^The content of .* is lost until you undo this\.$/);
        expect(carryOut(steps[0])).toBeTrue();
        expect(carryOut(undo?.steps[0])).toBeTrue();
        expect((statSync(path).mode & 0o7777).toString(8)).toBe('751');
        rmSync(path);
        await expectAsync(plan({ after: null })).toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidState' }));
        await expectAsync(plan({ after: null, permissions: '0:0 4755' })).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidArgument' }),
        );
    });

    it('starts what failed because of it', async () => {
        const restart = { scope: 'system', unit: 'sample-exit.service', reset: true };
        const { steps, authentication } = await plan({ restart });
        const members = steps.map(({ call }) => call.member);
        expect(members).toEqual(['StartTransientUnit', 'ResetFailedUnit', 'RestartUnit']);
        expect(authentication).toBeTrue();
    });

    it('starts what failed because of that as well, with one password, and undo stops it', async () => {
        const dependants = ['sample-web.service', 'sample-slow.service'];
        const restart = { scope: 'system', unit: 'sample-exit.service', reset: true, dependants };
        const { steps, undo } = await plan({ restart });
        expect(steps.slice(1).map(({ command }) => command)).toEqual([
            'systemctl reset-failed sample-exit.service',
            'systemctl restart sample-exit.service',
            'systemctl start sample-web.service',
            'systemctl start sample-slow.service',
        ]);
        expect(passwordsFor(steps, { authentication: true })).toBe(1);
        expect(undo?.text).toMatch(
            /before the fix\. Stops the units that were not running before: sample-slow\.service, sample-web\.service, sample-exit\.service$/,
        );
        const stops = undo?.steps.slice(0, -1).map(({ command, undoes }) => [command, undoes]);
        expect(stops).toEqual([
            ['systemctl stop sample-slow.service', 4],
            ['systemctl stop sample-web.service', 3],
            ['systemctl stop sample-exit.service', 2],
        ]);

        const folder = join(directory, 'systemd/user');
        mkdirSync(folder, { recursive: true });
        const unitFile = join(folder, 'sample-exit.service');
        writeFileSync(unitFile, 'Prot 22\n');
        const reloaded = await plan({ path: unitFile, restart: { ...restart, reset: false } });
        expect(reloaded.steps.slice(-2).map(({ command }) => command)).toEqual([
            'systemctl start sample-web.service',
            'systemctl start sample-slow.service',
        ]);
        run(recorded(units, 'sample-web.service'));
        const { undo: again } = await plan({ path: unitFile, restart: { ...restart, reset: false } });
        expect(again?.steps.map(({ call, undoes }) => [call.member, undoes])).toEqual([
            ['StopUnit', 5],
            ['StopUnit', 3],
            ['StartTransientUnit', undefined],
            ['Reload', undefined],
        ]);
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

    it('is the same plan as long as nothing has changed, and survives the database', async () => {
        const first = await plan();
        expect(planDigest(planSchema().parse(JSON.parse(JSON.stringify(first))))).toBe(planDigest(first));
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

    it('writes the very file whose name looks like a variable', async () => {
        const odd = join(directory, '${HOME} $$ %h.conf');
        writeFileSync(odd, 'Prot 22\n');
        const [step] = (await plan({ path: odd })).steps;
        expect(carryOut(step)).toBeTrue();
        expect(readFileSync(odd, 'utf8')).toBe('Port 22\n');
        const properties = JSON.stringify(step?.call.arguments[2]);
        expect(properties).toContain('["ExecStartEx",{"signature":"a(sasas)","value":[["/usr/bin/cmp",');
        expect(properties.match(/\["no-env-expand"\]/g)?.length).toBe(7);
        expect(properties).toContain('["Description",{"signature":"s","value":"Reeve: tee"}]');
        expect(step?.command).toContain(` --expand-environment=no /usr/bin/cmp -- '${odd}'`);
    });

    it('refuses paths that are not plain', async () => {
        for (const crooked of [
            'etc/passwd',
            '/etc/../root/x',
            '/etc/',
            '/etc//x',
            '/etc/x\0y',
            '/etc/x\ny',
            '/etc/\u202ey',
        ]) {
            await expectAsync(plan({ path: crooked }))
                .withContext(crooked)
                .toBeRejectedWith(jasmine.objectContaining({ code: 'InvalidArgument' }));
        }
    });
});
