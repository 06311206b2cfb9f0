import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { longTimeLimit } from '../../../service/actions/actions.ts';
import { Diagnosis } from '../../../service/diagnosis/diagnosis.ts';
import type { JournalReader } from '../../../service/journal/query.ts';
import { Suspects } from '../../../service/diagnosis/suspects.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import type { Incident } from '../../../service/model/incident.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import type { Run } from '../../../service/machine/run.ts';
import { recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../support/recordedUnits.ts';
import { failureOf, makeLoop } from '../approval/loop.ts';
import type { Loop } from '../approval/loop.ts';

const name = 'sample-exit.service';

describe('Diagnosing incidents', () => {
    let directory: string;
    let units: Record<string, RecordedUnit>;
    let loop: Loop;
    let diagnosis: Diagnosis;
    let running: Disposable;
    let queries: AbortSignal[];
    let query: JournalReader['query'];

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-diagnosis-'));
        units = recordedUnits(262);
        loop = makeLoop(directory, units);
        queries = [];
        query = () => Promise.resolve([]);
        const journal: JournalReader = {
            query: asked => {
                queries.push(asked.signal);
                return query(asked);
            },
            access: () => Promise.resolve('system'),
        };
        diagnosis = new Diagnosis({ ...loop, journal });
        running = diagnosis.start();
    });
    afterEach(() => {
        running[Symbol.dispose]();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    const report = (subject = name, change = {}) => {
        const incident = loop.incidents.report({ ...failureOf(subject), ...change });
        if (incident === null) throw new Error('no incident');
        return incident;
    };
    async function until(holds: (incident: Incident) => boolean, id = 1): Promise<Incident> {
        for (;;) {
            const incident = loop.incidents.get(id);
            if (incident !== undefined && holds(incident)) return incident;
            await once(loop.incidents, 'changed', { signal: AbortSignal.timeout(20_000) });
        }
    }
    const isDiagnosed = ({ evidence }: Incident) => evidence.some(({ source }) => source === 'systemd');
    const never = () => new Promise<never>(() => undefined);

    it('says something at once, and the rest when it is known', async () => {
        const texts: string[] = [];
        loop.incidents.on('changed', ({ summary }) => texts.push(summary));
        const incident = report();
        expect(loop.incidents.get(incident.id)?.summary).toBe('Reeve is looking for the cause.');
        await until(isDiagnosed);
        expect(texts.at(-1)).toBe('It is not running.');
        expect(loop.proposals.list(incident.id).map(({ plan }) => plan.action)).toEqual(['unit.restart']);
    });

    it('says that it is looking until the fixes are known, and tells the cause meanwhile', async () => {
        const known = Promise.withResolvers<undefined>();
        const plan = loop.actions.plan.bind(loop.actions);
        spyOn(loop.actions, 'plan').and.callFake(async (fix, signal, limit) => {
            expect(limit).toBe(longTimeLimit);
            await known.promise;
            return await plan(fix, signal);
        });
        const told: boolean[] = [];
        diagnosis.on('looking', id => told.push(diagnosis.isLooking(id)));
        const { id } = report();
        expect(diagnosis.isLooking(id)).toBeTrue();
        await until(isDiagnosed, id);
        expect([diagnosis.isLooking(id), loop.proposals.list(id)]).toEqual([true, []]);
        known.resolve(undefined);
        while (diagnosis.isLooking(id)) await once(diagnosis, 'looking', { signal: AbortSignal.timeout(20_000) });
        expect(loop.proposals.list(id).length).toBe(1);
        expect(told).toEqual([true, false]);
    });

    it('looks for nothing any more once the incident is closed', () => {
        query = never;
        const { id } = report();
        loop.incidents.setState(id, 'recovered');
        expect(diagnosis.isLooking(id)).toBeFalse();
    });

    it('looks for a cause only while it does, whatever comes of it', async () => {
        const looking = 'Reeve is looking for the cause.';
        const logged = report('disk', {
            family: 'disk-space',
            kind: 'full',
            title: 'The disk is full',
            cause: 'Full.',
        });
        expect(loop.incidents.get(logged.id)?.summary).toBe('');
        spyOn(loop.actions, 'plan').and.callFake(never);
        spyOn(loop.systemd, 'unit').and.rejectWith(new TypeError('a defect'));
        const { id } = report();
        expect(loop.incidents.get(id)?.summary).toBe(looking);
        await until(({ summary }) => summary === '', id);
    });

    it('calls the unit what people call it from then on, until it fails in another way', async () => {
        const { id } = report();
        expect(loop.incidents.get(id)?.title).toBe('sample-exit.service failed');
        await until(isDiagnosed);
        const { title } = await until(isDiagnosed);
        expect(title).toBe('Sample that exits with an error failed');
        report(name, { occurrence: 'again' });
        expect(loop.incidents.get(id)?.title).toBe(title);
        report(name, { occurrence: 'other', kind: 'watchdog', title: `${name} stopped responding` });
        expect(loop.incidents.get(id)?.title).toBe(`${name} stopped responding`);
    });

    it('begins with what was open before', async () => {
        running[Symbol.dispose]();
        const incident = report();
        running = diagnosis.start();
        await until(isDiagnosed, incident.id);
    });

    it('says what it found, and offers the other fixes, when one cannot be planned', async () => {
        const plan = loop.actions.plan.bind(loop.actions);
        spyOn(loop.actions, 'plan').and.callFake(async (fix, signal) => {
            if (fix.action === 'packages.cleanCache') throw new TypeError('a defect');
            return await plan(fix, signal);
        });
        const incident = report('disk', { family: 'disk-space', kind: 'full', title: 'The disk is full' });
        await until(({ summary }) => summary.includes('Empty the trash'), incident.id);
        expect(loop.proposals.list(incident.id).map(({ plan: made }) => made.action)).toEqual(['journal.vacuum']);
    });

    it('says what it found also where the package manager does not answer', async () => {
        running[Symbol.dispose]();
        const asked: string[] = [];
        const hanging: Run = program => {
            asked.push(program);
            return Promise.reject(new ReeveError('Unavailable', `${program} did not answer as expected.`));
        };
        const suspects = new Suspects({ timeline: loop.timeline, run: hanging });
        const journal: JournalReader = { query: () => Promise.resolve([]), access: () => Promise.resolve('system') };
        running = new Diagnosis({ ...loop, suspects, journal }).start();
        const [time, subject] = [Date.now() * 1000 - 60_000_000, 'sample'];
        const entry = { event: 'upgraded', source: 'packages', summary: 'Upgraded sample', detail: '', facts: {} };
        loop.timeline.add({ ...entry, time, subject, kind: 'package' });
        const incident = report();
        await until(isDiagnosed, incident.id);
        expect(asked).toEqual(['dpkg-query']);
        expect(loop.proposals.list(incident.id).map(({ plan }) => plan.action)).toEqual(['unit.restart']);
    });

    it('keeps what was found out about the incident meanwhile', async () => {
        const asked = Promise.withResolvers<[]>();
        query = () => asked.promise;
        const { id } = report();
        while (queries.length === 0) await new Promise(setImmediate);
        const { facts } = await until(({ summary }) => summary !== '', id);
        // As when a burst ends, and as when the program writes one more line.
        const of = { source: 'journal' as const, time: 1, origin: name, line: null };
        const late = { ...of, message: 'The gears are gone.', cursor: 'late' };
        loop.incidents.update(id, { facts: { ...facts, toldWith: '1' }, evidence: [late] });
        asked.resolve([]);
        const diagnosed = await until(isDiagnosed, id);
        expect(diagnosed.facts.toldWith).toBe('1');
        expect(diagnosed.evidence).toContain(jasmine.objectContaining(late));
    });

    it('gives up on what hangs when the incident is closed', async () => {
        query = never;
        const incident = report();
        await until(({ summary }) => summary !== '');
        while (queries.length === 0) await new Promise(setImmediate);
        loop.incidents.setState(incident.id, 'recovered');
        expect(queries[0]?.aborted).toBeTrue();
        expect(loop.proposals.list(incident.id)).toEqual([]);
    });

    it('says that only the log reports a fault where there is no one to ask', async () => {
        running[Symbol.dispose]();
        const journal: JournalReader = { query: never, access: () => Promise.resolve('none') };
        const systemd = new Systemd({ system: null, session: null });
        running = new Diagnosis({ ...loop, systemd, journal }).start();
        report();
        const { summary } = await until(({ summary: text }) => text.includes('Only the log'));
        expect(summary).toBe('sample-exit.service failed. Only the log shows it: There is no system bus.');
    });

    it('diagnoses no more than two at a time, and all in the end', async () => {
        const answers = Array.from({ length: 4 }, () => Promise.withResolvers<[]>());
        query = () => answers[queries.length - 1]?.promise ?? Promise.resolve([]);
        const subjects = ['sample-exit.service', 'sample-segv.service', 'sample-dog.service', 'sample-slow.service'];
        const ids = subjects.map(subject => report(subject).id);
        while (queries.length < 2) await new Promise(setImmediate);
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        expect(queries.length).toBe(2);
        for (const { resolve } of answers) resolve([]);
        for (const id of ids) await until(isDiagnosed, id);
    });

    it('does not ask again for each of a storm of failures', async () => {
        // All of them within the pause between two diagnoses, however busy the computer.
        spyOn(performance, 'now').and.returnValue(performance.now());
        report();
        await until(isDiagnosed);
        const before = queries.length;
        for (let index = 0; index < 50; index += 1) report(name, { occurrence: String(index).padStart(32, 'b') });
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        expect(queries.length).toBe(before);
        expect(loop.incidents.get(1)?.count).toBe(51);
    });

    it('asks at once when the fault changes its kind', async () => {
        report();
        await until(isDiagnosed);
        const before = queries.length;
        report(name, { kind: 'start-limit', occurrence: 'c'.repeat(32) });
        await until(({ summary }) => summary.includes('no longer tries'));
        expect(queries.length).toBeGreaterThan(before);
    });

    it('offers a new plan for the new state when the old one was overtaken', async () => {
        report();
        await until(isDiagnosed);
        const [old] = loop.proposals.list(1);
        recorded(units, name).unit.InvocationID = Array.from({ length: 16 }, () => 3);
        const added = once(loop.proposals, 'added', { signal: AbortSignal.timeout(20_000) });
        await expectAsync(loop.proposals.assertApplicable(old?.id ?? 0, old?.digest ?? '')).toBeRejectedWith(
            jasmine.objectContaining({ code: 'PlanChanged' }),
        );
        await added;
        const offered = loop.proposals.list(1).filter(({ state }) => state === 'offered');
        expect(offered.map(({ digest }) => digest === old?.digest)).toEqual([false]);
    });

    it('leaves an incident alone while it is being fixed, and looks again afterwards', async () => {
        report();
        await until(isDiagnosed);
        const [proposal] = loop.proposals.list(1);
        await loop.proposals.apply(proposal?.id ?? 0, proposal?.digest ?? '', {
            actor: 'shell',
            progress: () => undefined,
            signal: new AbortController().signal,
        });
        const after = await until(({ summary }) => summary.includes('Restarting it did not help'));
        expect(after.state).toBe('open');
    });

    it('offers to end at once a program that was asked to end and is still there', async () => {
        running[Symbol.dispose]();
        const root = join(directory, 'root');
        const uid = process.getuid?.() ?? 0;
        const write = (path: string, text: string) => {
            writeFileSync(join(root, '/proc/4711', path), text);
        };
        mkdirSync(join(root, '/proc/4711'), { recursive: true });
        write('stat', '4711 (tar) S 1 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 77 100 200\n');
        write('status', `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nVmSize:\t900 kB\nRssAnon:\t900 kB\n`);
        write('cgroup', `0::/user.slice/user-${uid}.slice/session-2.scope\n`);
        const machine = { root, system: null, session: null, run: () => Promise.resolve(null) };
        loop.database[Symbol.dispose]();
        loop = makeLoop(directory, units, undefined, machine);
        running = new Diagnosis({
            ...loop,
            journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('own') },
        }).start();
        const facts = { pid: '4711', started: '77', size: '1000' };
        const { id } = report('tar', { family: 'runaway', kind: 'memory-leak', scope: 'user', facts });
        const offered = () => loop.proposals.list(id).filter(({ state }) => state === 'offered');
        const actions = () => offered().map(({ plan }) => plan.action);
        while (actions().length === 0) await once(loop.proposals, 'added', { signal: AbortSignal.timeout(20_000) });
        expect(actions()).toEqual(['program.end']);
        const [asked] = offered();
        // The check waits ten seconds for it to end; a clock that goes fast spares the test these.
        let now = performance.now();
        spyOn(performance, 'now').and.callFake(() => (now += 20_000));
        const { result, detail } = await loop.proposals.apply(asked?.id ?? 0, asked?.digest ?? '', {
            actor: 'shell',
            progress: () => undefined,
            signal: new AbortController().signal,
        });
        expect([result, detail]).toEqual(['not-cleared', 'It still uses 1 MB']);
        while (actions().length === 0) await once(loop.proposals, 'added', { signal: AbortSignal.timeout(20_000) });
        expect(actions()).toEqual(['program.kill']);
        expect(loop.incidents.get(id)?.summary).toContain('It was asked to quit but is still running.');
    });

    it('closes on request an incident whose fault has gone', async () => {
        const incident = report();
        await until(isDiagnosed);
        expect((await diagnosis.recheck(incident.id)).gone).toBeFalse();
        run(recorded(units, name));
        expect((await diagnosis.recheck(incident.id)).gone).toBeTrue();
        expect(loop.incidents.get(incident.id)?.state).toBe('recovered');
        await expectAsync(diagnosis.recheck(99)).toBeRejectedWith(jasmine.objectContaining({ code: 'NotFound' }));
    });

    it('checks again when only what failed because of a unit is still down', async () => {
        const incident = report('sample-database.service');
        loop.incidents.report({
            ...failureOf('sample-web.service'),
            kind: 'dependency',
            rootCause: 'sample-database.service',
        });
        await until(({ summary }) => summary.includes('these could not start: sample-web.service'));
        run(recorded(units, 'sample-database.service'));
        const { gone, detail } = await diagnosis.recheck(incident.id);
        expect({ gone, detail }).toEqual({ gone: false, detail: 'sample-web.service is not running' });
        await until(({ summary }) => summary.startsWith('It is running again.'));
        const offered = loop.proposals.list(incident.id).filter(({ state }) => state === 'offered');
        expect(offered.map(({ plan }) => plan.title)).toEqual(['Start sample-web.service']);
        run(recorded(units, 'sample-web.service'));
        expect((await diagnosis.recheck(incident.id)).gone).toBeTrue();
    });

    it('closes an incident whose unit does not exist any more', async () => {
        const incident = report('removed.service');
        const { summary } = await until(({ state }) => state === 'removed', incident.id);
        expect(summary).toBe('removed.service no longer exists on this computer.');
    });

    it('stops for good when it is told to', () => {
        running[Symbol.dispose]();
        const incident = report();
        expect(loop.incidents.get(incident.id)?.summary).toBe('');
        expect(queries).toEqual([]);
    });
});
