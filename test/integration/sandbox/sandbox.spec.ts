// Commands in bubblewrap, on copies of real folders. Confinement is real; test/support/spawningManager.ts stands for systemd.
import {
    chmodSync,
    existsSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readlinkSync,
    readdirSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import type { Plan, Proposal } from '../../../service/model/proposal.ts';
import { Connection } from '../../../service/dbus/connection.ts';
import { Executor } from '../../../service/execution/executor.ts';
import { SandboxedCommands } from '../../../service/sandbox/sandboxedCommands.ts';
import { Contents } from '../../../service/store/contents.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';
import { startSpawningManager, type SpawningManager } from '../../support/spawningManager.ts';

const missing = ensureHostPackages({ bwrap: 'bubblewrap', gio: 'libglib2.0-bin' });

describe('A command in the sandbox', () => {
    let manager: SpawningManager;
    let home: string;
    let folder: string;
    let actions: Actions;
    let commands: SandboxedCommands;
    let plans: Plan[];
    let events: string[];
    const before = process.env.HOME;
    const never = new AbortController().signal;

    beforeEach(async () => {
        if (missing.length > 0) pending(`${missing.join(', ')} cannot be had here`);
        manager = await startSpawningManager();
        home = mkdtempSync(join(tmpdir(), 'reeve-sandbox-'));
        process.env.HOME = home;
        folder = join(home, 'work');
        mkdirSync(folder);
        plans = [];
        events = [];
        const contents = new Contents(join(home, 'state'));
        actions = new Actions({ ...managerOf(recordedUnits(262)), contents, machine: null });
        commands = new SandboxedCommands({
            stateDirectory: join(home, 'state'),
            home,
            open: () => Connection.open({ address: manager.address }),
            actions,
            proposals: {
                ask: (asked, offered) => {
                    plans.push(...offered);
                    const proposals = offered.map(plan => ({ plan, digest: 'd' }) as Proposal);
                    return { task: { id: 1, created: 0, asked }, proposals };
                },
            },
            contents,
            audit: {
                append: ({ event }) => {
                    events.push(event);
                    return {} as never;
                },
            },
        });
    });
    afterEach(async () => {
        await manager[Symbol.asyncDispose]();
        process.env.HOME = before;
        rmSync(home, { recursive: true, force: true });
    });

    const run = (argv: string[], { signal = never, network = false, directory = folder, folders = [folder] } = {}) =>
        commands.run({ argv, directory, folders, network }, { actor: 'terminal', signal });
    const shell = (script: string) => run(['sh', '-c', script]);
    const carryOut = async (steps: Plan['steps']) => {
        const executor = new Executor({ open: () => Connection.open({ address: manager.address }) });
        return await executor.run(steps, { progress: () => undefined, signal: never });
    };
    /** Everything in the folder, with what files contain and where links lead. */
    const standing = () =>
        Object.fromEntries(
            (readdirSync(folder, { recursive: true }) as string[]).map(name => {
                const path = join(folder, name);
                const found = lstatSync(path);
                if (found.isSymbolicLink()) return [name, `link ${readlinkSync(path)}`];
                return [name, found.isFile() ? readFileSync(path, 'utf8') : 'folder'];
            }),
        );
    const undoSteps = ({ undo }: Plan) => undo?.steps ?? [];

    it('has its output and its exit status', async () => {
        const { ended, output, sandbox } = await shell('echo out; echo err >&2; exit 3');
        expect(ended).toEqual({ how: 'exit', status: 3 });
        expect(output).toBe('out\nerr\n');
        expect(sandbox).toBe('bubblewrap');
        expect(events).toEqual(['command-started', 'command-ended']);
    });

    it('changes only a copy, which is removed', async () => {
        writeFileSync(join(folder, 'kept'), 'old\n');
        const { proposal } = await shell('echo new > kept; echo made > made');
        expect(proposal).not.toBeNull();
        expect(standing()).toEqual({ kept: 'old\n' });
        expect(readdirSync(join(home, 'state/runs'))).toEqual([]);
    });

    it('is a plan of exactly the files that it created, changed and deleted, which is applied and undone', async () => {
        for (const name of ['kept', 'edited', 'deleted', 'replaced']) writeFileSync(join(folder, name), `${name}\n`);
        mkdirSync(join(folder, 'old'));
        writeFileSync(join(folder, 'old/inner'), 'inner\n');
        symlinkSync('kept', join(folder, 'link'));
        const first = standing();
        await shell(
            'echo more >> edited; rm -r deleted old link; mkdir -p new/deep; echo made > new/deep/made; ln -s made new/deep/to; rm replaced; mkdir replaced; touch -d 2001-01-01 kept',
        );
        const [plan] = plans;
        if (plan === undefined) throw new Error('There is no plan');
        expect(plan.steps).toHaveSize(11);
        expect(plan.steps.find(({ file }) => file?.path === join(folder, 'edited'))?.diff).toContain('+more');
        const again = await actions.plan({
            action: plan.action,
            parameters: plan.parameters,
            explanation: plan.explanation,
        });
        expect(again).toEqual(plan);
        expect((await carryOut(plan.steps)).result).toBe('done');
        expect(standing()).toEqual({
            kept: 'kept\n',
            edited: 'edited\nmore\n',
            new: 'folder',
            'new/deep': 'folder',
            'new/deep/made': 'made\n',
            'new/deep/to': 'link made',
            replaced: 'folder',
        });
        expect((await actions.verify(plan)).gone).toBeTrue();
        const trash = readdirSync(join(home, '.local/share/Trash/files')).map(name =>
            name.replace(/\.reeve-.*/, '.old'),
        );
        expect(trash.sort()).toEqual(['deleted', 'edited.old', 'inner', 'replaced']);
        expect((await carryOut(undoSteps(plan))).result).toBe('done');
        expect(standing()).toEqual(first);
    });

    it('is not applied over what was changed since', async () => {
        writeFileSync(join(folder, 'file'), 'old\n');
        await shell('echo new > file');
        const [plan] = plans;
        if (plan === undefined) throw new Error('There is no plan');
        writeFileSync(join(folder, 'file'), 'mine\n');
        const { action, parameters } = plan;
        await expectAsync(actions.plan({ action, parameters, explanation: '' })).toBeRejectedWithError(
            /has changed since/,
        );
        expect((await carryOut(plan.steps)).result).toBe('failed');
        expect(standing()).toEqual({ file: 'mine\n' });
    });

    it('has no plan when it changed nothing', async () => {
        writeFileSync(join(folder, 'file'), 'old\n');
        const { proposal, leftOut } = await shell('cat file; touch -m file; mv file other; mv other file');
        expect([proposal, leftOut]).toEqual([null, []]);
    });

    it('names what cannot be part of a plan', async () => {
        const { leftOut, proposal } = await shell(
            String.raw`mkfifo pipe; head -c 2000000 /dev/zero > large; echo 'password = correct-horse-battery' > settings; touch "$(printf 'a\033b')"`,
        );
        expect(proposal).toBeNull();
        expect(leftOut.map(({ path }) => path.replace(`${folder}/`, '')).sort()).toEqual([
            'ab',
            'large',
            'pipe',
            'settings',
        ]);
    });

    it('is one plan of at most a hundred files', async () => {
        const { refusal, proposal } = await shell('for n in $(seq 101); do echo $n > $n; done');
        expect(proposal).toBeNull();
        expect(refusal).toContain('101');
    });

    it('has the beginning and the end of a long output, without control characters and secrets', async () => {
        const { output } = await shell(
            String.raw`printf '\033[31mred\n'; echo "password=hunter2hunter2"; yes | head -c 1000000; echo end`,
        );
        expect(output.startsWith('red\n')).toBeTrue();
        expect(output).not.toContain('hunter2');
        expect(output.length).toBeLessThan(70_000);
        expect(output.endsWith('end\n')).toBeTrue();
    });

    it('is stopped with everything that it started', async () => {
        const stop = new AbortController();
        const running = run(['sh', '-c', 'sleep 1000 & sleep 1000'], { signal: stop.signal });
        while (manager.running() === 0) await new Promise(resolve => setImmediate(resolve));
        stop.abort(new Error('stopped'));
        await expectAsync(running).toBeRejectedWithError('stopped');
        expect(manager.running()).toBe(0);
        expect(readdirSync(join(home, 'state/runs'))).toEqual([]);
        expect(events).toEqual(['command-started', 'command-failed']);
    });

    it('leaves nothing when the service was killed: the next one removes it', async () => {
        const left = join(home, 'state/runs/reeve-run-1');
        mkdirSync(join(left, '0/closed'), { recursive: true });
        writeFileSync(join(left, '0/closed/file'), '');
        chmodSync(join(left, '0/closed'), 0);
        await commands.removeLeftovers();
        expect(existsSync(left)).toBeFalse();
    });

    it('may not have a folder that holds more than the home directory, or Reeve’s own', async () => {
        const refused = async (path: string) => {
            await expectAsync(run(['true'], { directory: path, folders: [path] })).toBeRejectedWith(
                jasmine.objectContaining({ code: 'InvalidState' }),
            );
        };
        mkdirSync(join(home, '.local/state/reeve'), { recursive: true });
        symlinkSync(home, join(folder, 'up'));
        for (const path of [
            '/',
            '/etc',
            home,
            join(home, '.local'),
            join(home, '.local/state/reeve'),
            join(folder, 'up'),
        ])
            await refused(path);
    });

    it('is bounded by its unit', async () => {
        await shell('true');
        const unit = [...manager.units].find(([name]) => /^reeve-run-[0-9a-f-]{36}\.service$/.test(name))?.[1];
        expect(unit).toEqual(
            jasmine.objectContaining({
                NoNewPrivileges: true,
                MemoryMax: 2 * 1024 ** 3,
                MemorySwapMax: 0,
                TasksMax: 512,
                TimeoutStartUSec: 600_000_000,
                LimitFSIZE: 512 * 1024 ** 2,
            }),
        );
    });

    it('ends with the status of a program that is not there', async () => {
        expect((await run(['no-such-program'])).ended).toEqual({ how: 'exit', status: 1 });
    });
});
