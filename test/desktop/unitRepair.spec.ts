// What Reeve makes of real failures, and whether its fixes work: diagnosis, plan, change, check and undo against the
// service manager of a desktop, from this machine and as root, so that nobody is asked for a password.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../service/actions/actions.ts';
import { Proposals } from '../../service/approval/proposals.ts';
import type { Outcome } from '../../service/approval/proposals.ts';
import { AuditLog } from '../../service/audit/auditLog.ts';
import { Connection } from '../../service/dbus/connection.ts';
import { makeCheck } from '../../service/diagnosis/check.ts';
import { Diagnosis } from '../../service/diagnosis/diagnosis.ts';
import { Guides } from '../../service/diagnosis/guides.ts';
import { Suspects } from '../../service/diagnosis/suspects.ts';
import type { JournalReader } from '../../service/journal/query.ts';
import { Executor } from '../../service/execution/executor.ts';
import { families } from '../../service/faults/index.ts';
import { Incidents } from '../../service/incidents/incidents.ts';
import { log } from '../../service/util/log.ts';
import type { Incident } from '../../service/model/incident.ts';
import type { JournalEntry } from '../../service/model/journalEntry.ts';
import type { Proposal } from '../../service/model/proposal.ts';
import { Contents } from '../../service/store/contents.ts';
import { Database } from '../../service/store/database.ts';
import { findRestart } from '../../service/machine/units/restarts.ts';
import { Systemd } from '../../service/machine/units/systemd.ts';
import { Timeline } from '../../service/timeline/timeline.ts';
import { Desktop } from './desktop.ts';
import { activeState, failUnit, failingUnits, removeReason } from './failingUnits.ts';
import { describeOn, eachSystemd, patience } from './onDesktops.ts';
import { until } from './waiting.ts';

/** Everything from an incident on, for the units of one desktop. */
class Loop implements AsyncDisposable {
    readonly incidents: Incidents;
    readonly proposals: Proposals;
    readonly audit: AuditLog;
    readonly systemd: Systemd;
    readonly #resources: AsyncDisposableStack;

    static async on(desktop: Desktop): Promise<Loop> {
        await using resources = new AsyncDisposableStack();
        const address = `unix:path=${desktop.outside('/run/dbus/system_bus_socket')}`;
        const system = resources.use(await Connection.open({ address }));
        return new Loop(resources.move(), desktop, system, () => Connection.open({ address }));
    }

    private constructor(
        resources: AsyncDisposableStack,
        desktop: Desktop,
        system: Connection,
        open: () => Promise<Connection>,
    ) {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-repair-'));
        resources.defer(() => {
            rmSync(directory, { recursive: true });
        });
        const { database } = Database.open(directory, log);
        resources.use(database);
        const timeline = new Timeline({ database });
        this.incidents = new Incidents({
            families,
            database,
            timeline,
            noise: () => ({ perHour: 10, minimumSeverity: 'low' }),
        });
        this.audit = new AuditLog({ database });
        this.systemd = new Systemd({ system, session: null });
        const { systemd, incidents, audit } = this;
        const actions = new Actions({ systemd, contents: new Contents(directory), machine: null });
        const check = makeCheck({ families, systemd, machine: null });
        const executor = new Executor({ open });
        const journal = journalOf(desktop);
        this.proposals = new Proposals({ database, incidents, audit, actions, executor, check, systemd, journal });
        const run = () => Promise.resolve(null);
        const diagnosis = new Diagnosis({
            families,
            incidents,
            systemd,
            proposals: this.proposals,
            actions,
            suspects: new Suspects({ timeline, run }),
            run,
            machine: null,
            guides: new Guides({ families, incidents, systemd, machine: null, timeline }),
            check,
            journal,
        });
        resources.use(diagnosis.start());
        this.#resources = resources;
    }

    /** Opens an incident as detection would, and waits until it is diagnosed. */
    async diagnose(subject: string, change: { kind?: string; rootCauseOf?: string } = {}): Promise<Incident> {
        const finding = {
            family: 'unit',
            kind: change.kind ?? 'exit-code',
            scope: 'system' as const,
            subject,
            severity: 'medium' as const,
            title: `${subject} failed`,
            cause: '',
            time: Date.now() * 1000,
            occurrence: (await this.systemd.unit('system', subject))?.invocationId ?? null,
            evidence: [],
            rootCause: null,
            facts: {},
        };
        const incident = this.incidents.report(finding);
        if (incident === null) throw new Error('no incident');
        if (change.rootCauseOf !== undefined) {
            this.incidents.report({ ...finding, subject: change.rootCauseOf, rootCause: subject });
        }
        return await this.settled(incident.id);
    }

    settled(id: number): Promise<Incident> {
        return until('the incident is diagnosed', () => {
            const incident = this.incidents.get(id);
            return incident?.evidence.some(({ source }) => source === 'systemd') ? incident : undefined;
        });
    }

