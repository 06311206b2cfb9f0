import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { BusError } from '../../../service/dbus/connection.ts';
import { Executor } from '../../../service/execution/executor.ts';
import type { Execution } from '../../../service/execution/executor.ts';
import { reloadStep, unitStep } from '../../../service/actions/units/unitPlan.ts';
import { parseStat } from '../../../service/machine/processes/processes.ts';
import type { Step } from '../../../service/model/proposal.ts';
import { managerOf } from '../../support/recordedUnits.ts';
import type { Behaviour } from '../../support/recordedUnits.ts';

describe('Carrying out steps', () => {
    const unit = { scope: 'system' as const, name: 'a.service' };
    const restart = unitStep('RestartUnit', unit);
    const reset = unitStep('ResetFailedUnit', unit);
    const [restartOwn, resetOwn] = (['RestartUnit', 'ResetFailedUnit'] as const).map(method =>
        unitStep(method, { scope: 'user', name: 'a.service' }),
    ) as [Step, Step];

    async function carryOut(steps: Step[], behaviour: Behaviour, signal = new AbortController().signal) {
        const manager = managerOf({}, behaviour);
        const lines: string[] = [];
        const execution: Execution = await new Executor(manager).run(steps, {
            progress: line => lines.push(line),
            signal,
        });
        expect(manager.openConnections()).withContext('connections left open').toBe(0);
        return { execution, lines, calls: manager.calls, asked: manager.asked };
    }

    it('makes the calls in order and waits for each job', async () => {
        const { execution, calls, lines } = await carryOut([resetOwn, restartOwn, restartOwn], () => 'done');
        expect(execution).toEqual({ result: 'done', begun: true, done: 3, detail: '' });
        expect(calls).toEqual(['ResetFailedUnit a.service', 'RestartUnit a.service', 'RestartUnit a.service']);
        expect(lines.filter(line => line.startsWith('Accepted')).length).toBe(2);
    });

    it('stops at the first step that fails', async () => {
        const { execution, calls } = await carryOut([restartOwn, resetOwn], () => 'dependency');
        expect(execution).toEqual({
            result: 'failed',
            begun: true,
            done: 0,
            detail: 'A dependency of a.service failed',
        });
        expect(calls).toEqual(['RestartUnit a.service']);
    });

    // Seen with systemd 257 and 262: the dialog closed, a wrong password three times, no agent that could ask.
    for (const name of [
        'org.freedesktop.DBus.Error.AccessDenied',
        'org.freedesktop.DBus.Error.InteractiveAuthorizationRequired',
        'org.freedesktop.PolicyKit1.Error.NotAuthorized',
    ]) {
        it(`takes ${name} for a refusal`, async () => {
            const { execution } = await carryOut([restart], () => {
                throw new BusError(name, 'Permission denied');
            });
            expect(execution).toEqual(jasmine.objectContaining({ result: 'refused', begun: false, done: 0 }));
        });
    }

    it('is asked for one password for all that root does, and says how far that got', async () => {
        const web = unitStep('StartUnit', { scope: 'system', name: 'web.service' });
        const steps = [reset, reloadStep('system'), restart, web, restartOwn];
        const well = await carryOut(steps, () => 'done');
        expect(well.execution).toEqual({ result: 'done', begun: true, done: 5, detail: '' });
        expect(well.asked).toEqual([
            jasmine.stringMatching(/^StartTransientUnit reeve-step-[0-9a-f]{16}\.service$/),
            'RestartUnit a.service',
        ]);
        const made = [
            'ResetFailedUnit a.service',
            'Reload daemon-reload',
            'RestartUnit a.service',
            'StartUnit web.service',
        ];
        expect(well.calls).toEqual([...made, 'RestartUnit a.service']);
        expect(well.lines.slice(0, 4)).toEqual(steps.slice(0, 4).map(({ description }) => description));

        const { execution, calls } = await carryOut(steps, (_member, name) =>
            name === 'web.service' ? 'failed' : 'done',
        );
        expect(execution).toEqual({
            result: 'failed',
            begun: true,
            done: 3,
            detail: 'web.service failed again while starting',
        });
        expect(calls).toEqual(made);

        const refused = await carryOut(steps, () => {
            throw new BusError('org.freedesktop.DBus.Error.AccessDenied', 'Permission denied');
        });
        expect(refused.execution).toEqual(jasmine.objectContaining({ result: 'refused', begun: false, done: 0 }));
    });

    it('waits as long as all the steps of a call may take, then says how far it got', async () => {
        const web = unitStep('StartUnit', { scope: 'system', name: 'web.service' });
        const takes = (member: string, name: string) =>
            name === 'web.service'
                ? new Promise<string>(() => undefined)
                : member === 'RestartUnit'
                  ? setTimeout(400, 'done')
                  : 'done';
        const manager = managerOf({}, takes);
        const executor = new Executor({ open: manager.open, perStep: 300 });
        const execution = await executor.run([reset, restart, web], {
            progress: () => undefined,
            signal: new AbortController().signal,
        });
        expect(execution).toEqual({
            result: 'failed',
            begun: true,
            done: 2,
            detail: 'It took too long, so Reeve stopped waiting',
        });
        expect(manager.openConnections()).toBe(0);
    });

    it('waits until a process that a step ends has ended, reaped or not', async () => {
        const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
            stdio: ['ignore', 'pipe', 'ignore'],
        });
        const [line] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(line.toString());
        const stat = () => parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        const step = { ...resetOwn, ends: { pid, started: stat()?.started ?? 0 } };
        const states: (string | undefined)[] = [];
        const begun = performance.now();
        try {
            await carryOut([step, restartOwn], member => {
                if (member === 'RestartUnit') states.push(stat()?.state);
                else void setTimeout(300).then(() => process.kill(pid, 'SIGTERM'));
                return 'done';
            });
        } finally {
            parent.kill('SIGKILL');
        }
        expect(states).toEqual(['Z']);
        expect(performance.now() - begun).toBeLessThan(8000);
    });

    it('finishes what root has begun although it is cancelled: programs would go on all the same', async () => {
        const cancel = new AbortController();
        const behaviour = (member: string) => {
            if (member === 'RestartUnit') cancel.abort();
            return 'done';
        };
        const { execution, calls } = await carryOut([reset, restart, restart], behaviour, cancel.signal);
        expect(execution).toEqual({ result: 'done', begun: true, done: 3, detail: '' });
        expect(calls.length).toBe(3);
    });

    it('takes it for a cancellation when systemd tires of waiting for the password', async () => {
        const { execution } = await carryOut([restart], () => {
            throw new BusError('org.freedesktop.DBus.Error.NoReply', 'Method call timed out');
        });
        expect(execution).toEqual({
            result: 'cancelled',
            begun: false,
            done: 0,
            detail: 'The password was not entered within 25 seconds. Try again',
        });
    });

    it('passes on what the system answered, made safe', async () => {
        const { execution } = await carryOut([restart], () => {
            throw new BusError('org.freedesktop.systemd1.NoSuchUnit', 'Unit \u202ea.service\n not found.');
        });
        expect(execution.result).toBe('failed');
        expect(execution.detail).toBe('The system answered: Unit a.service  not found.');
    });

    it('begins nothing once it is cancelled', async () => {
        const { execution, calls } = await carryOut([restart], () => 'done', AbortSignal.abort());
        expect(execution).toEqual({
            result: 'cancelled',
            begun: false,
            done: 0,
            detail: 'Cancelled before anything was changed',
        });
        expect(calls).toEqual([]);
    });

    it('says that something had begun when it is cancelled between two steps', async () => {
        const cancel = new AbortController();
        const manager = managerOf({}, () => 'done');
        const execution = await new Executor(manager).run([resetOwn, restartOwn], {
            progress: line => {
                if (line === restart.description) cancel.abort();
            },
            signal: cancel.signal,
        });
        expect(execution).toEqual({
            result: 'cancelled',
            begun: true,
            done: 1,
            detail: 'Cancelled while in progress',
        });
        expect(manager.calls).toEqual(['ResetFailedUnit a.service']);
    });

    it('cancels the job that is running', async () => {
        const cancel = new AbortController();
        const { execution } = await carryOut(
            [restart],
            () => {
                // The reply that queues the job comes first, its end only after the cancellation.
                setImmediate(() => {
                    cancel.abort();
                });
                return 'canceled';
            },
            cancel.signal,
        );
        expect(execution).toEqual({
            result: 'cancelled',
            begun: true,
            done: 0,
            detail: 'Cancelled while in progress',
        });
    });

    for (const result of ['failed', 'timeout', 'canceled', 'skipped', 'assert', 'once']) {
        it(`has words for a job that ended as “${result}”`, async () => {
            const { execution } = await carryOut([restart], () => result);
            expect(execution.detail).toContain('a.service');
        });
    }
});
