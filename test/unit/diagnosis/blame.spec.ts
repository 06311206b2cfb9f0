import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BusError } from '../../../service/dbus/connection.ts';
import { Diagnosis } from '../../../service/diagnosis/diagnosis.ts';
import type { Incident } from '../../../service/model/incident.ts';
import { Contents } from '../../../service/store/contents.ts';
import { localTime } from '../../../service/text/localTime.ts';
import { noteActions } from '../../../service/approval/actionTimeline.ts';
import { recorded, recordedUnits } from '../../support/recordedUnits.ts';
import { failureOf, makeLoop } from '../approval/loop.ts';
import type { Loop } from '../approval/loop.ts';

const name = 'sample-exit.service';

describe('A change just before a fault', () => {
    let directory: string;
    let loop: Loop & { units: ReturnType<typeof recordedUnits> };
    let running: Disposable;
    let path: string;
    /** Whether the manager restarts nothing for this user. */
    let isRefused: boolean;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-blame-'));
        path = join(directory, 'sample-exit.conf');
        isRefused = false;
        const units = recordedUnits(262);
        const made = makeLoop(directory, units, member => {
            if (isRefused && member === 'RestartUnit')
                throw new BusError('org.freedesktop.DBus.Error.AccessDenied', 'Permission denied');
            return 'done';
        });
        loop = { ...made, units };
        const journal = { query: () => Promise.resolve([]), access: () => Promise.resolve('system' as const) };
        running = new Diagnosis({ ...loop, journal }).start();
    });
    afterEach(() => {
        running[Symbol.dispose]();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    async function until(holds: (incident: Incident) => boolean): Promise<Incident> {
        for (;;) {
            const incident = loop.incidents.get(1);
            if (incident !== undefined && holds(incident)) return incident;
            await once(loop.incidents, 'changed', { signal: AbortSignal.timeout(20_000) });
        }
    }
    const isBlamed = ({ evidence }: Incident) => evidence.some(({ source }) => source === 'timeline');

    /** Edits the file as the files source would tell of it, so many microseconds before the fault. */
    async function edit(before: number): Promise<void> {
        const old = await loop.contents.put(Buffer.from('good\n'));
        writeFileSync(path, 'bad\n');
        loop.timeline.add({
            time: Date.now() * 1000 - before,
            kind: 'file',
            event: 'edited',
            subject: path,
            summary: `${path} was edited`,
            detail: '@@ -1,1 +1,1 @@\n-good\n+bad',
            facts: { before: old, after: Contents.hashOf(Buffer.from('bad\n')) },
        });
    }
    const offers = () => loop.proposals.list(1).filter(({ state }) => state === 'offered');

    it('is named as the cause with what is different, and can be taken back first of all', async () => {
        await edit(3_000_000);
        loop.incidents.report(failureOf(name));
        const incident = await until(isBlamed);
        expect(incident.facts.changed).toBe(path);
        expect(incident.cause).toMatch(/sample-exit\.conf was edited 3 seconds before sample-exit\.service failed\. /);
        expect(incident.evidence.find(({ source }) => source === 'timeline')).toEqual(
            jasmine.objectContaining({
                origin: path,
                message: `${path} was edited\n@@ -1,1 +1,1 @@\n-good\n+bad`,
            }),
        );
        expect(offers().map(({ plan }) => plan.action)).toEqual(['file.revert', 'unit.restart']);
        expect(offers()[0]?.plan.steps.map(({ call }) => call.member)).toEqual(['StartTransientUnit', 'RestartUnit']);
    });

    it('is taken back for what failed because of it, too', async () => {
        await edit(3_000_000);
        loop.incidents.report(failureOf(name));
        const dependants = ['sample-web.service', 'sample-needsbad.service'];
        for (const [index, subject] of dependants.entries())
            loop.incidents.report({
                ...failureOf(subject),
                kind: 'dependency',
                occurrence: String(index).repeat(32),
                rootCause: name,
            });
        await until(({ affected }) => affected.length === dependants.length);
        const commands = () =>
            offers()[0]
                ?.plan.steps.slice(1)
                .map(({ command }) => command);
        await until(() => commands()?.length === 3);
        expect(offers()[0]?.plan.action).toBe('file.revert');
        expect(commands()).toEqual(
            [name, ...dependants].map((unit, index) => `systemctl ${index === 0 ? 'restart' : 'start'} ${unit}`),
        );
    });

    it('is found also when it is reported only after the fault', async () => {
        loop.incidents.report(failureOf(name));
        await until(({ evidence }) => evidence.some(({ source }) => source === 'systemd'));
        await edit(1_000_000);
        await until(isBlamed);
        expect(offers()[0]?.plan.action).toBe('file.revert');
    });

    it('is found also when what it broke had failed and was well again a short while ago', async () => {
        const earlier = { ...failureOf(name), time: Date.now() * 1000 - 300_000_000 };
        loop.incidents.report(earlier);
        loop.incidents.setState(1, 'recovered');
        await edit(3_000_000);
        loop.incidents.report({ ...failureOf(name), occurrence: 'b'.repeat(32) });
        const incident = await until(isBlamed);
        expect(incident.firstSeen).toBe(earlier.time);
        expect(incident.cause).toMatch(/sample-exit\.conf was edited 3 seconds before sample-exit\.service failed\. /);
        expect(offers()[0]?.plan.action).toBe('file.revert');
    });

    it('is found also when it is reported only after such a relapse', async () => {
        loop.incidents.report({ ...failureOf(name), time: Date.now() * 1000 - 300_000_000 });
        loop.incidents.setState(1, 'recovered');
        loop.incidents.report({ ...failureOf(name), occurrence: 'b'.repeat(32) });
        await until(({ evidence }) => evidence.some(({ source }) => source === 'systemd'));
        await edit(1_000_000);
        await until(isBlamed);
        expect(offers()[0]?.plan.action).toBe('file.revert');
    });

    it('is found also for a service that does not fail but runs away', async () => {
        await edit(3_000_000);
        const facts = { service: name, scope: 'system', program: 'sh', group: `/system.slice/${name}` };
        loop.incidents.report({ ...failureOf(name), family: 'runaway', kind: 'busy', cause: 'It loops.', facts });
        const incident = await until(isBlamed);
        expect(incident.cause).toMatch(/sample-exit\.conf was edited 3 seconds before this began\. It loops\.$/);
    });

    it('is not put back over what somebody has written since', async () => {
        await edit(3_000_000);
        writeFileSync(path, 'worked on\n');
        loop.incidents.report(failureOf(name));
        await until(isBlamed);
        expect(offers().map(({ plan }) => plan.action)).toEqual(['unit.restart']);
    });

    it('is a fix where there was none known, but only if it can be taken back', async () => {
        path = join(directory, 'sample-nouser.conf');
        await edit(3_000_000);
        writeFileSync(path, 'worked on\n');
        loop.incidents.report(failureOf('sample-nouser.service'));
        await until(isBlamed);
        expect(offers()).toEqual([]);
        await edit(2_000_000);
        await until(({ cause }) => cause.includes('2 seconds before'));
        expect(offers().map(({ plan }) => plan.action)).toEqual(['file.revert']);
    });

    it('is not Reeve’s own repair', async () => {
        noteActions(loop);
        await edit(3_000_000);
        loop.incidents.report(failureOf(name));
        await until(isBlamed);
        const [offer] = offers();
        if (offer === undefined) throw new Error('nothing was offered');
        const { before, after } = offer.plan.parameters;
        loop.timeline.add({
            time: Date.now() * 1000,
            kind: 'file',
            event: 'edited',
            subject: path,
            summary: `${path} was edited`,
            detail: '',
            facts: { before: String(after), after: String(before) },
        });
        const suspected = async () => {
            const incident = {
                scope: 'system' as const,
                subject: 'other.service',
                title: '',
                firstSeen: Date.now() * 1000,
                facts: {},
            };
            const fault = { incident, unit: null, texts: [`in ${path}`] };
            const found = await loop.suspects.find(fault, AbortSignal.timeout(20_000));
            return found.map(({ entry }) => entry.facts.before);
        };
        expect(await suspected()).toEqual([String(after)]);
        loop.proposals.emit('changed', { ...offer, state: 'applied' });
        expect(await suspected()).toEqual([String(before)]);
    });

    const created = (subject: string, before = 3_000_000) =>
        loop.timeline.add({
            time: Date.now() * 1000 - before,
            kind: 'file',
            event: 'created',
            subject,
            summary: `${subject} was created`,
            detail: '',
            facts: { after: Contents.hashOf(Buffer.from('bad\n')) },
        });

    it('is deleted last of all where it was a new file, and that is said', async () => {
        writeFileSync(path, 'bad\n');
        const { time } = created(path);
        loop.incidents.report(failureOf(name));
        await until(isBlamed);
        expect(offers().map(({ plan }) => plan.action)).toEqual(['unit.restart', 'file.revert']);
        const { title, risk, explanation } = offers()[1]?.plan ?? {};
        const when = localTime(time).slice(0, 16);
        expect(title).toBe(`Delete sample-exit.conf, which was created at ${when}`);
        expect([risk, explanation]).toEqual([
            'medium',
            'Only if the file is not wanted any more: its content is lost.',
        ]);
    });

    it('is never deleted where nothing else would help', async () => {
        path = join(directory, 'sample-nouser.conf');
        writeFileSync(path, 'bad\n');
        created(path);
        loop.incidents.report(failureOf('sample-nouser.service'));
        const { cause } = await until(isBlamed);
        expect(cause).toMatch(/sample-nouser\.conf was created 3 seconds before sample-nouser\.service failed\. /);
        expect(offers()).toEqual([]);
    });

    describe('to a unit that was written minutes ago', () => {
        let fragment: string;
        beforeEach(() => {
            fragment = join(directory, name);
            writeFileSync(fragment, 'bad\n');
            Object.assign(recorded(loop.units, name).unit, { FragmentPath: fragment });
            created(fragment, 60_000_000);
        });

        it('is the one to a file that it needs, not that the unit is new', async () => {
            const environment = join(directory, 'secrets.env');
            Object.assign(recorded(loop.units, name).ofType ?? {}, { EnvironmentFiles: [[environment, false]] });
            const before = await loop.contents.put(Buffer.from('KEY=1\n'));
            loop.timeline.add({
                time: Date.now() * 1000 - 5_000_000,
                kind: 'file',
                event: 'removed',
                subject: environment,
                summary: `${environment} was removed`,
                detail: '',
                facts: { before, mode_before: '0:0 0644' },
            });
            loop.incidents.report(failureOf(name));
            const { cause } = await until(isBlamed);
            expect(cause).toContain(`${environment} was removed 5 seconds before ${name} failed. `);
            expect(offers().map(({ plan }) => [plan.action, plan.parameters.path])).toEqual([
                ['file.revert', environment],
                ['unit.restart', undefined],
            ]);
        });

        it('is no cause in itself, and deleting it closes the incident without calling it fixed', async () => {
            loop.incidents.report(failureOf(name));
            const { cause } = await until(isBlamed);
            expect(cause).not.toContain('was created');
            expect(offers().map(({ plan }) => plan.action)).toEqual(['unit.restart', 'file.revert']);
            const deletion = offers()[1];
            expect(deletion?.plan.explanation).toBe(`Only if ${name} is not wanted any more: this does not repair it.`);
            Object.assign(recorded(loop.units, name).unit, { LoadState: 'not-found', ActiveState: 'inactive' });
            // The plan asks for the unit as it was.
            spyOn(loop.actions, 'plan').and.resolveTo(deletion?.plan);
            const { signal } = new AbortController();
            const approval = { actor: 'shell', progress: () => undefined, signal };
            const { result, gone } = await loop.proposals.apply(deletion?.id ?? 0, deletion?.digest ?? '', approval);
            expect([result, gone]).toEqual(['success', false]);
            expect(loop.incidents.get(1)?.state).toBe('removed');
        });

        it('is not an edit of what is still being written either', async () => {
            loop.timeline.add({
                time: Date.now() * 1000 - 3_000_000,
                kind: 'file',
                event: 'edited',
                subject: fragment,
                summary: `${fragment} was edited`,
                detail: '',
                facts: {
                    before: await loop.contents.put(Buffer.from('first\n')),
                    after: Contents.hashOf(Buffer.from('bad\n')),
                },
            });
            loop.incidents.report(failureOf(name));
            expect((await until(isBlamed)).cause).not.toContain('was edited');
            expect(offers()[0]?.plan.action).toBe('unit.restart');
        });
    });

    it('is taken back where only who may read the file was changed', async () => {
        writeFileSync(path, 'good\n', { mode: 0o600 });
        const { uid, gid } = statSync(path);
        loop.timeline.add({
            time: Date.now() * 1000 - 3_000_000,
            kind: 'file',
            event: 'permissions',
            subject: path,
            summary: `The permissions of ${path} changed from ${uid}:${gid} 0644 to ${uid}:${gid} 0600`,
            detail: '',
            facts: { mode_before: `${uid}:${gid} 0644`, mode_after: `${uid}:${gid} 0600` },
        });
        loop.incidents.report(failureOf(name));
        await until(isBlamed);
        expect(offers().map(({ plan }) => plan.action)).toEqual(['file.permissions', 'unit.restart']);
        expect(offers()[0]?.plan.steps[0]?.command).toContain('/chmod -- 0644 ');
    });

    /** Renames the file, and has a service run away that says something of a path. */
    async function renamed(from: string, to: string, cause: string): Promise<void> {
        const after = await loop.contents.put(Buffer.from('good\n'));
        writeFileSync(to, 'good\n');
        loop.timeline.add({
            time: Date.now() * 1000 - 3_000_000,
            kind: 'file',
            event: 'renamed',
            subject: to,
            summary: `${from} was renamed to ${to}`,
            detail: '',
            facts: { from, after, mode_before: '0:0 0644' },
        });
        const facts = { service: name, scope: 'system', program: 'sh', group: `/system.slice/${name}` };
        loop.incidents.report({ ...failureOf(name), family: 'runaway', kind: 'busy', cause, facts });
        await until(isBlamed);
    }

    it('is taken back where the file was renamed, by giving it its name again', async () => {
        await renamed(path, `${path}.old`, `${path} is not there.`);
        expect(offers()[0]?.plan.action).toBe('file.revert');
        expect(offers()[0]?.plan.parameters.path).toBe(path);
        expect(offers()[0]?.plan.explanation).toBe('It worked with the previous content.');
    });

    it('is not taken back where a file was renamed into the place where it does harm', async () => {
        await renamed(`${path}.disabled`, path, `There is a mistake in ${path}.`);
        expect(loop.incidents.get(1)?.cause).toContain(' was renamed to ');
        expect(offers().map(({ plan }) => plan.action)).not.toContain('file.revert');
    });

    it('is not taken back where a renamed file is read under both names', async () => {
        await renamed(path, `${path}.conf`, `${path}.conf and ${path} say the same.`);
        expect(offers().map(({ plan }) => plan.action)).not.toContain('file.revert');
    });

    it('is not said to have been tried with a start that was never made', async () => {
        await edit(3_000_000);
        loop.incidents.report(failureOf(name));
        await until(isBlamed);
        const apply = async (action: string) => {
            const offer = offers().find(({ plan }) => plan.action === action);
            if (offer === undefined) throw new Error('nothing was offered');
            const { signal } = new AbortController();
            return await loop.proposals.apply(offer.id, offer.digest, {
                actor: 'shell',
                progress: () => undefined,
                signal,
            });
        };
        const isSaid = ({ summary }: Incident) => summary.includes('Restarting it did not help');
        isRefused = true;
        expect(await apply('file.revert')).toEqual(jasmine.objectContaining({ result: 'refused', done: 1, total: 2 }));
        const diagnosed = Promise.withResolvers<undefined>();
        const offerAll = loop.proposals.offer.bind(loop.proposals);
        spyOn(loop.proposals, 'offer').and.callFake((...of) => {
            offerAll(...of);
            diagnosed.resolve(undefined);
        });
        loop.incidents.report({ ...failureOf(name), occurrence: 'b'.repeat(32) });
        await diagnosed.promise;
        expect(loop.incidents.list().some(isSaid)).toBeFalse();
        isRefused = false;
        await apply('unit.restart');
        await until(isSaid);
    });

    it('is only evidence when it is long past', async () => {
        await edit(90 * 60_000_000);
        loop.incidents.report(failureOf(name));
        const incident = await until(isBlamed);
        expect(incident.cause).not.toContain('was edited');
        expect(offers().map(({ plan }) => plan.action)).toEqual(['unit.restart']);
    });
});
