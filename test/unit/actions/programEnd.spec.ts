import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import type { Step } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { parseStat } from '../../../service/machine/processes/processes.ts';
import { managerOf, recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../support/recordedUnits.ts';

const uid = process.getuid?.() ?? 0;
const manager = `/user.slice/user-${uid}.slice/user@${uid}.service`;
const scope = 'app-gnome-org.example.Editor-4711.scope';
const application = `${manager}/app.slice/${scope}`;
const terminal = `${manager}/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1234.scope`;

describe('Ending a program', () => {
    let root: string;
    let units: Record<string, RecordedUnit>;
    let actions: Actions;
    let child: ChildProcess;
    let pid: number;
    let started: number;

    const write = (path: string, text: string) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    };
    const plan = async (values: object = {}, action = 'program.end') =>
        await actions.plan(
            { action, parameters: { pid, started, ...values }, explanation: 'Because.' },
            new AbortController().signal,
        );
    const refusal = async (values: object = {}, action = 'program.end') =>
        await plan(values, action).then(
            () => 'nothing',
            (error: unknown) => (error instanceof ReeveError ? `${error.code}: ${error.message}` : String(error)),
        );
    const of = (owner: number) => {
        write(`/proc/${pid}/status`, `Name:\tsleep\nUid:\t${owner}\t${owner}\t${owner}\t${owner}\nVmSize:\t900 kB\n`);
    };
    const start = async (program: string, ...argv: string[]) => {
        child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
        await once(child, 'spawn');
        pid = child.pid ?? 0;
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        started = parseStat(stat)?.started ?? 0;
        write(`/proc/${pid}/stat`, stat.replace(/\(.*\)/, '(sleep)'));
        write(`/proc/${pid}/cgroup`, `0::${terminal}\n`);
        of(uid);
    };
    const carryOut = async (step: Step | undefined) => {
        const properties = step?.call.arguments[2] as [string, { value: [string, string[]][] }][];
        const programs = properties.find(([name]) => name === 'ExecStartEx')?.[1].value ?? [];
        // As the manager does: one after the other, as long as each succeeds.
        for (const [file, [argv0 = '', ...argv]] of programs) {
            // Not synchronously: what has ended must be reaped here.
            const [status] = (await once(spawn(file, argv, { argv0, stdio: 'ignore' }), 'exit')) as [number | null];
            if (status !== 0) return false;
        }
        return true;
    };

    beforeEach(async () => {
        root = mkdtempSync(join(tmpdir(), 'reeve-end-'));
        units = recordedUnits(262);
        units[scope] = structuredClone(recorded(units, 'sample-web.service'));
        Object.assign(units[scope].unit, { Id: scope, Names: [scope] });
        run(units[scope]);
        const machine = { root, system: null, session: null, run: () => Promise.resolve(null) };
        actions = new Actions({ ...managerOf(units), contents: new Contents(join(root, 'state')), machine });
        await start('sleep', '1000');
    });
    afterEach(() => {
        child.kill('SIGKILL');
        rmSync(root, { recursive: true });
    });

    it('names the whole program where the kernel has cut its name off', async () => {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        write(`/proc/${pid}/stat`, stat.replace(/\(.*\)/, '(gnome-text-edit)'));
        write(`/proc/${pid}/cmdline`, '/usr/bin/gnome-text-editor\0--gapplication-service\0');
        expect((await plan()).title).toBe('End gnome-text-editor');
        write(
            '/usr/share/applications/org.gnome.TextEditor.desktop',
            '[Desktop Entry]\nType=Application\nName=Text Editor\nExec=gnome-text-editor %U\n',
        );
        expect((await plan()).title).toBe('End Text Editor');
    });

    it('asks exactly the process that was reported, which ends', async () => {
        const { title, steps, undo, risk, riskText, authentication } = await plan();
        expect([title, undo, risk, authentication]).toEqual(['End sleep', null, 'medium', false]);
        expect(riskText).toBe('Unsaved work is lost.');
        expect(steps.map(({ command }) => command)).toEqual([
            `systemd-run --user --wait --pipe grep --quiet --extended-regexp '^${pid} .*\\) ([^ ]+ ){19}${started} ' /proc/${pid}/stat && systemd-run --user --wait --pipe kill -TERM ${pid}`.replaceAll(
                /--pipe (grep|kill)/g,
                (_all, name: string) => `--pipe /usr/bin/${name}`,
            ),
        ]);
        const ended = once(child, 'exit');
        expect(await carryOut(steps[0])).toBeTrue();
        expect(await ended).toEqual([null, 'SIGTERM']);
    });

    it('waits for its end before it starts the unit that needs what it had', async () => {
        const { title, steps, undo, risk, authentication, preconditions } = await plan(
            { start: { scope: 'system', unit: 'sample-exit.service', reset: false } },
            'program.makeWay',
        );
        expect([title, undo, risk, authentication]).toEqual([
            'End sleep, then restart sample-exit.service',
            null,
            'medium',
            true,
        ]);
        expect(steps.map(({ description }) => description)).toEqual([
            `Ask sleep (process ${pid}) to quit`,
            'Restart sample-exit.service',
        ]);
        expect(Object.keys(preconditions)).toEqual(
            jasmine.arrayContaining([`process ${pid}`, 'sample-exit.service invocation']),
        );
        const [stale] = JSON.parse(JSON.stringify(steps).replaceAll(String(started), String(started - 1))) as Step[];
        expect(await carryOut(stale)).toBeFalse();
        expect(child.exitCode ?? child.signalCode).toBeNull();
        expect(steps.map(({ ends }) => ends)).toEqual([{ pid, started }, undefined]);
        const ended = once(child, 'exit');
        expect(await carryOut(steps[0])).toBeTrue();
        expect(await ended).toEqual([null, 'SIGTERM']);
    });

    it('does nothing to another process that has its number by now', async () => {
        const { steps } = await plan();
        const [step] = JSON.parse(JSON.stringify(steps).replaceAll(String(started), String(started - 1))) as Step[];
        expect(await carryOut(step)).toBeFalse();
        expect(child.exitCode ?? child.signalCode).toBeNull();
        expect(await refusal({ started: started + 1 })).toBe(`InvalidState: Process ${pid} has ended`);
        expect(await refusal({ pid: 999_999_999 })).toBe('InvalidState: Process 999999999 has ended');
    });

    it('of an application stops the unit that it is in', async () => {
        write(`/proc/${pid}/cgroup`, `0::${application}\n`);
        const first = await plan();
        expect([first.title, first.undo]).toEqual(['End org.example.Editor', null]);
        expect(first.steps.map(({ command }) => command)).toEqual([`systemctl --user stop ${scope}`]);
        // Another run of it is another plan, which needs another approval.
        const unit = recorded(units, scope).unit;
        Object.assign(unit, { InvocationID: Array.from({ length: 16 }, () => 9) });
        expect(planDigest(await plan())).not.toBe(planDigest(first));
    });

    it('at once does not ask, as is needed for what ignores that it is asked', async () => {
        child.kill('SIGKILL');
        await start('sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done');
        if (child.stdout !== null) await once(child.stdout, 'data');
        expect(await carryOut((await plan()).steps[0])).toBeTrue();
        const { title, steps, undo, risk, riskText, authentication } = await plan({}, 'program.kill');
        expect(child.exitCode ?? child.signalCode).toBeNull();
        expect([title, undo, risk, authentication]).toEqual(['End sleep immediately', null, 'medium', false]);
        expect(riskText).toBe('Unsaved work is lost, and the program cannot clean up after itself.');
        expect(steps[0]?.description).toBe(`End sleep (process ${pid}) immediately`);
        expect(steps[0]?.commands?.[1]).toBe(`systemd-run --user --wait --pipe /usr/bin/kill -KILL ${pid}`);
        const [stale] = JSON.parse(JSON.stringify(steps).replaceAll(String(started), String(started - 1))) as Step[];
        expect(await carryOut(stale)).toBeFalse();
        expect(child.exitCode ?? child.signalCode).toBeNull();
        const ended = once(child, 'exit');
        expect(await carryOut(steps[0])).toBeTrue();
        expect(await ended).toEqual([null, 'SIGKILL']);
    });

    it('at once is of an application for all of its processes, in the run that was approved', async () => {
        write(`/proc/${pid}/cgroup`, `0::${application}\n`);
        const first = await plan({}, 'program.kill');
        expect(first.title).toBe('End org.example.Editor immediately');
        expect(first.steps.map(({ description, command }) => [description, command])).toEqual([
            [`End all processes of ${scope} immediately`, `systemctl --user kill --signal=KILL ${scope}`],
        ]);
        expect(first.steps[0]?.call).toEqual(
            jasmine.objectContaining({
                bus: 'session',
                member: 'KillUnit',
                signature: 'ssi',
                arguments: [scope, 'all', 9],
            }),
        );
        const unit = recorded(units, scope).unit;
        Object.assign(unit, { InvocationID: Array.from({ length: 16 }, () => 9) });
        expect(planDigest(await plan({}, 'program.kill'))).not.toBe(planDigest(first));
    });

    it('at once is for the same programs, and not for what nothing can end', async () => {
        const stat = readFileSync(join(root, `/proc/${pid}/stat`), 'utf8').replace(/\) \w /, ') D ');
        write(`/proc/${pid}/stat`, stat);
        const still = `VmSize:\t900 kB\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t1\n`;
        const status = (text: string) => {
            write(`/proc/${pid}/status`, `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n${text}`);
        };
        const waitingIn = async (place: string) => {
            write(`/proc/${pid}/wchan`, place);
            return await refusal({}, 'program.kill');
        };
        status(still);
        expect(await waitingIn('io_schedule')).toBe('InvalidState: Nothing can end sleep while it waits in the kernel');
        expect(await waitingIn('0')).toContain('InvalidState: Nothing can end');
        expect(await waitingIn('request_wait_answer')).toBe('nothing');
        write(`/proc/${pid}/stat`, stat.replace(') D ', ') S '));
        expect(await waitingIn('io_schedule')).toBe('nothing');
        of(uid + 1);
        expect(await refusal({}, 'program.kill')).toBe('InvalidState: sleep does not belong to you');
        of(uid);
        write(`/proc/${pid}/cgroup`, `0::${manager}/init.scope\n`);
        expect(await refusal({}, 'program.kill')).toBe('InvalidState: The session needs sleep');
    });

    it('is not for what is somebody else’s, a service, or part of the session', async () => {
        of(uid + 1);
        expect(await refusal()).toBe('InvalidState: sleep does not belong to you');
        write(`/proc/${pid}/status`, `Name:\tsleep\nUid:\t${uid}\t0\t0\t${uid + 1}\n`);
        expect(await refusal()).toBe('InvalidState: sleep does not belong to you');
        of(uid);
        write(`/proc/${pid}/cgroup`, `0::${manager}/session.slice/org.gnome.Shell@wayland.service\n`);
        expect(await refusal()).toContain('InvalidState: sleep is part of org.gnome.Shell@wayland.service');
        write(`/proc/${pid}/cgroup`, `0::${manager}/init.scope\n`);
        expect(await refusal()).toBe('InvalidState: The session needs sleep');
        write(`/proc/${pid}/cgroup`, `0::${terminal}\n`);
        const stat = readFileSync(join(root, `/proc/${pid}/stat`), 'utf8');
        for (const name of ['gnome-shell', 'systemd', '(sd-pam)', 'dbus-daemon', 'Xwayland']) {
            write(`/proc/${pid}/stat`, stat.replace('(sleep)', `(${name})`));
            expect(await refusal()).toBe(`InvalidState: The session needs ${name}`);
        }
        // A program may call itself what it likes; its file may not.
        write(`/proc/${pid}/stat`, stat);
        symlinkSync('/usr/bin/gnome-shell', join(root, `/proc/${pid}/exe`));
        expect(await refusal()).toBe('InvalidState: The session needs sleep');
    });

    it('is not for Reeve itself, nor for an application that it runs in', async () => {
        const stat = readFileSync(join(root, `/proc/${pid}/stat`), 'utf8');
        write(`/proc/${process.pid}/stat`, stat.replace(/^\d+/, String(process.pid)));
        write(`/proc/${process.pid}/status`, readFileSync(join(root, `/proc/${pid}/status`), 'utf8'));
        write(`/proc/${process.pid}/cgroup`, `0::${terminal}\n`);
        expect(await refusal({ pid: process.pid })).toBe('InvalidState: The session needs sleep');
        write('/proc/self/cgroup', `0::${application}\n`);
        write(`/proc/${pid}/cgroup`, `0::${application}\n`);
        expect(await refusal()).toBe('InvalidState: The session needs sleep');
    });

    it('takes numbers and nothing else', async () => {
        for (const values of [{ pid: 1 }, { pid: -1 }, { pid: '1234' }, { started: 0.5 }, { signal: 9 }])
            expect(await refusal(values)).toMatch(/^InvalidArgument: program\.end/);
    });
});