    offers(id: number): Proposal[] {
        return this.proposals.list(id).filter(({ state }) => state === 'offered');
    }

    apply(proposal: Proposal | undefined, signal = new AbortController().signal): Promise<Outcome> {
        if (proposal === undefined) throw new Error('nothing was offered');
        return this.proposals.apply(proposal.id, proposal.digest, {
            actor: 'terminal',
            progress: () => undefined,
            signal,
        });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#resources.disposeAsync();
    }
}

function journalOf(desktop: Desktop): JournalReader {
    return {
        access: () => Promise.resolve('system'),
        query: async ({ matches, lines }) => {
            const entries = await desktop.journalEntries([...matches, `--lines=${lines}`]);
            return entries.map(
                entry =>
                    ({
                        cursor: entry.__CURSOR,
                        time: Number(entry.__REALTIME_TIMESTAMP),
                        unit: entry._SYSTEMD_UNIT ?? null,
                        userUnit: null,
                        identifier: null,
                        messageId: entry.MESSAGE_ID ?? null,
                        message: String(entry.MESSAGE),
                        fields: Object.fromEntries(
                            Object.entries(entry).map(([field, value]) => [field, String(value)]),
                        ),
                    }) as JournalEntry,
            );
        },
    };
}

/** Kills a unit that systemd then restarts, and expects that to be known from a start that somebody makes. */
async function restartByItself(desktop: Desktop, { systemd }: Loop, name: string): Promise<void> {
    const { signal } = new AbortController();
    const find = async (which: Parameters<typeof findRestart>[2]) =>
        await findRestart(journalOf(desktop), { scope: 'system', name }, which, signal);
    const before = (await systemd.unit('system', name))?.invocationId ?? '';
    await desktop.exec(['systemctl', 'kill', '--signal=KILL', name]);
    await until('systemd restarted it', async () => {
        const unit = await systemd.unit('system', name);
        return unit?.invocationId !== before && unit?.activeState === 'active' ? unit : undefined;
    });
    expect(await find({ run: before })).toEqual({ number: 1, run: before });
    expect(await find({ number: 1 })).toEqual({ number: 1, run: before });
    await desktop.exec(['systemctl', 'restart', name]);
    const started = await systemd.unit('system', name);
    expect(started?.process?.restarts).toBe(0);
    expect(await find({ run: started?.invocationId ?? '' })).toBeNull();
    // Nobody's target has started it: it is not enabled.
    expect((await systemd.times('system', name)).wantedBy).toEqual([]);
}

