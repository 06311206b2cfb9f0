import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { AuditLog, NewAuditEntry } from '../../../service/audit/auditLog.ts';
import { Demo } from '../../../service/demo/demo.ts';
import { DemoService } from '../../../service/demo/demoService.ts';
import { demoFiles } from '../../../service/demo/files.ts';
import type { Execution } from '../../../service/execution/executor.ts';
import type { Step } from '../../../service/model/proposal.ts';
import type { UnitDetails } from '../../../service/machine/units/systemd.ts';
import type { Timeline } from '../../../service/timeline/timeline.ts';
import { ReeveError } from '../../../service/util/errors.ts';

describe('The demo', () => {
    let home: string;
    beforeEach(() => {
        home = mkdtempSync(join(tmpdir(), 'reeve-demo-'));
    });
    afterEach(() => {
        rmSync(home, { recursive: true });
    });
    const left = () => {
        try {
            return readdirSync(dirname(demoFiles(home).unit)).sort();
        } catch {
            return [];
        }
    };

    /**
     * @param how.fails the method of the manager that does
     * @param how.activeState of the unit
     * @param how.answers whether the manager does when it is asked for the unit
     * @param how.notices whether the watch of files does
     */
    function make({ fails = '', activeState = 'failed', answers = true, notices = true } = {}) {
        const files = demoFiles(home);
        const calls: string[] = [];
        const audited: string[] = [];
        const timeline = new EventEmitter();
        const executor = {
            run: (steps: readonly Step[]): Promise<Execution> => {
                calls.push(
                    ...steps.map(({ call }) =>
                        [call.bus, call.member, ...call.arguments.map(String).slice(0, 1)].join(' '),
                    ),
                );
                const isFailing = steps.some(({ call }) => call.member === fails);
                const result = isFailing
                    ? ({ result: 'failed', detail: 'no' } as const)
                    : ({ result: 'done', detail: '' } as const);
                return Promise.resolve({ ...result, begun: true, done: 0 });
            },
        };
        const notice = () => {
            // As the watch does: soon after, and of whatever is there by then.
            setImmediate(() => {
                for (const subject of [files.unit, files.settings])
                    timeline.emit('added', { kind: 'file', subject, event: 'edited' });
            });
        };
        timeline.on('newListener', (name: string) => {
            if (name === 'added' && notices) notice();
        });
        const service = new DemoService({
            files,
            timeline: timeline as unknown as Timeline,
            systemd: {
                unit: () =>
                    answers ? Promise.resolve({ activeState } as UnitDetails) : Promise.reject(new Error('no manager')),
            },
            executor,
        });
        const demo = new Demo({
            files,
            audit: {
                append: ({ event, actor }: NewAuditEntry) => audited.push(`${event} ${actor}`),
            } as unknown as AuditLog,
            service: () => Promise.resolve(service),
        });
        return { demo, service, calls, audited, files };
    }
    const nobody = () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });

    it('starts a service of its own, breaks its settings, and leaves nothing', async () => {
        const { demo, calls, audited, files } = make();
        await demo.begin('shell', nobody);
        expect(demo.isRunning).toBeTrue();
        expect(left()).toEqual(['reeve-demo.env', 'reeve-demo.service']);
        expect(readFileSync(files.settings, 'utf8')).toMatch(/^MODE=wiat$/m);
        expect(calls).toEqual([
            'session Reload',
            'session StartUnit reeve-demo.service',
            'session RestartUnit reeve-demo.service',
        ]);
        calls.length = 0;
        await demo.end('shell');
        expect(left()).toEqual([]);
        expect(calls).toEqual([
            'session StopUnit reeve-demo.service',
            'session ResetFailedUnit reeve-demo.service',
            'session Reload',
        ]);
        expect(audited).toEqual(['demo-begun shell', 'demo-ended shell']);
        expect(demo.isRunning).toBeFalse();
        await demo.end('shell');
        expect(audited.length).withContext('nothing was left to end').toBe(2);
    });

    it('resets nothing once it is repaired', async () => {
        const { demo, calls } = make({ activeState: 'active' });
        await demo.begin('shell', nobody);
        calls.length = 0;
        await demo.end('shell');
        expect(calls).toEqual(['session StopUnit reeve-demo.service', 'session Reload']);
        expect(left()).toEqual([]);
    });

    it('runs once at a time, however fast it is asked for', async () => {
        const { demo, audited } = make();
        const both = await Promise.allSettled([demo.begin('shell', nobody), demo.begin('terminal', nobody)]);
        expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
        expect(audited).toEqual(['demo-begun shell']);
        await Promise.all([demo.end('shell'), demo.end('shell')]);
        expect(audited).toEqual(['demo-begun shell', 'demo-ended shell']);
        await demo.begin('shell', nobody);
        await demo.end('shell');
        expect(left()).toEqual([]);
    });

    it('ends with who began it, and with Reeve', async () => {
        const { demo, audited } = make();
        let leave: (() => void) | undefined;
        await demo.begin('terminal', gone => {
            leave = gone;
            return nobody();
        });
        const ended = new Promise<void>(resolve => demo.once('changed', resolve));
        leave?.();
        await ended;
        expect(left()).toEqual([]);
        await demo.begin('terminal', nobody);
        await demo[Symbol.asyncDispose]();
        expect(left()).toEqual([]);
        expect(audited.filter(line => line === 'demo-ended service').length).toBe(2);
    });

    it('is ended also before its service is broken', async () => {
        const { demo, calls, audited } = make({ notices: false });
        const begun = demo.begin('shell', nobody);

        await demo.end('shell');

        await expectAsync(begun).toBeRejectedWith(jasmine.objectContaining({ code: 'Cancelled' }));
        expect(left()).toEqual([]);
        expect(calls).not.toContain('session StartUnit reeve-demo.service');
        expect(audited).toEqual(['demo-begun shell', 'demo-ended shell']);
        expect(demo.isRunning).toBeFalse();
    });

    it('leaves alone what somebody else has written', async () => {
        const { demo, calls, files } = make();
        mkdirSync(dirname(files.unit), { recursive: true });
        writeFileSync(files.unit, '[Service]\nExecStart=/bin/true\n');
        await expectAsync(demo.begin('shell', nobody)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'InvalidState', message: jasmine.stringContaining(files.unit) }),
        );
        await demo.removeLeft();
        expect(left()).toEqual(['reeve-demo.service']);
        expect(readFileSync(files.unit, 'utf8')).toContain('/bin/true');
        expect(calls).toEqual([]);
        expect(demo.isRunning).toBeFalse();
    });

    for (const [what, how] of [
        ['the manager starts nothing', { fails: 'StartUnit' }],
        ['the manager reads no unit', { fails: 'Reload' }],
    ] as const)
        it(`leaves no file when ${what}`, async () => {
            const { demo } = make(how);
            await expectAsync(demo.begin('shell', nobody)).toBeRejectedWithError(ReeveError);
            expect(left()).toEqual([]);
            expect(demo.isRunning).toBeFalse();
        });

    it('says why it could not begin, whatever else fails then', async () => {
        const { demo } = make({ fails: 'StartUnit', answers: false });
        await expectAsync(demo.begin('shell', nobody)).toBeRejectedWith(
            jasmine.objectContaining({ code: 'Unavailable', message: 'no' }),
        );
        expect(left()).toEqual([]);
        expect(demo.isRunning).toBeFalse();
    });

    it('removes what an earlier one left, also when the manager no longer answers', async () => {
        const earlier = make();
        await earlier.service.break(new AbortController().signal);
        const { demo } = make({ fails: 'StopUnit' });
        await demo.removeLeft();
        expect(left()).toEqual([]);
    });
});
