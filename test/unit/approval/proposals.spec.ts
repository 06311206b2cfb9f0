import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { longTimeLimit } from '../../../service/actions/actions.ts';
import { BusError } from '../../../service/dbus/connection.ts';
import { finishDigest, finishSteps } from '../../../service/approval/finishing.ts';
import { undoSteps } from '../../../service/approval/undoing.ts';
import type { ErrorCode } from '../../../service/util/errors.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { Contents } from '../../../service/store/contents.ts';
import { recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { Behaviour, RecordedUnit } from '../../support/recordedUnits.ts';
import { failureOf, makeLoop, offerRestart } from './loop.ts';
import type { Loop } from './loop.ts';

const name = 'sample-exit.service';
const accessDenied = new BusError('org.freedesktop.DBus.Error.AccessDenied', 'Permission denied');

describe('A proposal', () => {
    let directory: string;
    let units: Record<string, RecordedUnit>;
    let behaviour: Behaviour;
    let loop: Loop;
    let lines: string[];

    const approval = (change: { signal?: AbortSignal; confirmation?: string; actor?: string } = {}) => ({
        actor: 'shell',
        progress: (line: string) => void lines.push(line),
        signal: new AbortController().signal,
        ...change,
    });
    const code = (expected: ErrorCode) => jasmine.objectContaining({ code: expected });
    const events = () => loop.audit.list().map(({ event }) => event);
    /** Offers to put back what a file held, and to start the unit again with it. */
    const offerRevert = async (path: string, before: string, after: string, others: object = {}) => {
        const { incident } = await offerRestart(loop, name);
        const restart = { scope: 'system', unit: name, reset: false, ...others };
        const fix = { action: 'file.revert', parameters: { path, before, after, restart }, explanation: 'Why.' };
        loop.proposals.offer(incident.id, [await loop.actions.plan(fix, new AbortController().signal)]);
        const found = loop.proposals.list(incident.id).find(({ plan }) => plan.action === 'file.revert');
        if (found === undefined) throw new Error('nothing was offered');
        return found;
    };
    const stateOf = (id: number) => loop.proposals.get(id)?.state;

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-proposals-'));
        units = recordedUnits(262);
        lines = [];
        behaviour = (_member, unit) => {
            run(recorded(units, unit));
            return 'done';
        };
        loop = makeLoop(directory, units, (...call) => behaviour(...call));
    });
    afterEach(() => {
        expect(loop.openConnections()).withContext('connections left open').toBe(0);
        expect(loop.audit.verify().ok).toBeTrue();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('is planned again as patiently as it was found', async () => {
        const { proposal } = await offerRestart(loop, name);
        const plan = spyOn(loop.actions, 'plan').and.callThrough();
        await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(plan.calls.allArgs().map(([, , limit]) => limit)).toEqual([longTimeLimit]);
    });

    describe('of a model', () => {
        const asked = (change: object = {}) => ({
            action: 'unit.restart',
            parameters: { scope: 'system', unit: name },
            explanation: 'It may have been a passing fault.',
            proposedBy: 'Scripted 1B',
            ...change,
        });
        const { signal } = new AbortController();

        it('is made, shown and applied like a rule’s, by the same digest', async () => {
            const { proposal: first, incident } = await offerRestart(loop, name);
            loop.proposals.offer(incident.id, []);
            const proposal = await loop.proposals.propose(incident.id, asked(), signal);

            expect(loop.calls).toEqual([]);
            expect(proposal.plan.steps).toEqual(first.plan.steps);
            expect(proposal.plan.proposedBy).toBe('Scripted 1B');
            expect(loop.audit.list()[0]).toEqual(jasmine.objectContaining({ event: 'proposed', actor: 'model' }));
            await expectAsync(loop.proposals.apply(proposal.id, first.digest, approval())).toBeRejectedWith(
                code('DigestMismatch'),
            );
            const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
            expect(outcome.result).toBe('success');
        });

        it('stays when the rules diagnose again, and is not made twice', async () => {
            const { incident } = await offerRestart(loop, name);
            loop.proposals.offer(incident.id, []);
            const proposal = await loop.proposals.propose(incident.id, asked(), signal);
            loop.proposals.offer(incident.id, []);

            expect(stateOf(proposal.id)).toBe('offered');
            await expectAsync(loop.proposals.propose(incident.id, asked(), signal)).toBeRejectedWith(
                code('InvalidState'),
            );
        });

        it('is refused when it is no action, does not fit, or there is nothing to fix', async () => {
            const { incident } = await offerRestart(loop, name);
            const propose = (fix: object, id = incident.id) => loop.proposals.propose(id, asked(fix), signal);

            await expectAsync(propose({ action: 'shell.run' })).toBeRejectedWith(code('InvalidArgument'));
            await expectAsync(propose({ parameters: { scope: 'system', unit: '../x' } })).toBeRejectedWith(
                code('InvalidArgument'),
            );
            await expectAsync(propose({}, 99)).toBeRejectedWith(code('InvalidState'));
        });
    });

    it('that is applied makes its call, checks, closes the incident and is audited', async () => {
        const { proposal, incident } = await offerRestart(loop, name);
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome).toEqual({
            result: 'success',
            gone: true,
            detail: 'sample-exit.service is running',
            done: 1,
            total: 1,
        });
        expect(loop.calls).toEqual(['RestartUnit sample-exit.service']);
        expect(loop.incidents.get(incident.id)?.state).toBe('fixed');
        expect(stateOf(proposal.id)).toBe('applied');
        expect(events()).toEqual(['applied', 'approved']);
        expect(loop.audit.list()[0]).toEqual(jasmine.objectContaining({ actor: 'shell', subject: name }));
        expect(loop.audit.list()[0]?.detail).toContain(
            `systemctl restart sample-exit.service\nplan ${proposal.digest}`,
        );
        expect(lines).toEqual([
            'Restart sample-exit.service',
            'Accepted; waiting for it to finish',
            'Checking that it keeps working',
        ]);
    });

    it('that is applied where nothing can be looked at is done, and leaves the incident open', async () => {
        const { proposal: known } = await offerRestart(loop, name);
        const incident = loop.incidents.report({ ...failureOf('inotify'), family: 'limits', kind: 'inotify' });
        loop.proposals.offer(incident?.id ?? 0, [known.plan]);
        const [proposal] = loop.proposals.list(incident?.id);
        const outcome = await loop.proposals.apply(proposal?.id ?? 0, proposal?.digest ?? '', approval());
        expect(outcome).toEqual({
            result: 'success',
            gone: false,
            detail: 'There is no way to check this automatically',
            done: 1,
            total: 1,
        });
        expect(stateOf(proposal?.id ?? 0)).toBe('applied');
        const left = loop.incidents.get(incident?.id ?? 0);
        expect(left).toEqual(jasmine.objectContaining({ state: 'open', stillWrong: '' }));
        expect(left?.facts.lastBeforeFix).toBe(String(incident?.lastSeen));
        expect(loop.timeline.query({ limit: 1 })[0]?.summary).toBe('Reeve keeps watching inotify');
    });

    it('is not applied by another digest, nor when its plan was altered where it is kept', async () => {
        const { proposal } = await offerRestart(loop, name);
        await expectAsync(loop.proposals.apply(proposal.id, 'f'.repeat(64), approval())).toBeRejectedWith(
            code('DigestMismatch'),
        );
        const altered = JSON.stringify(proposal.plan).replaceAll(name, 'sample-slow.service');
        loop.database.connection.prepare('UPDATE proposal SET plan = ?').run(altered);
        await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('DigestMismatch'),
        );
        expect(loop.calls).toEqual([]);
    });

    it('is applied although another one has a time that is too large to be read', async () => {
        const { proposal: other } = await offerRestart(loop, 'sample-segv.service');
        const { proposal } = await offerRestart(loop, name);
        loop.database.connection.exec(`UPDATE proposal SET applied = 9223372036854775807 WHERE id = ${other.id}`);
        expect(loop.proposals.list().map(({ id }) => id)).toEqual([proposal.id]);
        await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(stateOf(proposal.id)).not.toBe('offered');
    });

    it('keeps its number when it is planned again, and no other fix gets it', async () => {
        const { proposal, incident } = await offerRestart(loop, name);
        const numbers = () =>
            loop.proposals.list(incident.id).map(({ number, plan, state }) => [number, plan.action, state]);
        const offer = async (action: string) => {
            const fix = { action, parameters: { scope: 'system', unit: name }, explanation: '' };
            loop.proposals.offer(incident.id, [await loop.actions.plan(fix)]);
        };
        expect(proposal.number).toBe(1);
        await offer('unit.resetAndRestart');
        await offer('unit.reset');
        await offer('unit.reset');
        expect(numbers()).toEqual([[3, 'unit.reset', 'offered']]);
        // It is another plan: the unit has run since.
        recorded(units, name).unit.InvocationID = Array.from({ length: 16 }, () => 9);
        await offer('unit.restart');
        expect(numbers()).toContain([1, 'unit.restart', 'offered']);
        const other = await offerRestart(loop, 'sample-slow.service');
        expect(other.proposal.number).withContext('each incident counts its own').toBe(1);
    });

    it('that does not exist is not found', async () => {
        await expectAsync(loop.proposals.apply(99, 'f'.repeat(64), approval())).toBeRejectedWith(code('NotFound'));
    });

    const changes: [string, (unit: RecordedUnit) => void][] = [
        ['ran again meanwhile', ({ unit }) => (unit.InvocationID = Array.from({ length: 16 }, () => 9))],
        ['is running', run],
        ['has another unit file', ({ unit }) => (unit.FragmentPath = '/usr/lib/systemd/system/other.service')],
        ['was masked', ({ unit }) => (unit.LoadState = 'masked')],
        ['cannot be started any more', ({ unit }) => (unit.CanStart = false)],
    ];
    for (const [what, change] of changes) {
        it(`is void when its unit ${what}`, async () => {
            const { proposal, incident } = await offerRestart(loop, name);
            const outdated: number[] = [];
            loop.proposals.on('outdated', id => outdated.push(id));
            change(recorded(units, name));
            await expectAsync(loop.proposals.assertApplicable(proposal.id, proposal.digest)).toBeRejectedWith(
                code('PlanChanged'),
            );
            await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWith(
                code('PlanChanged'),
            );
            expect(stateOf(proposal.id)).toBe('void');
            expect(loop.calls).toEqual([]);
            expect(loop.incidents.get(incident.id)?.state).toBe('open');
            expect(outdated).toContain(incident.id);
            expect(events()).toEqual([]);
        });
    }

    it('of high risk wants the name of its subject', async () => {
        const { proposal, incident } = await offerRestart(loop, name);
        const plan: Plan = { ...proposal.plan, risk: 'high' };
        loop.proposals.offer(incident.id, [plan]);
        const dangerous = loop.proposals.list(incident.id).find(({ plan: { risk } }) => risk === 'high');
        const { id = 0, digest = '' } = dangerous ?? {};
        for (const confirmation of [undefined, '', 'sample', `${name} `]) {
            await expectAsync(loop.proposals.apply(id, digest, { ...approval(), confirmation })).toBeRejectedWith(
                code('ConfirmationRequired'),
            );
        }
        loop.database.connection.prepare(`UPDATE proposal SET state = 'applied' WHERE id = ?`).run(id);
        await expectAsync(loop.proposals.assertUndoable(id, digest))
            .withContext('nobody approved it: its row was altered')
            .toBeRejectedWith(code('DigestMismatch'));
        loop.audit.append({ event: 'approved', actor: 'shell', subject: name, detail: `plan ${digest}` });
        await expectAsync(loop.proposals.assertUndoable(id, digest)).withContext('it leads back').toBeResolved();
        loop.database.connection.prepare(`UPDATE proposal SET state = 'offered' WHERE id = ?`).run(id);
        // Confirmed, it gets as far as the comparison with the system, which has no plan of such risk.
        await expectAsync(loop.proposals.apply(id, digest, approval({ confirmation: name }))).toBeRejectedWith(
            code('PlanChanged'),
        );
    });

    it('that does not help leaves the incident open, says what is still wrong, and can be taken back', async () => {
        behaviour = () => 'done';
        const { proposal, incident } = await offerRestart(loop, name);
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome).toEqual({
            result: 'not-cleared',
            gone: false,
            detail: 'sample-exit.service has failed',
            done: 1,
            total: 1,
        });
        expect(loop.incidents.get(incident.id)).toEqual(
            jasmine.objectContaining({ state: 'open', stillWrong: 'sample-exit.service has failed' }),
        );
        expect(stateOf(proposal.id)).toBe('applied');
        expect(events()).toEqual(['not-cleared', 'approved']);
    });

    it('that does not help is undone at once where that needs no password, and counts as tried', async () => {
        const web = 'sample-web.service';
        const { incident } = await offerRestart(loop, name);
        const ofUser = { scope: 'user', unit: web };
        const fix = { action: 'unit.restart', parameters: ofUser, explanation: 'Why.' };
        loop.proposals.offer(incident.id, [await loop.actions.plan(fix, new AbortController().signal)]);
        const offered = loop.proposals.list(incident.id).find(({ state }) => state === 'offered');
        const { id = 0, digest = '' } = offered ?? {};
        const outcome = await loop.proposals.apply(id, digest, approval());
        expect([outcome.result, outcome.detail]).toEqual([
            'not-cleared',
            'It did not help, and has been undone. sample-exit.service has failed',
        ]);
        expect(loop.calls.at(-1)).toBe(`StopUnit ${web}`);
        const after = loop.proposals.get(id);
        expect([after?.state, after?.outcome, after?.standing.isInVain]).toEqual(['undone', outcome.detail, true]);
        expect(events()).toEqual(['undone', 'undo-approved', 'not-cleared', 'approved']);
        expect(loop.audit.list()[1]?.actor).toBe('service');
        expect(loop.incidents.get(incident.id)?.state).toBe('open');
    });

    it('whose file was changed while the password was awaited is not applied, writes nothing, and is offered again', async () => {
        const path = join(directory, 'sample.conf');
        const [right, wrong] = ['Port 22\n', 'Prot 22\n'].map(text => Buffer.from(text));
        const before = await loop.contents.put(right ?? Buffer.of());
        writeFileSync(path, wrong ?? '');
        const after = Contents.hashOf(wrong ?? Buffer.of());
        const { id, digest, owner } = await offerRevert(path, before, after);
        // What the first program of the step finds, which compares.
        behaviour = () => {
            writeFileSync(path, 'Port 2222\n');
            return 'failed';
        };
        const outcome = await loop.proposals.apply(id, digest, approval());
        const detail = 'The system has changed since this was offered, so nothing was changed';
        expect(outcome).toEqual({ result: 'failed', gone: false, detail, done: 0, total: 2 });
        expect(loop.proposals.get(id)).toEqual(jasmine.objectContaining({ state: 'void', outcome: detail, done: 0 }));
        expect(loop.incidents.get(owner.id)).toEqual(jasmine.objectContaining({ state: 'open', stillWrong: '' }));
        expect(events()).toEqual(['not-applied', 'approved']);

        // Somebody puts the mistake back, and the same fix fits again.
        writeFileSync(path, wrong ?? '');
        const again = await offerRevert(path, before, after);
        expect([again.digest, again.id === id, again.number]).toEqual([digest, false, 2]);
        behaviour = (member, unit) => {
            if (member === 'StartTransientUnit') writeFileSync(path, right ?? '');
            else run(recorded(units, unit));
            return 'done';
        };
        expect((await loop.proposals.apply(again.id, digest, approval())).result).toBe('success');
    });

    it('waits for nobody: it is refused while another changes the same thing', async () => {
        const { proposal } = await offerRestart(loop, name);
        const other = loop.incidents.report({ ...failureOf('sample-web.service'), occurrence: 'b'.repeat(32) });
        const fix = { action: 'unit.resetAndRestart', parameters: { scope: 'system', unit: name }, explanation: '' };
        loop.proposals.offer(other?.id ?? 0, [await loop.actions.plan(fix)]);
        const [second] = loop.proposals.list(other?.id ?? 0);
        if (second === undefined) throw new Error('nothing was offered');
        const refused: unknown[] = [];
        behaviour = async () => {
            await loop.proposals
                .apply(second.id, second.digest, approval())
                .catch((error: unknown) => refused.push(error));
            run(recorded(units, name));
            return 'done';
        };
        expect((await loop.proposals.apply(proposal.id, proposal.digest, approval())).result).toBe('success');
        expect(refused).toEqual([code('Busy')]);
        expect(loop.calls).toEqual([`RestartUnit ${name}`]);
        expect(stateOf(second.id)).toBe('offered');
        // Nothing is held any longer.
        await expectAsync(loop.proposals.assertApplicable(second.id, second.digest)).not.toBeRejectedWith(code('Busy'));
    });

    it('whose job fails says so', async () => {
        behaviour = () => 'timeout';
        const { proposal } = await offerRestart(loop, name);
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome.result).toBe('failed');
        expect(outcome.detail).toBe('sample-exit.service took too long. sample-exit.service has failed');
        expect(stateOf(proposal.id)).toBe('failed');
    });

    it('whose password is not given changes nothing and stays on offer', async () => {
        behaviour = () => {
            throw accessDenied;
        };
        const { proposal, incident } = await offerRestart(loop, name);
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome).toEqual(jasmine.objectContaining({ result: 'refused', gone: false }));
        expect(stateOf(proposal.id)).toBe('offered');
        expect(loop.incidents.get(incident.id)).toEqual(jasmine.objectContaining({ state: 'open', stillWrong: '' }));
        expect(events()).toEqual(['refused', 'approved']);
    });

    it('that fails halfway does not pass for untouched', async () => {
        behaviour = member => {
            if (member === 'RestartUnit') return 'failed';
            Object.assign(recorded(units, name).unit, { ActiveState: 'inactive', SubState: 'dead' });
            return 'done';
        };
        const { proposal, incident } = await offerRestart(loop, name, 'unit.resetAndRestart');
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome.result).toBe('failed');
        expect(loop.asked.length).withContext('passwords').toBe(1);
        expect(loop.calls).toEqual([`ResetFailedUnit ${name}`, `RestartUnit ${name}`]);
        expect(stateOf(proposal.id)).toBe('failed');
        // It is no longer marked as failed, which is nobody's wish but that of the fix.
        const left = loop.incidents.get(incident.id);
        expect(left?.state).toBe('open');
        expect(left && (await loop.check(left)).gone).toBeFalse();
    });

    it('is cancelled while the password is asked for', async () => {
        const asked = Promise.withResolvers<undefined>();
        behaviour = () => {
            asked.resolve(undefined);
            return new Promise(() => undefined);
        };
        const { proposal, incident } = await offerRestart(loop, name);
        const cancel = new AbortController();
        const applying = loop.proposals.apply(proposal.id, proposal.digest, approval({ signal: cancel.signal }));
        await asked.promise;
        expect(stateOf(proposal.id)).toBe('applying');
        expect(loop.incidents.get(incident.id)?.state).toBe('fixing');
        cancel.abort();
        const outcome = await applying;
        expect(outcome).toEqual({
            result: 'cancelled',
            gone: false,
            detail: 'Cancelled before anything was changed',
            done: 0,
            total: 1,
        });
        expect(stateOf(proposal.id)).toBe('offered');
        expect(loop.incidents.get(incident.id)?.state).toBe('open');
    });

    it('that root has begun is finished although it is cancelled', async () => {
        const cancel = new AbortController();
        behaviour = (member, unit) => {
            if (member === 'ResetFailedUnit') return 'done';
            cancel.abort();
            run(recorded(units, unit));
            return 'done';
        };
        const { proposal } = await offerRestart(loop, name, 'unit.resetAndRestart');
        const approved = approval({ signal: cancel.signal });
        expect((await loop.proposals.apply(proposal.id, proposal.digest, approved)).result).toBe('success');
        expect(stateOf(proposal.id)).toBe('applied');
        expect(events()).toEqual(['applied', 'approved']);
    });

    it('is the only one at work on its incident', async () => {
        const answer = Promise.withResolvers<string>();
        behaviour = () => answer.promise;
        const { proposal } = await offerRestart(loop, name);
        const first = loop.proposals.apply(proposal.id, proposal.digest, approval());
        await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('InvalidState'),
        );
        run(recorded(units, name));
        answer.resolve('done');
        expect((await first).result).toBe('success');
        expect(loop.calls.length).toBe(1);
        await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('InvalidState'),
        );
    });

    it('is undone, once, and only after it was applied', async () => {
        const { proposal } = await offerRestart(loop, name);
        await expectAsync(loop.proposals.undo(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('InvalidState'),
        );
        await loop.proposals.apply(proposal.id, proposal.digest, approval());
        behaviour = () => {
            Object.assign(recorded(units, name).unit, { ActiveState: 'inactive', SubState: 'dead' });
            return 'done';
        };
        const outcome = await loop.proposals.undo(proposal.id, proposal.digest, approval({ actor: 'terminal' }));
        expect(outcome.result).toBe('success');
        expect(loop.calls.at(-1)).toBe(`StopUnit ${name}`);
        expect(stateOf(proposal.id)).toBe('undone');
        expect(events()).toEqual(['undone', 'undo-approved', 'applied', 'approved']);
        await expectAsync(loop.proposals.undo(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('InvalidState'),
        );
    });

    for (const end of ['failed', 'refused', 'cancelled'] as const) {
        it(`that wrote its file and then was ${end} can be finished or undone`, async () => {
            const path = join(directory, 'sample.conf');
            const before = await loop.contents.put(Buffer.from('Port 22\n'));
            writeFileSync(path, 'Prot 22\n');
            const { id, digest, owner } = await offerRevert(path, before, Contents.hashOf(Buffer.from('Prot 22\n')));
            const cancel = new AbortController();
            behaviour = member => {
                if (member === 'StartTransientUnit') {
                    writeFileSync(path, 'Port 22\n');
                    return 'done';
                }
                if (end === 'refused') throw accessDenied;
                if (end === 'failed') return 'failed';
                cancel.abort();
                return new Promise(() => undefined);
            };
            const outcome = await loop.proposals.apply(id, digest, approval({ signal: cancel.signal }));
            expect(outcome.result).toBe(end);
            loop.proposals.offer(owner.id, []);
            loop.proposals.offer(owner.id, []);
            expect(stateOf(id)).toBe('partial');
            const left = loop.proposals.get(id);
            expect(left?.outcome).toMatch(/^1 of 2 steps was completed and can be undone\. /);
            expect(left && finishSteps(left).map(({ command }) => command)).toEqual([`systemctl restart ${name}`]);

            behaviour = () => 'done';
            expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
            expect(stateOf(id)).toBe('undone');
        });
    }

    it('that ended halfway is finished by the digest of what is left, and is then applied', async () => {
        const path = join(directory, 'sample.conf');
        const before = await loop.contents.put(Buffer.from('Port 22\n'));
        writeFileSync(path, 'Prot 22\n');
        const { id, digest } = await offerRevert(path, before, Contents.hashOf(Buffer.from('Prot 22\n')));
        behaviour = member => {
            if (member !== 'StartTransientUnit') throw accessDenied;
            writeFileSync(path, 'Port 22\n');
            return 'done';
        };
        expect((await loop.proposals.apply(id, digest, approval())).result).toBe('refused');
        const partial = loop.proposals.get(id);
        const left = partial === undefined ? '' : finishDigest(partial);
        expect(left).toMatch(/^[0-9a-f]{64}$/);

        await expectAsync(loop.proposals.finish(id, digest, approval())).toBeRejectedWith(code('DigestMismatch'));
        await expectAsync(loop.proposals.apply(id, digest, approval())).toBeRejectedWith(code('InvalidState'));
        // Missed once more, it is as it was.
        expect((await loop.proposals.finish(id, left, approval())).result).toBe('refused');
        expect(loop.proposals.get(id)).toEqual(jasmine.objectContaining({ state: 'partial', done: 1 }));

        writeFileSync(path, 'Port 2222\n');
        await expectAsync(loop.proposals.finish(id, left, approval())).toBeRejectedWith(code('PlanChanged'));
        writeFileSync(path, 'Port 22\n');
        behaviour = (_member, unit) => {
            run(recorded(units, unit));
            return 'done';
        };
        const outcome = await loop.proposals.finish(id, left, approval());
        expect(outcome).toEqual(jasmine.objectContaining({ result: 'success', gone: true, done: 2, total: 2 }));
        expect(loop.proposals.get(id)).toEqual(jasmine.objectContaining({ state: 'applied', done: 2 }));
        expect(loop.calls.slice(-1)).toEqual([`RestartUnit ${name}`]);
        expect(events().slice(0, 2)).toEqual(['applied', 'approved']);
        // What was done before is in the entries of then.
        for (const { detail } of loop.audit.list({ limit: 2 }))
            expect(detail).toMatch(new RegExp(`^file\\.revert: systemctl restart ${name}\n`));
        behaviour = () => {
            writeFileSync(path, 'Prot 22\n');
            return 'done';
        };
        expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
    });

    it('that ended halfway is finished also when what failed first is well again by then', async () => {
        const [database, web] = ['sample-database.service', 'sample-web.service'];
        behaviour = (member, unit) => {
            if (unit === web && member === 'StartUnit') return 'failed';
            run(recorded(units, unit));
            return 'done';
        };
        const parameters = { scope: 'system', dependency: database, dependants: [web], reset: false };
        const fix = { action: 'unit.startDependency', parameters, explanation: 'Why.' };
        const incident = loop.incidents.report(failureOf(database));
        loop.proposals.offer(incident?.id ?? 0, [await loop.actions.plan(fix, new AbortController().signal)]);
        const [proposal] = loop.proposals.list(incident?.id);
        const { id = 0, digest = '' } = proposal ?? {};
        expect((await loop.proposals.apply(id, digest, approval())).done).toBe(1);
        const incidentState = () => loop.incidents.get(incident?.id ?? 0)?.state;
        expect([stateOf(id), incidentState()]).toEqual(['partial', 'recovered']);

        const partial = loop.proposals.get(id);
        const left = partial === undefined ? '' : finishDigest(partial);
        await loop.proposals.assertFinishable(id, left);
        behaviour = (_member, unit) => {
            run(recorded(units, unit));
            return 'done';
        };
        const outcome = await loop.proposals.finish(id, left, approval());
        expect(outcome).toEqual(jasmine.objectContaining({ result: 'success', done: 2, total: 2 }));
        expect(loop.calls.slice(-1)).toEqual([`StartUnit ${web}`]);
        expect([stateOf(id), incidentState()]).toEqual(['applied', 'recovered']);
    });

    it('that ends halfway says how far it got, and takes back no more than that', async () => {
        const [database, web, batch] = ['sample-database.service', 'sample-web.service', 'sample-needsbad.service'];
        behaviour = (member, unit) => {
            if (unit === web && member === 'StartUnit') return 'failed';
            if (member !== 'ResetFailedUnit') run(recorded(units, unit));
            return 'done';
        };
        const parameters = { scope: 'system', dependency: database, dependants: [web, batch], reset: true };
        const fix = { action: 'unit.startDependency', parameters, explanation: 'Why.' };
        const incident = loop.incidents.report(failureOf(web));
        loop.proposals.offer(incident?.id ?? 0, [await loop.actions.plan(fix, new AbortController().signal)]);
        const [proposal] = loop.proposals.list(incident?.id);
        const { id = 0, digest = '' } = proposal ?? {};
        const outcome = await loop.proposals.apply(id, digest, approval());

        expect(outcome).toEqual(jasmine.objectContaining({ result: 'failed', done: 2, total: 4 }));
        expect(outcome.detail).toMatch(/^2 of 4 steps were completed and can be undone\. sample-web\.service failed/);
        const left = loop.proposals.get(id);
        expect(left).toEqual(jasmine.objectContaining({ state: 'partial', done: 2, outcome: outcome.detail }));
        expect(left && undoSteps(left).map(({ command }) => command)).toEqual([`systemctl stop ${database}`]);

        // Somebody else starts what the plan never got to: that is not the plan's to stop.
        run(recorded(units, batch));
        expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
        expect(loop.calls.slice(-1)).toEqual([`StopUnit ${database}`]);
        expect(loop.audit.list()[0]?.detail).toContain(`unit.startDependency: systemctl stop ${database}\n`);
    });

    it('that is taken back halfway says so, and can be taken back again', async () => {
        const [database, web] = ['sample-database.service', 'sample-web.service'];
        behaviour = (_member, unit) => {
            run(recorded(units, unit));
            return 'done';
        };
        const parameters = { scope: 'system', dependency: database, dependants: [web], reset: false };
        const fix = { action: 'unit.startDependency', parameters, explanation: 'Why.' };
        const incident = loop.incidents.report(failureOf(web));
        loop.proposals.offer(incident?.id ?? 0, [await loop.actions.plan(fix, new AbortController().signal)]);
        const [proposal] = loop.proposals.list(incident?.id);
        const { id = 0, digest = '' } = proposal ?? {};
        await loop.proposals.apply(id, digest, approval());

        behaviour = (_member, unit) => {
            return unit === database ? 'failed' : 'done';
        };
        const outcome = await loop.proposals.undo(id, digest, approval());
        expect(outcome).toEqual(jasmine.objectContaining({ result: 'failed', done: 1, total: 2 }));
        expect(outcome.detail).toMatch(/^1 of 2 steps was undone\. /);
        expect(stateOf(id)).toBe('partial');
        behaviour = () => 'done';
        expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
    });

    it('knows what was done after it and changes the same, in the order in which it was done', async () => {
        const { proposal: reset } = await offerRestart(loop, name, 'unit.resetAndRestart');
        const { proposal: other } = await offerRestart(loop, 'sample-loop.service');
        const { proposal: restart, incident } = await offerRestart(loop, name);
        // The offer of the one has made the other void.
        loop.proposals.offer(incident.id, [restart.plan, reset.plan]);
        const again = loop.proposals.list(incident.id).find(({ digest }) => digest === reset.digest);
        behaviour = () => 'done';
        for (const { id, digest } of [again ?? reset, other, restart])
            await loop.proposals.apply(id, digest, approval());

        const applied = [again ?? reset, other, restart].map(({ id }) => loop.proposals.get(id));
        const times = applied.map(each => each?.applied ?? 0);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(new Set(times).size).toBe(3);
        const before = (each: (typeof applied)[0]) => each && loop.proposals.undoneBefore(each).map(({ id }) => id);
        expect(applied.map(before)).toEqual([[restart.id], [], []]);
        const { id, digest } = again ?? reset;
        await expectAsync(loop.proposals.undo(id, digest, approval())).toBeRejectedWithError(
            `“Restart ${name}” later changed the same thing: undo that first`,
        );

        await loop.proposals.undo(restart.id, restart.digest, approval());
        expect(before(applied[0])).toEqual([]);
    });

    it('whose unit somebody has started since does not stop it, and what is stopped is left so', async () => {
        const { proposal } = await offerRestart(loop, name);
        const { id, digest } = proposal;
        await loop.proposals.apply(id, digest, approval());
        const made = loop.calls.length;
        const startAgain = (invocation: number) => {
            Object.assign(recorded(units, name).unit, { InvocationID: Array.from({ length: 16 }, () => invocation) });
        };

        startAgain(9);
        await expectAsync(loop.proposals.assertUndoable(id, digest)).toBeRejectedWith(code('PlanChanged'));
        await expectAsync(loop.proposals.undo(id, digest, approval())).toBeRejectedWith(code('PlanChanged'));
        expect(stateOf(id)).toBe('applied');

        Object.assign(recorded(units, name).unit, { ActiveState: 'inactive', SubState: 'dead' });
        expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
        expect(loop.calls.length).toBe(made);
        expect(stateOf(id)).toBe('undone');
    });

    it('that started a unit, which somebody has started again since, is undone but for that', async () => {
        const path = join(directory, 'sample.conf');
        const before = await loop.contents.put(Buffer.from('Port 22\n'));
        writeFileSync(path, 'Prot 22\n');
        const after = Contents.hashOf(Buffer.from('Prot 22\n'));
        const { id, digest } = await offerRevert(path, before, after, { dependants: ['sample-web.service'] });
        behaviour = (member, unit) => {
            if (member === 'StartTransientUnit') writeFileSync(path, 'Port 22\n');
            else run(recorded(units, unit));
            return 'done';
        };
        await loop.proposals.apply(id, digest, approval());
        const { unit } = recorded(units, 'sample-web.service');
        Object.assign(unit, { InvocationID: Array.from({ length: 16 }, () => 9) });

        const made = loop.calls.length;
        behaviour = () => 'done';
        const { result, detail } = await loop.proposals.undo(id, digest, approval());
        expect(result).toBe('success');
        expect(detail).toContain('sample-web.service keeps running. To stop it: systemctl stop sample-web.service');
        const calls = loop.calls.slice(made).join(', ');
        expect(calls).toContain(`StopUnit ${name}`);
        expect(calls).not.toContain('sample-web.service');
        expect(stateOf(id)).toBe('undone');
    });

    it('whose file was changed since is not undone over that', async () => {
        const path = join(directory, 'sample.conf');
        const before = await loop.contents.put(Buffer.from('Port 22\n'));
        writeFileSync(path, 'Prot 22\n');
        const { id, digest } = await offerRevert(path, before, Contents.hashOf(Buffer.from('Prot 22\n')));
        behaviour = () => {
            writeFileSync(path, 'Port 22\n');
            run(recorded(units, name));
            return 'done';
        };
        await loop.proposals.apply(id, digest, approval());
        const made = loop.calls.length;

        writeFileSync(path, 'an hour of work\n');
        await expectAsync(loop.proposals.assertUndoable(id, digest)).toBeRejectedWith(code('PlanChanged'));
        await expectAsync(loop.proposals.undo(id, digest, approval())).toBeRejectedWith(code('PlanChanged'));
        expect(loop.calls.length).toBe(made);
        expect(stateOf(id)).toBe('applied');

        writeFileSync(path, 'Port 22\n');
        expect((await loop.proposals.undo(id, digest, approval())).result).toBe('success');
        expect(stateOf(id)).toBe('undone');
    });

    it('without a way back says so', async () => {
        const { incident, proposal } = await offerRestart(loop, 'sample-gone.service', 'unit.reset');
        behaviour = () => {
            Object.assign(recorded(units, 'sample-gone.service').unit, { ActiveState: 'inactive' });
            return 'done';
        };
        const outcome = await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(outcome.detail).toBe('sample-gone.service no longer exists');
        expect(loop.incidents.get(incident.id)?.state).toBe('fixed');
        await expectAsync(loop.proposals.undo(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('NotReversible'),
        );
    });

    it('that was declined is not offered again for the same state', async () => {
        const { incident, proposal } = await offerRestart(loop, name);
        loop.proposals.decline(proposal.id, 'shell');
        loop.proposals.offer(incident.id, [proposal.plan]);
        expect(loop.proposals.list(incident.id).map(({ state }) => state)).toEqual(['declined']);
        expect(() => {
            loop.proposals.decline(proposal.id, 'shell');
        }).toThrow(code('InvalidState'));
        expect(events()).toEqual(['declined']);
    });

    it('stays the same object while its plan does, is void when it no longer fits, and goes after that', async () => {
        const { incident, proposal } = await offerRestart(loop, name);
        loop.proposals.offer(incident.id, [proposal.plan]);
        expect(loop.proposals.list(incident.id).map(({ id }) => id)).toEqual([proposal.id]);
        const removed: number[] = [];
        loop.proposals.on('removed', id => removed.push(id));
        loop.proposals.offer(incident.id, []);
        expect(stateOf(proposal.id)).toBe('void');
        loop.proposals.offer(incident.id, []);
        expect(removed).toEqual([proposal.id]);
        expect(loop.proposals.get(proposal.id)).toBeUndefined();
    });

    it('keeps its incident from being closed twice when the user dismisses it meanwhile', async () => {
        behaviour = (_member, unit) => {
            loop.incidents.dismiss(1, { forever: false });
            run(recorded(units, unit));
            return 'done';
        };
        const { proposal, incident } = await offerRestart(loop, name);
        await loop.proposals.apply(proposal.id, proposal.digest, approval());
        expect(loop.incidents.get(incident.id)?.state).toBe('dismissed');
    });

    it('is not applied to an incident that is closed', async () => {
        const { proposal, incident } = await offerRestart(loop, name);
        loop.incidents.setState(incident.id, 'recovered');
        await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWith(
            code('InvalidState'),
        );
    });

    it('does not stay at work when something inside breaks', async () => {
        behaviour = () => {
            throw new TypeError('a defect');
        };
        const { proposal, incident } = await offerRestart(loop, name);
        await expectAsync(loop.proposals.apply(proposal.id, proposal.digest, approval())).toBeRejectedWithError(
            TypeError,
        );
        expect(stateOf(proposal.id)).toBe('failed');
        expect(loop.incidents.get(incident.id)?.state).toBe('open');
        expect(events()).toEqual(['failed', 'approved']);
    });

    it('of another incident is not touched by an offer', async () => {
        const { proposal } = await offerRestart(loop, name);
        const other = loop.incidents.report(failureOf('sample-slow.service'));
        loop.proposals.offer(other?.id ?? 0, []);
        expect(stateOf(proposal.id)).toBe('offered');
    });
});
