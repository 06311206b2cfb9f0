import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { everyAction } from '../../../service/actions/everyAction.ts';
import { noteActions } from '../../../service/approval/actionTimeline.ts';
import { termsFor } from '../../../service/approval/grantedFixes.ts';
import {
    defaultLimits,
    grantId,
    grantState,
    grantTerms,
    isGrantable,
    type StandingGrant,
} from '../../../service/model/grant.ts';
import type { Finding, Incident } from '../../../service/model/incident.ts';
import type { Plan, Proposal } from '../../../service/model/proposal.ts';
import type { ErrorCode } from '../../../service/util/errors.ts';
import { recorded, recordedUnits, run } from '../../support/recordedUnits.ts';
import type { RecordedUnit } from '../../support/recordedUnits.ts';
import { failureOf, makeLoop, type Loop } from './loop.ts';

const name = 'sample-exit.service';
const other = 'sample-segv.service';

describe('A standing grant', () => {
    let directory: string;
    let units: Record<string, RecordedUnit>;
    let loop: Loop;
    let helps: boolean;

    const approval = { actor: 'shell', progress: () => undefined, signal: new AbortController().signal };
    const code = (expected: ErrorCode) => jasmine.objectContaining({ code: expected });
    const planOf = (unit: string, action = 'unit.restart'): Promise<Plan> =>
        loop.actions.plan({ action, parameters: { scope: 'user', unit }, explanation: 'Why.' });

    /** The unit fails, and the diagnosis offers its fix. */
    const fail = async (unit = name, change: Partial<Finding> = {}, plan?: Plan): Promise<Incident> => {
        Object.assign(units, { [unit]: recordedUnits(262)[unit] });
        const finding: Finding = { ...failureOf(unit), scope: 'user', occurrence: crypto.randomUUID(), ...change };
        const incident = loop.incidents.report(finding);
        if (incident === null) throw new Error('no incident');
        await offer(incident, [plan ?? (await planOf(unit))]);
        return incident;
    };
    const offer = async ({ id }: Incident, plans: Plan[]) => {
        const added: Proposal[] = [];
        const add = (proposal: Proposal) => void added.push(proposal);
        loop.proposals.on('added', add);
        loop.proposals.offer(id, plans);
        loop.proposals.off('added', add);
        for (const proposal of added) await loop.grantedFixes.consider(proposal, approval.signal);
    };
    const stateOf = ({ id }: Incident) => loop.incidents.get(id)?.state;
    const firstOf = ({ id }: Incident): Proposal => {
        const found = loop.proposals.list(id).at(-1);
        if (found === undefined) throw new Error('nothing was offered');
        return found;
    };
    const propose = async (proposal: Proposal, limits: Partial<typeof defaultLimits> = {}): Promise<Proposal> => {
        const terms = termsFor(proposal, loop.incidents);
        const parameters = { ...terms, ...defaultLimits, ...limits };
        const plan = await loop.actions.plan({ action: 'grant.allow', parameters, explanation: '' });
        const [asked] = loop.proposals.ask(plan.title, [plan], 'shell').proposals;
        if (asked === undefined) throw new Error('no plan');
        return asked;
    };
    /** A person fixes the unit once, and allows it for the next times. */
    const allow = async (limits: Partial<typeof defaultLimits> = {}, unit = name): Promise<Proposal> => {
        const fixed = firstOf(await fail(unit));
        await loop.proposals.apply(fixed.id, fixed.digest, approval);
        const plan = await propose(loop.proposals.get(fixed.id) ?? fixed, limits);
        const { result } = await loop.proposals.apply(plan.id, plan.digest, approval);
        expect(result).toBe('success');
        return plan;
    };
    const only = () => {
        const [grant, ...more] = loop.grants.list();
        if (grant === undefined || more.length > 0) throw new Error('not one grant');
        return grant;
    };

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'reeve-grants-'));
        units = recordedUnits(262);
        helps = true;
        loop = makeLoop(directory, units, (member, subject) => {
            if (member === 'Add') loop.grants.add(loop.grants.approved(subject, loop.proposals.underWay()));
            else if (member === 'Remove') loop.grants.remove(subject, 'service');
            else if (helps) run(recorded(units, subject));
            return helps || member === 'Add' ? 'done' : 'failed';
        });
        noteActions(loop);
    });
    afterEach(() => {
        loop.incidents[Symbol.dispose]();
        expect(loop.audit.verify().ok).toBeTrue();
        loop.database[Symbol.dispose]();
        rmSync(directory, { recursive: true });
    });

    it('can be made for each action that says what that means, and for no other', () => {
        const able = everyAction.filter(action => 'grantable' in action).map(action => action.name);
        expect(able).toEqual(['unit.restart', 'unit.resetAndRestart']);
        expect(everyAction.map(action => action.name).filter(isGrantable)).toEqual(able);
    });

    it('is made by an approval of its own plan alone', async () => {
        const plan = await propose(firstOf(await fail()));
        expect(plan.plan.title).toBe('Always restart sample-exit.service when it fails');
        expect(plan.plan.steps.map(({ description, command }) => [description, command])).toEqual([
            ['Allow this for 30 days: at most 20 times, and at most 3 times in an hour', 'reeve grants add 1'],
        ]);
        const id = grantId(grantTerms().parse(plan.plan.parameters));
        expect(() => {
            loop.grants.approved(id, loop.proposals.underWay());
        }).toThrow(code('NotAuthorized'));
        expect(loop.grants.list()).toEqual([]);
        expect(loop.calls).toEqual([]);

        expect((await loop.proposals.apply(plan.id, plan.digest, approval)).result).toBe('success');
        expect(only()).toEqual(jasmine.objectContaining({ id, plan: plan.plan, uses: [] }));
        expect(loop.calls).toEqual([`Add ${id}`]);
    });

    it('answers the next failure without a person, and says so', async () => {
        await allow();
        const incident = await fail();
        expect(incident.notification).toBe('undecided');
        expect(stateOf(incident)).toBe('fixed');
        const { id, uses } = only();
        expect(uses.length).toBe(1);
        expect(firstOf(incident)).toEqual(jasmine.objectContaining({ state: 'applied', grant: id }));
        const approved = loop.audit.list().find(({ event }) => event === 'approved');
        expect(approved).toEqual(jasmine.objectContaining({ actor: 'grant', subject: name }));
        expect(approved?.detail).toContain(`grant ${id}`);
        const [entry] = loop.timeline.query({ kinds: ['action'] });
        expect(entry?.summary).toBe('Done, as you allowed: Restart sample-exit.service');
        expect(entry?.facts.grant).toBe(id);
    });

    it('is used as soon as its fix is offered', async () => {
        await allow();
        const applied = Promise.withResolvers<Proposal>();
        loop.proposals.on('changed', proposal => {
            if (proposal.state === 'applied' && proposal.grant !== '') applied.resolve(proposal);
        });
        const work = loop.grantedFixes.start();
        const incident = loop.incidents.report({ ...failureOf(name), scope: 'user', occurrence: 'b'.repeat(32) });
        Object.assign(units, { [name]: recordedUnits(262)[name] });
        loop.proposals.offer(Number(incident?.id), [await planOf(name)]);
        expect((await applied.promise).owner.id).toBe(Number(incident?.id));
        work[Symbol.dispose]();
    });

    it('answers no other unit, kind or action, and no proposal of a model', async () => {
        await allow();
        const before = loop.calls.length;
        for (const failure of [
            () => fail(other),
            () => fail(name, { kind: 'core-dump' }),
            async () => fail(name, {}, await planOf(name, 'unit.resetAndRestart')),
            async () => fail(name, {}, { ...(await planOf(name)), proposedBy: 'Scripted 1B' }),
        ]) {
            const incident = await failure();
            expect(stateOf(incident)).toBe('open');
            loop.incidents.dismiss(incident.id, { forever: false });
        }
        expect(loop.calls.length).toBe(before);
        expect(only().uses).toEqual([]);
    });

    it('is not used where the diagnosis knows something better', async () => {
        await allow();
        const before = loop.calls.length;
        const better = await planOf(name, 'unit.resetAndRestart');
        const incident = loop.incidents.report({ ...failureOf(name), scope: 'user', occurrence: 'b'.repeat(32) });
        Object.assign(units, { [name]: recordedUnits(262)[name] });
        if (incident === null) throw new Error('no incident');
        await offer(incident, [better, await planOf(name)]);
        expect(stateOf(incident)).toBe('open');
        expect(loop.calls.length).toBe(before);
    });

    it('is not used for what could not be undone', async () => {
        await allow();
        const before = loop.calls.length;
        const incident = await fail(name, {}, { ...(await planOf(name)), undo: null });
        expect(stateOf(incident)).toBe('open');
        expect(loop.calls.length).toBe(before);
        expect(termsFor(firstOf(incident), loop.incidents)).toBeNull();
    });

    it('is suspended when it does not help, and a person decides', async () => {
        await allow();
        helps = false;
        const incident = await fail();
        expect(stateOf(incident)).toBe('open');
        expect(only().suspended).toContain('It did not help');
        expect(loop.grants.state(only())).toBe('suspended');
        const before = loop.calls.length;
        loop.incidents.dismiss(incident.id, { forever: false });
        expect(stateOf(await fail())).toBe('open');
        expect(loop.calls.length).toBe(before);
        expect(loop.audit.list().map(({ event }) => event)).toContain('grant-suspended');
    });

    it('is suspended when it is needed too often, and allowed again by another approval', async () => {
        await allow({ perHour: 2 });
        for (let count = 0; count < 2; count += 1) expect(stateOf(await fail())).toBe('fixed');
        const incident = await fail();
        expect(stateOf(incident)).toBe('open');
        expect(only().suspended).toBe('It was needed too often in an hour, so something else is wrong');
        expect(loop.grants.answers(incident)).toBeFalse();

        const again = await propose(firstOf(incident));
        await loop.proposals.apply(again.id, again.digest, approval);
        expect(only()).toEqual(jasmine.objectContaining({ suspended: '', uses: [] }));
    });

    it('ends after its count', async () => {
        await allow({ uses: 1 });
        expect(stateOf(await fail())).toBe('fixed');
        expect(loop.grants.state(only())).toBe('used-up');
        expect(stateOf(await fail())).toBe('open');
    });

    it('that nobody approved as it is counts for nothing', async () => {
        await allow();
        loop.database.connection.exec("UPDATE standing_grant SET plan = json_set(plan, '$.parameters.uses', 99)");
        const before = loop.calls.length;
        expect(stateOf(await fail())).toBe('open');
        expect(loop.calls.length).toBe(before);
    });

    it('is taken away by undo', async () => {
        const plan = await allow();
        expect((await loop.proposals.undo(plan.id, plan.digest, approval)).result).toBe('success');
        expect(loop.grants.list()).toEqual([]);
        expect(stateOf(await fail())).toBe('open');
    });

    it('is refused for other actions and other parameters', async () => {
        const terms = termsFor(firstOf(await fail()), loop.incidents);
        const asked = (change: object) =>
            loop.actions.plan({
                action: 'grant.allow',
                parameters: { ...terms, ...defaultLimits, ...change },
                explanation: '',
            });
        for (const change of [
            { action: 'unit.stop' },
            { action: 'grant.allow' },
            { parameters: { scope: 'user', unit: '../x' } },
            { parameters: { scope: 'user', unit: name, force: 'yes' } },
            { family: 'local:mine' },
            { subject: 'a\u202eb' },
            { days: 366 },
            { uses: 1000 },
            { perHour: 100 },
        ])
            await expectAsync(asked(change))
                .withContext(JSON.stringify(change))
                .toBeRejectedWith(code('InvalidArgument'));
    });
});

describe('The limits of a grant', () => {
    const day = 86_400_000_000;
    const made = 1000 * day;
    const terms = {
        ...{ action: 'unit.restart', parameters: {}, family: 'unit', kind: 'exit-code', subject: 'a', incident: 1 },
        ...defaultLimits,
    };
    const state = (change: Partial<StandingGrant>, now: number) =>
        grantState({ id: 'x', made, terms, uses: [], ...change }, now);

    it('are its days, its count and its count in an hour', () => {
        expect(state({}, made + day)).toBe('usable');
        expect(state({}, made + 30 * day)).toBe('over');
        expect(state({ uses: Array.from({ length: 20 }, () => made) }, made + day)).toBe('used-up');
        expect(state({ uses: [made, made + 1, made + 2] }, made + 3)).toBe('too-often');
        expect(state({ uses: [made, made + 1, made + 2] }, made + day / 24 + 2)).toBe('usable');
    });

    it('are not stretched by a clock that is set back', () => {
        expect(state({}, made - day)).toBe('over');
        expect(state({ uses: [made + 3, made + 4, made + 5] }, made)).toBe('too-often');
    });
});
