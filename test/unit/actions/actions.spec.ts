import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actions } from '../../../service/actions/actions.ts';
import type { ProposedFix } from '../../../service/actions/action.ts';
import type { ErrorCode } from '../../../service/util/errors.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { plan as planSchema } from '../../../service/model/proposal.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { Contents } from '../../../service/store/contents.ts';
import { filesOf } from '../../../service/machine/machine.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import { managerOf, recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../support/recordedUnits.ts';

describe('A typed action', () => {
    let units: Record<string, RecordedUnit>;
    let actions: Actions;
    let directory: string;
    let contents: Contents;

    const { signal } = new AbortController();
    const planOf = (action: string, parameters: ProposedFix['parameters']): Promise<Plan> =>
        actions.plan({ action, parameters, explanation: 'Because.' }, signal);
    const restart = (unit: string, scope = 'system') => planOf('unit.restart', { scope, unit });
    const code = (expected: ErrorCode) => jasmine.objectContaining({ code: expected });

    beforeEach(() => {
        units = recordedUnits(262);
        directory = mkdtempSync(join(tmpdir(), 'reeve-actions-'));
        contents = new Contents(directory);
        actions = new Actions({ ...managerOf(units), contents, machine: null });
    });
    afterEach(() => {
        rmSync(directory, { recursive: true });
    });

    it('names the exact call, and the same as a command', async () => {
        const { steps } = await restart('sample-exit.service');
        expect<unknown>(steps).toEqual([
            {
                description: 'Restart sample-exit.service',
                command: 'systemctl restart sample-exit.service',
                call: {
                    bus: 'system',
                    destination: 'org.freedesktop.systemd1',
                    path: '/org/freedesktop/systemd1',
                    interface: 'org.freedesktop.systemd1.Manager',
                    member: 'RestartUnit',
                    signature: 'ss',
                    arguments: ['sample-exit.service', 'replace'],
                },
            },
        ]);
    });

    it('on a unit of the user goes to the user’s manager and needs no password', async () => {
        const plan = await restart('sample-exit.service', 'user');
        expect(plan.steps[0]?.call.bus).toBe('session');
        expect(plan.steps[0]?.command).toBe('systemctl --user restart sample-exit.service');
        expect(plan.authentication).toBeFalse();
    });

    it('takes back a start by a stop, unless the unit was running', async () => {
        const { undo, risk } = await restart('sample-exit.service');
        expect(undo?.steps.map(({ command }) => command)).toEqual(['systemctl stop sample-exit.service']);
        expect(risk).toBe('low');
        run(recorded(units, 'sample-exit.service'));
        const running = await restart('sample-exit.service');
        expect(running.undo).toBeNull();
        expect(running.risk).toBe('medium');
    });

    it('starts what is not running', async () => {
        const plan = await restart('sample-web.service');
        expect([plan.title, plan.steps[0]?.call.member]).toEqual(['Start sample-web.service', 'StartUnit']);
    });

    it('warns of units that the desktop depends on', async () => {
        recorded(units, 'sample-exit.service').unit.Names = ['sample-exit.service', 'display-manager.service'];
        expect((await restart('sample-exit.service')).risk).toBe('medium');
    });

    it('clears the count of starts before it restarts', async () => {
        const plan = await planOf('unit.resetAndRestart', { scope: 'system', unit: 'sample-loop.service' });
        expect<unknown>(plan.steps.map(({ call }) => [call.member, call.signature, call.arguments])).toEqual([
            ['ResetFailedUnit', 's', ['sample-loop.service']],
            ['RestartUnit', 'ss', ['sample-loop.service', 'replace']],
        ]);
    });

    it('starts a dependency before its dependants, and stops them in the reverse order', async () => {
        const plan = await planOf('unit.startDependency', {
            scope: 'system',
            dependency: 'sample-database.service',
            dependants: ['sample-web.service', 'sample-needsbad.service'],
            reset: true,
        });
        expect(plan.steps.map(({ command }) => command)).toEqual([
            'systemctl reset-failed sample-database.service',
            'systemctl restart sample-database.service',
            'systemctl start sample-web.service',
            'systemctl start sample-needsbad.service',
        ]);
        expect(plan.undo?.steps.map(({ command }) => command)).toEqual([
            'systemctl stop sample-needsbad.service',
            'systemctl stop sample-web.service',
            'systemctl stop sample-database.service',
        ]);
    });

    it('has a unit make way for another, and undo gives it back what it had', async () => {
        units['sample-holder.service'] = structuredClone(recorded(units, 'sample-web.service'));
        Object.assign(units['sample-holder.service'].unit, {
            Id: 'sample-holder.service',
            Names: ['sample-holder.service'],
        });
        const parameters = {
            start: { scope: 'system', unit: 'sample-loop.service', reset: true },
            other: { scope: 'system', unit: 'sample-holder.service' },
        };
        await expectAsync(planOf('unit.makeWay', parameters)).toBeRejectedWith(code('InvalidState'));
        run(units['sample-holder.service']);
        const plan = await planOf('unit.makeWay', parameters);
        expect([plan.title, plan.risk]).toEqual([
            'Stop sample-holder.service, then restart sample-loop.service',
            'medium',
        ]);
        expect(plan.steps.map(({ command }) => command)).toEqual([
            'systemctl stop sample-holder.service',
            'systemctl reset-failed sample-loop.service',
            'systemctl restart sample-loop.service',
        ]);
        expect(plan.undo?.steps.map(({ command, undoes }) => [command, undoes])).toEqual([
            ['systemctl stop sample-loop.service', 2],
            ['systemctl start sample-holder.service', 0],
        ]);
        // Another run of it is another plan, which needs another approval.
        expect(Object.keys(plan.preconditions)).toContain('sample-holder.service invocation');
        Object.assign(units['sample-holder.service'].unit, {
            FragmentPath: '/run/systemd/transient/sample-holder.service',
        });
        expect((await planOf('unit.makeWay', parameters)).undo).toBeNull();
    });

    it('stops what needs the unit that makes way, and starts that again', async () => {
        const copy = (name: string, properties: object = {}) => {
            const unit = structuredClone(recorded(units, 'sample-web.service'));
            units[name] = unit;
            run(unit);
            return Object.assign(unit.unit, { Id: name, Names: [name] }, properties);
        };
        copy('sample-holder.service', { RequiredBy: ['sample-shop.service'], ConsistsOf: ['sample-idle.service'] });
        const shop = copy('sample-shop.service', { BoundBy: ['sample-till.service', 'sample-holder.service'] });
        copy('sample-till.service');
        copy('sample-idle.service', { ActiveState: 'inactive' });
        const parameters = {
            start: { scope: 'system', unit: 'sample-loop.service', reset: true },
            other: { scope: 'system', unit: 'sample-holder.service' },
        };
        const plan = await planOf('unit.makeWay', parameters);
        expect(plan.riskText).toContain('This also stops what needs it: sample-shop.service, sample-till.service.');
        expect(plan.steps.map(({ command }) => command)).toEqual([
            'systemctl stop sample-till.service',
            'systemctl stop sample-shop.service',
            'systemctl stop sample-holder.service',
            'systemctl reset-failed sample-loop.service',
            'systemctl restart sample-loop.service',
        ]);
        expect(plan.undo?.text).toContain('sample-holder.service, sample-shop.service, sample-till.service');
        expect(plan.undo?.steps.map(({ command, undoes }) => [command, undoes])).toEqual([
            ['systemctl stop sample-loop.service', 4],
            ['systemctl start sample-holder.service', 2],
            ['systemctl start sample-shop.service', 1],
            ['systemctl start sample-till.service', 0],
        ]);
        expect(Object.keys(plan.preconditions)).toContain('sample-till.service invocation');
        for (const refused of ['sample-a.target', 'sshd.service', 'sample-many.service']) {
            copy(refused);
            for (const name of ['1', '2']) copy(`sample-${name}.service`);
            Object.assign(shop, {
                RequiredBy: refused.includes('many') ? [refused, 'sample-1.service', 'sample-2.service'] : [refused],
            });
            await expectAsync(planOf('unit.makeWay', parameters))
                .withContext(refused)
                .toBeRejectedWith(code('InvalidState'));
        }
    });

    it('stops what would start the unit that makes way again, before it', async () => {
        const copy = (name: string, properties: object = {}) => {
            const unit = structuredClone(recorded(units, 'sample-web.service'));
            units[name] = unit;
            run(unit);
            return Object.assign(unit.unit, { Id: name, Names: [name] }, properties);
        };
        copy('sample-holder.service', {
            TriggeredBy: ['sample-holder.socket', 'sample-holder.path', 'sample-idle.timer'],
            RequiredBy: ['sample-shop.service'],
        });
        const socket = copy('sample-holder.socket');
        copy('sample-holder.path');
        copy('sample-idle.timer', { ActiveState: 'inactive' });
        copy('sample-shop.service');
        const parameters = {
            start: { scope: 'system', unit: 'sample-web.service', reset: false },
            other: { scope: 'system', unit: 'sample-holder.service' },
        };
        run(recorded(units, 'sample-web.service'));
        const plan = await planOf('unit.makeWay', parameters);
        expect(plan.steps.map(({ command }) => command)).toEqual([
            'systemctl stop sample-holder.socket',
            'systemctl stop sample-holder.path',
            'systemctl stop sample-shop.service',
            'systemctl stop sample-holder.service',
            'systemctl restart sample-web.service',
        ]);
        expect(plan.riskText).toContain('what would start it again: sample-holder.socket, sample-holder.path.');
        // sample-web.service was running before, so that it goes on.
        const all = 'sample-holder.socket, sample-holder.path, sample-holder.service, sample-shop.service';
        expect(plan.undo?.text).toBe(`Starts ${all} again`);
        expect(plan.undo?.steps.map(({ command, undoes }) => [command, undoes])).toEqual([
            ['systemctl start sample-holder.socket', 0],
            ['systemctl start sample-holder.path', 1],
            ['systemctl start sample-holder.service', 3],
            ['systemctl start sample-shop.service', 2],
        ]);
        expect(Object.keys(plan.preconditions)).toContain('sample-holder.socket invocation');
        Object.assign(socket, { RefuseManualStop: true, RefuseManualStart: true });
        await expectAsync(planOf('unit.makeWay', parameters)).toBeRejectedWith(code('InvalidState'));
    });

    it('has nothing make way that people would be cut off without', async () => {
        const holder = structuredClone(recorded(units, 'sample-web.service'));
        units['sample-holder.service'] = holder;
        run(holder);
        const isRefused = async (scope: string, name: string, ofType: object = {}) => {
            Object.assign(holder.unit, { Id: 'sample-holder.service', Names: ['sample-holder.service', name] });
            Object.assign(holder.ofType ?? {}, { Slice: 'app.slice' }, ofType);
            const start = { scope: 'system', unit: 'sample-loop.service', reset: true };
            const plan = planOf('unit.makeWay', { start, other: { scope, unit: 'sample-holder.service' } });
            return await plan.then(
                () => false,
                () => true,
            );
        };
        for (const name of ['display-manager', 'dbus', 'systemd-resolved', 'iwd', 'dhcpcd@eth0', 'ssh', 'user@1000'])
            expect(await isRefused('system', `${name}.service`))
                .withContext(name)
                .toBeTrue();
        for (const name of ['reeve', 'dbus', 'pipewire-pulse', 'gnome-remote-desktop', 'xdg-desktop-portal-gnome'])
            expect(await isRefused('user', `${name}.service`))
                .withContext(name)
                .toBeTrue();
        const shell = ['/usr/bin/gnome-shell', ['gnome-shell'], false, 0, 0, 0, 0, 0, 0, 0];
        expect(await isRefused('user', 'org.gnome.Shell@wayland.service', { ExecStart: [shell] })).toBeTrue();
        expect(await isRefused('user', 'plasma-plasmashell.service', { Slice: 'session.slice' })).toBeTrue();
        expect(await isRefused('system', 'nginx.service')).toBeFalse();
        expect(await isRefused('user', 'syncthing.service', { ExecStart: [] })).toBeFalse();
    });

    it('protects names in commands that are shown', async () => {
        const odd = 'dev-disk\\x2dby.service';
        units[odd] = structuredClone(recorded(units, 'sample-exit.service'));
        Object.assign(units[odd].unit, { Id: odd, Names: [odd] });
        expect((await restart(odd)).steps[0]?.command).toBe(`systemctl restart -- '${odd}'`);
    });

    const invalid: [string, ProposedFix['parameters']][] = [
        ['unit.restart', { scope: 'system', unit: 'no unit' }],
        ['unit.restart', { scope: 'system', unit: 'a.service; reboot' }],
        ['unit.restart', { scope: 'root', unit: 'a.service' }],
        ['unit.restart', { scope: 'system', unit: ['a.service'] }],
        ['unit.restart', { scope: 'system', unit: 'a.service', mode: 'isolate' }],
        ['unit.restart', { scope: 'system' }],
        ['unit.startDependency', { scope: 'system', dependency: 'a.service', dependants: [], reset: false }],
        ['unit.explode', { scope: 'system', unit: 'a.service' }],
        ['constructor', {}],
    ];
    for (const [action, parameters] of invalid) {
        it(`is refused as ${action} with ${JSON.stringify(parameters)}`, async () => {
            await expectAsync(planOf(action, parameters)).toBeRejectedWith(code('InvalidArgument'));
        });
    }

    it('names the parameter that does not fit', async () => {
        await expectAsync(restart('no unit')).toBeRejectedWithError('unit.restart: unit is not the name of a unit');
    });

    for (const unit of ['no-such.service', 'sample-masked.service', 'sample-badfile.service', 'sample-gone.service']) {
        it(`cannot be planned for ${unit}`, async () => {
            await expectAsync(restart(unit)).toBeRejectedWith(code('InvalidState'));
        });
    }

    it('that resets applies to failed units only', async () => {
        const reset = (unit: string) => planOf('unit.reset', { scope: 'system', unit });
        expect((await reset('sample-gone.service')).undo).toBeNull();
        await expectAsync(reset('sample-web.service')).toBeRejectedWith(code('InvalidState'));
    });

    it('says so when what it has to look at takes too long', async () => {
        for (const version of ['6.1.0-9-amd64', '6.1.0-10-amd64', '999.0.0-1-amd64']) {
            mkdirSync(join(directory, 'usr/lib/modules', version), { recursive: true });
            writeFileSync(join(directory, 'usr/lib/modules', version, 'vmlinuz'), '');
        }
        const hang = async (until: AbortSignal) => {
            if (!until.aborted) await once(until, 'abort');
            throw until.reason;
        };
        spyOn(AbortSignal, 'timeout').and.callFake(() => {
            const limit = new AbortController();
            setImmediate(() => {
                limit.abort(new DOMException('It took too long', 'TimeoutError'));
            });
            return limit.signal;
        });
        const machine: Machine = { ...filesOf(directory), run: (_program, _argv, options) => hang(options.signal) };
        actions = new Actions({ ...managerOf(units), contents, machine });
        await expectAsync(planOf('packages.removeKernels', {})).toBeRejectedWith(code('Unavailable'));
    });

    it('makes a plan that its schema accepts, and the same one from the same state', async () => {
        const one = await restart('sample-exit.service');
        expect(planSchema().parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
        expect(planDigest(await restart('sample-exit.service'))).toBe(planDigest(one));
    });

    it('has another digest for another word, step or state', async () => {
        const plan = await restart('sample-exit.service');
        const [step] = plan.steps;
        if (step === undefined) throw new Error('no step');
        const others: Plan[] = [
            { ...plan, title: 'Restart' },
            { ...plan, explanation: '' },
            { ...plan, steps: [{ ...step, call: { ...step.call, arguments: ['other.service', 'replace'] } }] },
            { ...plan, steps: [step, step] },
            { ...plan, undo: null },
            { ...plan, preconditions: {} },
        ];
        const digests = new Set([plan, ...others].map(planDigest));
        expect(digests.size).toBe(others.length + 1);
    });

    it('does not become another plan while systemd restarts the unit over and over', async () => {
        const { unit } = recorded(units, 'sample-loop.service');
        Object.assign(unit, { ActiveState: 'activating', SubState: 'auto-restart' });
        const before = planDigest(await restart('sample-loop.service'));
        unit.InvocationID = Array.from({ length: 16 }, () => 5);
        expect(planDigest(await restart('sample-loop.service'))).toBe(before);
    });
});