// On each systemd; the Shell has no part in it. `loop` and `polkit` cover what only a start that helps, or does not,
// can show.
describeOn(eachSystemd, 'The repair of failed units', suite => {
    let desktop: Desktop;
    let loop: Loop;

    beforeAll(async () => {
        desktop = await Desktop.boot(suite, { files: failingUnits });
    }, patience);
    afterAll(async () => {
        await desktop.down();
    });
    beforeEach(async () => {
        await desktop.exec(['sh', '-c', 'rm -f /run/sample-ok; systemctl stop "sample-*"; systemctl reset-failed']);
        loop = await Loop.on(desktop);
    });
    afterEach(async () => {
        await loop[Symbol.asyncDispose]();
    });

    it(
        'restarts a unit that ended with an error, once the reason has passed, and takes that back',
        async () => {
            await failUnit(desktop, 'sample-exit.service');
            const { id, cause, evidence } = await loop.diagnose('sample-exit.service');
            expect(cause).toBe('Its program ended with exit status 3. Its last message: “the gears are stuck”');
            expect(evidence.find(({ message }) => message === 'the gears are stuck')?.cursor).toMatch(/^s=/);
            const [proposal] = loop.offers(id);
            expect(proposal?.plan.action).toBe('unit.restart');
            await removeReason(desktop);
            expect(await loop.apply(proposal)).toEqual({
                result: 'success',
                gone: true,
                detail: 'sample-exit.service is running',
                done: 1,
                total: 1,
            });
            expect(await activeState(desktop, 'sample-exit.service')).toBe('active');
            expect(loop.incidents.get(id)?.state).toBe('fixed');
            const { signal } = new AbortController();
            const approval = { actor: 'shell', progress: () => undefined, signal };
            const undone = await loop.proposals.undo(proposal?.id ?? 0, proposal?.digest ?? '', approval);
            expect(undone.result).toBe('success');
            expect(await activeState(desktop, 'sample-exit.service')).toBe('inactive');
            expect(loop.audit.list().map(({ event }) => event)).toEqual([
                'undone',
                'undo-approved',
                'applied',
                'approved',
            ]);
        },
        patience,
    );

    it(
        'says what is still wrong when the restart did not help, and that it was tried',
        async () => {
            await failUnit(desktop, 'sample-exit.service');
            const { id } = await loop.diagnose('sample-exit.service');
            const outcome = await loop.apply(loop.offers(id)[0]);
            expect(outcome).toEqual({
                result: 'not-cleared',
                gone: false,
                detail: 'sample-exit.service has failed',
                done: 1,
                total: 1,
            });
            const after = await until('it says that it was tried', () => {
                const incident = loop.incidents.get(id);
                return incident?.summary.includes('Restarting it did not help.') ? incident : undefined;
            });
            expect(after).toEqual(
                jasmine.objectContaining({ state: 'open', stillWrong: 'sample-exit.service has failed' }),
            );
        },
        patience,
    );

    it(
        'clears the count of starts of a unit that systemd gave up on, and restarts it',
        async () => {
            await failUnit(desktop, 'sample-loop.service');
            const { id, summary } = await loop.diagnose('sample-loop.service');
            expect(summary).toContain('so systemd no longer tries to start it');
            const [proposal] = loop.offers(id);
            expect(proposal?.plan.steps.map(({ command }) => command)).toEqual([
                'systemctl reset-failed sample-loop.service',
                'systemctl restart sample-loop.service',
            ]);
            await removeReason(desktop);
            // A restart alone is refused within the interval of the limit, so the fix is known to need both steps.
            const { code } = await desktop.exec(['systemctl', 'restart', 'sample-loop.service'], { mayFail: true });
            expect(code).not.toBe(0);
            const outcome = await loop.apply((await loop.diagnose('sample-loop.service'), loop.offers(id)[0]));
            expect(outcome.result).toBe('success');
            await restartByItself(desktop, loop, 'sample-loop.service');
        },
        patience,
    );

    it(
        'reports a job that fails',
        async () => {
            await failUnit(desktop, 'sample-slow.service');
            const { id } = await loop.diagnose('sample-slow.service', { kind: 'timeout' });
            const outcome = await loop.apply(loop.offers(id)[0]);
            expect(outcome.result).toBe('failed');
            expect(outcome.detail).toMatch(/^sample-slow\.service (took too long|failed again)/);
        },
        patience,
    );

    it(
        'cancels a start that is under way',
        async () => {
            await failUnit(desktop, 'sample-slow.service');
            const { id } = await loop.diagnose('sample-slow.service', { kind: 'timeout' });
            const cancel = new AbortController();
            const [proposal] = loop.offers(id);
            const applying = loop.proposals.apply(proposal?.id ?? 0, proposal?.digest ?? '', {
                actor: 'terminal',
                progress: line => {
                    if (line.startsWith('Accepted')) cancel.abort();
                },
                signal: cancel.signal,
            });
            const { result, detail } = await applying;
            expect(result).toBe('cancelled');
            expect(detail).toMatch(/^Cancelled while in progress\. sample-slow\.service /);
            expect(loop.incidents.get(id)?.state).toBe('open');
        },
        patience,
    );

    it(
        'starts the dependency that failed, then the unit that needs it',
        async () => {
            await failUnit(desktop, 'sample-web.service');
            const { id, cause } = await loop.diagnose('sample-web.service', { kind: 'dependency' });
            expect(cause).toContain(
                'It needs sample-database.service, which failed: Its program ended with exit status 1',
            );
            await removeReason(desktop);
            expect((await loop.apply(loop.offers(id)[0])).result).toBe('success');
            expect(await activeState(desktop, 'sample-database.service')).toBe('active');
            expect(await activeState(desktop, 'sample-web.service')).toBe('active');
        },
        patience,
    );

    it(
        'repairs from the root cause what failed because of it',
        async () => {
            await failUnit(desktop, 'sample-web.service');
            const { id, affected } = await loop.diagnose('sample-database.service', {
                rootCauseOf: 'sample-web.service',
            });
            expect(affected).toEqual(['sample-web.service']);
            // The first diagnosis may have begun before the dependant was known.
            const proposal = await until('the plan includes the dependant', () =>
                loop.offers(id).find(({ plan }) => plan.action === 'unit.startDependency'),
            );
            expect(loop.incidents.get(id)?.summary).toBe(
                'It is not running. As a result, these could not start: sample-web.service.',
            );
            await removeReason(desktop);
            expect((await loop.apply(proposal)).result).toBe('success');
            expect(await activeState(desktop, 'sample-web.service')).toBe('active');
        },
        patience,
    );

    it(
        'does not carry out a plan that the system has overtaken',
        async () => {
            await failUnit(desktop, 'sample-exit.service');
            const { id } = await loop.diagnose('sample-exit.service');
            const [proposal] = loop.offers(id);
            await failUnit(desktop, 'sample-exit.service');
            await expectAsync(loop.apply(proposal)).toBeRejectedWith(jasmine.objectContaining({ code: 'PlanChanged' }));
            const fresh = await until('a new plan is offered', () => loop.offers(id)[0]);
            expect(fresh.digest === proposal?.digest).toBeFalse();
        },
        patience,
    );
});
