import { renameSync } from 'node:fs';
import { join } from 'node:path';

import { makeCheck } from '../../../../service/diagnosis/check.ts';
import type { Tried } from '../../../../service/diagnosis/playbook.ts';
import { families } from '../../../../service/faults/index.ts';
import { makesProgress, hasShrunk, unlessBeyondEnding } from '../../../../service/faults/runaway/recovery.ts';
import {
    diagnose,
    faultyComputer,
    fixesFor,
    incidentOf,
    manager,
    minute,
    now,
} from '../../../support/faultyComputer.ts';

describe('A program that has lost its way', () => {
    const computer = faultyComputer();

    it('measures whether what kept a processor busy still does', async () => {
        const path = '/sys/fs/cgroup/system.slice/indexer.service/cpu.stat';
        const calm = '/sys/fs/cgroup/system.slice/calm.service/cpu.stat';
        // The clock goes with the counter: what the counter is behind it, when the machine is busy, would pass for idleness.
        let now = performance.now();
        spyOn(performance, 'now').and.callFake(() => now);
        computer.write(path, `usage_usec ${Math.round(now * 1000)}\n`);
        computer.write(calm, 'usage_usec 1000000\nuser_usec 900000\n');
        const busy = (unit: string) =>
            incidentOf('runaway', 'busy', {
                subject: unit,
                facts: { group: `/system.slice/${unit}`, service: unit, scope: 'system', program: 'sh' },
            });
        const check = makeCheck({ ...manager(), families, machine: computer.machine });
        // It computes as time goes by, and nobody sees a counter half written.
        const computing = setInterval(() => {
            now += 20;
            computer.write('/next', `usage_usec ${Math.round(now * 1000)}\n`);
            renameSync(join(computer.root, '/next'), join(computer.root, path));
        }, 20);
        const units = ['indexer.service', 'calm.service', 'ended.service'];
        const results = await Promise.all(units.map(unit => check(busy(unit))));
        clearInterval(computing);
        expect(results.map(({ gone }) => gone)).toEqual([false, true, true]);
        expect(results[0]?.detail).toMatch(/^It still uses a processor (?:9\d|100) % of the time$/);
        expect(results.slice(1).map(({ detail }) => detail)).toEqual([
            'It now uses a processor 0 % of the time',
            'It has ended',
        ]);
        const [fix] = fixesFor(busy('indexer.service'));
        expect(fix?.parameters(busy('indexer.service'))).toEqual({ scope: 'system', unit: 'indexer.service' });
        expect(fix?.parameters(incidentOf('runaway', 'busy', { facts: { program: 'game' } }))).toBeNull();
    });

    it('checks whether a process that hung goes on, and whether one that grew gives back', async () => {
        const stat = (name: string, state: string, started: number) =>
            `4711 (${name}) ${state} 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 ${started} 100 200\n`;
        const status = (switches: number, kilobytes: number) =>
            `VmSize:\t900 kB\nRssAnon:\t${kilobytes} kB\nvoluntary_ctxt_switches:\t${switches}\nnonvoluntary_ctxt_switches:\t2\n`;
        const process = (text: string, switches = 10, kilobytes = 1000) => {
            computer.write('/proc/4711/stat', text);
            computer.write('/proc/4711/status', status(switches, kilobytes));
        };
        const facts = { pid: '4711', started: '77', switches: '12', size: String(1000 * 1024) };
        const hung = incidentOf('runaway', 'hung-task', { subject: 'tar', facts });
        const ofKernel = incidentOf('runaway', 'hung-task', { subject: 'tar', facts: { pid: '4711' } });
        const leak = incidentOf('runaway', 'memory-leak', { subject: 'tar', facts });
        const all = async () => [
            await computer.isGone(hung),
            await computer.isGone(ofKernel),
            await computer.isGone(leak),
        ];
        expect(await all()).toEqual([true, true, true]);
        process(stat('tar', 'D', 77));
        expect(await all()).toEqual([false, false, false]);
        process(stat('tar', 'D', 77), 11, 800);
        expect(await all()).toEqual([true, false, false]);
        process(stat('tar', 'S', 77), 10, 700);
        expect(await all()).toEqual([true, true, true]);
        process(stat('vim', 'D', 99));
        expect(await all()).toEqual([true, true, true]);
        const unnamed = incidentOf('runaway', 'hung-task', { subject: 'tar' });
        expect(await computer.isGone(unnamed, 19 * minute)).toBeFalse();
        expect(await computer.isGone(unnamed, 20 * minute)).toBeTrue();
    });

    it('offers to end what is no service, and what hangs only where it can be ended', () => {
        const offered = (kind: string, facts: Record<string, string>) => {
            const incident = incidentOf('runaway', kind, { facts });
            const fixes = fixesFor(incident);
            return fixes.filter(({ parameters }) => parameters(incident) !== null).map(({ action }) => action);
        };
        const process = { pid: '4711', started: '77' };
        for (const kind of ['busy', 'memory-leak']) {
            expect(offered(kind, process)).toEqual(['program.end']);
            expect(offered(kind, { ...process, service: 'indexer.service' })).toEqual(['unit.restart']);
        }
        const waits = ['server', 'filesystem', 'child', 'disk'];
        expect(waits.filter(each => offered('hung-task', { ...process, waits: each }).length > 0)).toEqual(
            waits.slice(0, 3),
        );
        // Of a thread that hangs the whole program is ended; of a service it is restarted.
        const thread = { ...process, waits: 'server', process: '4700', processStarted: '66' };
        expect(offered('hung-task', thread)).toEqual(['program.end']);
        const hung = incidentOf('runaway', 'hung-task', { facts: thread });
        const [restart, end] = fixesFor(hung);
        expect(end?.parameters(hung)).toEqual({ pid: 4700, started: 66 });
        const service = { ...thread, service: 'sync.service', serviceScope: 'user' };
        expect(offered('hung-task', service)).toEqual(['unit.restart']);
        const ofService = incidentOf('runaway', 'hung-task', { facts: service });
        expect(restart?.parameters(ofService)).toEqual({ scope: 'user', unit: 'sync.service' });
        expect(offered('hung-task', { ...service, waits: 'disk' })).toEqual([]);
        // The kernel's own word of it tells the number alone.
        expect(offered('hung-task', { pid: '4711', waits: 'child' })).toEqual([]);
    });

    it('offers to end a program at once only after it was asked to end and is still there', () => {
        const facts = { pid: '4711', started: '77', waits: 'server' };
        const asked = { action: 'program.end', parameters: { pid: 4711, started: 77 }, explanation: '' };
        const killed = { ...asked, action: 'program.kill' };
        const outcome = (kind: string, tried: Tried[]) => {
            const incident = incidentOf('runaway', kind, { facts });
            const { fixes, summary } = diagnose(incident, tried);
            return { offered: fixes.map(({ action }) => action), summary };
        };
        for (const kind of ['busy', 'memory-leak', 'hung-task']) {
            expect(outcome(kind, []).offered).toEqual(['program.end']);
            const { offered, summary } = outcome(kind, [{ ...asked, isDone: true, hasStarted: false }]);
            expect(offered).toEqual(['program.kill']);
            expect(summary).toContain('It was asked to quit but is still running.');
            // What could not be done was not asked; and it was another process that was.
            expect(outcome(kind, [{ ...asked, isDone: false, hasStarted: false }]).offered).toEqual([]);
            const other = { ...asked, parameters: { pid: 4710, started: 77 }, isDone: true, hasStarted: false };
            const another = outcome(kind, [other]);
            expect(another.offered).toEqual(['program.end']);
            expect(another.summary).toContain('The fix did not help.');
            expect(another.summary).not.toContain('still there');
            const both = [
                { ...asked, isDone: true, hasStarted: false },
                { ...killed, isDone: true, hasStarted: false },
            ];
            expect(outcome(kind, both).offered).toEqual([]);
            expect(outcome(kind, both).summary).toContain('The fix did not help.');
        }
    });

    it('says when nothing can end what hangs', async () => {
        const summary = (waits: string) => {
            const incident = incidentOf('runaway', 'hung-task', { facts: { pid: '4711', started: '77', waits } });
            return diagnose(incident).summary;
        };
        expect(summary('disk')).toContain('only a restart of the computer can end it');
        expect(summary('server')).toContain('Check that all of them respond.');
        expect(summary('child')).toContain('If it does not continue, end it');
        // Of what was tried to be ended all the same, the check says so.
        computer.write('/proc/4711/stat', '4711 (tar) D 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 77 100 200\n');
        computer.write('/proc/4711/wchan', 'io_schedule');
        computer.write('/proc/4711/status', 'VmSize:\t900 kB\nRssAnon:\t900 kB\nvoluntary_ctxt_switches:\t7\n');
        const facts = { pid: '4711', started: '77', switches: '7', size: '1000' };
        const { signal } = new AbortController();
        const detail = async (kind: string, afterFix: boolean) => {
            const incident = incidentOf('runaway', kind, { facts });
            const condition = unlessBeyondEnding(kind === 'hung-task' ? makesProgress : hasShrunk);
            const { systemd } = manager();
            return (await condition.check({ incident, machine: computer.machine, systemd, afterFix, now, signal }))
                .detail;
        };
        expect(await detail('hung-task', true)).toBe(
            'It is still waiting. Nothing can end it while it waits in the kernel',
        );
        expect(await detail('memory-leak', true)).toBe(
            'It still uses 1 MB. Nothing can end it while it waits in the kernel',
        );
        expect(await detail('memory-leak', false)).toBe('It still uses 1 MB');
        computer.write('/proc/4711/wchan', 'rpc_wait_bit_killable');
        expect(await detail('hung-task', true)).toBe('It is still waiting');
    });
});
