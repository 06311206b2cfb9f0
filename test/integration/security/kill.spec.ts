// A service that is killed at every moment of a change: the next one knows how far it got, ends it, and undoes it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { everyAction } from '../../../service/actions/everyAction.ts';
import { joinCalls } from '../../../service/actions/joinedCalls.ts';
import { onlyResets } from '../../../service/actions/units/unitPlan.ts';
import { partsAsked, stepsOf, type NamedChange } from '../../../service/actions/several.ts';
import { finishDigest } from '../../../service/approval/finishing.ts';
import type { Plan, Proposal, Step } from '../../../service/model/proposal.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import type { Computer } from '../../support/security/computer.ts';
import { anyState, parametersFor, setModes } from '../../support/security/generate.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { isWhole, patience, report } from '../../support/security/run.ts';
import { startSteward, type Steward } from '../../support/security/steward.ts';

const script = fileURLToPath(new URL('changeAndDie.ts', import.meta.url));

/** Together they have every sort of step. */
const kinds: Readonly<Record<string, readonly string[]>> = {
    'that writes a file and starts a unit': ['file.revert'],
    'of the permissions of a file': ['file.permissions'],
    'by a call': ['clock.zone'],
    'of a property': ['power.profile'],
    'by a program of the user': ['setting.switch'],
    'by programs of root': ['printer.resume'],
    'of a package': ['packages.hold'],
    'that starts several units': ['unit.startDependency'],
    'that stops a unit': ['unit.stop'],
    'with parts for several managers': ['setting.switch', 'unit.stop', 'clock.zone'],
};
/** So many seeds are tried for a computer on which the change can be made. */
const seeds = 400;

const counts = { kills: 0, 'not begun': 0, done: 0, 'partly done': 0, undone: 0, unsure: 0 };
const nobody = () => undefined;
const approval = { actor: 'shell', progress: nobody, signal: new AbortController().signal };

describe('A service that is killed during a change', () => {
    let pretended: Disposable;
    let home: string | undefined;
    const directories: string[] = [];
    beforeAll(() => {
        pretended = pretendPrograms(programsOfPlans);
        home = process.env.HOME;
    });
    afterEach(() => {
        for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
    });
    afterAll(() => {
        pretended[Symbol.dispose]();
        process.env.HOME = home;
        report('kill', counts);
    });

    /** A computer, and a change that can be made there. */
    async function prepare(actions: readonly string[], seed: number) {
        const directory = mkdtempSync(join(tmpdir(), 'reeve-kill-'));
        directories.push(directory);
        // The first are the smallest.
        const state = fc.sample(anyState, { seed, numRuns: 20 }).at(-1);
        if (state === undefined) throw new Error('no state');
        await using steward = await startSteward(directory, state, nobody);
        setModes(steward.computer);
        const parts: NamedChange[] = [];
        for (const name of actions) parts.push(await asked(name, steward.computer, seed));
        const [first] = parts;
        if (first === undefined) throw new Error('no action');
        const change = parts.length === 1 ? first : { action: 'several', parameters: { parts } };
        partsAsked(change);
        const plan = await steward.actions.plan({ ...change, explanation: '' });
        steward.proposals.ask('Please', [plan], 'shell');
        return { directory, plan, initial: stateOf(steward.computer, plan) };
    }

    /** The first seed of which the change can be made and undone, in as many calls as such a change has. */
    async function suitable(actions: readonly string[]) {
        for (let seed = 1; seed <= seeds; seed++) {
            try {
                const { plan, directory } = await prepare(actions, seed);
                const isWanted =
                    (plan.parts ?? [plan]).every(({ undo }) => undo !== null) &&
                    plan.risk !== 'high' &&
                    isLong(plan, actions);
                if (!isWanted) continue;
                await using steward = await startSteward(directory, null, nobody);
                await carryOn(steward);
                return { seed, plan, end: stateOf(steward.computer, plan) };
            } catch (error) {
                if (!(error instanceof ReeveError)) throw error;
            }
        }
        throw new Error(`No computer was made up for ${actions.join(', ')}`);
    }

    async function killed(
        { actions, seed }: { actions: readonly string[]; seed: number },
        kind: 'apply' | 'undo',
        moment: string,
    ) {
        const { directory, initial } = await prepare(actions, seed);
        if (kind === 'undo') {
            await using steward = await startSteward(directory, null, nobody);
            await carryOn(steward);
        }
        const before = await callsIn(directory);
        const argv = ['--disable-warning=ExperimentalWarning', script, directory, kind, moment];
        const child = spawnSync(process.execPath, argv, { encoding: 'utf8' });
        expect(child.signal).withContext(`${moment}: ${child.stderr}`).toBe('SIGKILL');
        counts.kills += 1;
        const steward = await startSteward(directory, null, nobody);
        const [under] = steward.proposals.list();
        const chosen = under?.standing.underWay?.steps ?? [];
        const steps = chosen.flatMap(index => (under && stepsOf(under.plan, kind)[index]) ?? []);
        const truth = stepsIn(steps, steward.kept.calls - before);
        await steward.proposals.resolveInterrupted();
        const [after] = steward.proposals.list();
        if (after === undefined) throw new Error('the plan is gone');
        return { steward, after, truth, steps, initial };
    }

    for (const [what, actions] of Object.entries(kinds).filter((_kind, index) => isWhole || index % 3 === 0)) {
        it(
            `${what} is followed by one that knows how far it got`,
            async () => {
                const { seed, plan, end } = await suitable(actions);
                const about = { actions, seed };
                for (const moment of chosen(momentsOf(plan.steps, ['applying', 'checking', 'applied']))) {
                    for (const goal of ['end', 'start']) {
                        const found = await killed(about, 'apply', moment);
                        const { after, truth, initial } = found;
                        await using steward = found.steward;
                        isTrue(after, truth, plan, moment);
                        if (goal === 'end') {
                            await carryOn(steward);
                            expect(stateOf(steward.computer, plan)).withContext(`${moment}: made`).toEqual(end);
                        }
                        const [now] = steward.proposals.list();
                        if (now !== undefined && now.state !== 'offered') {
                            await steward.proposals.undo(now.id, now.digest, approval);
                            expect(stateOf(steward.computer, plan)).withContext(`${moment}: undone`).toEqual(initial);
                        }
                        if (after.state !== 'partial') break;
                    }
                }
                for (const moment of chosen(momentsOf(plan.undo?.steps ?? [], ['undoing', 'undone']))) {
                    const found = await killed(about, 'undo', moment);
                    const { after, truth, steps, initial } = found;
                    await using steward = found.steward;
                    expect(['applied', 'partial', 'undone']).withContext(moment).toContain(after.state);
                    if (after.state === 'applied') expect(truth).withContext(moment).toBe(0);
                    if (after.state === 'undone') {
                        counts.undone += 1;
                        if (moment !== 'undone') expect(truth).withContext(moment).toBe(steps.length);
                    } else {
                        expect(after.standing.undone.length).withContext(moment).toBeLessThanOrEqual(truth);
                        const outcome = await steward.proposals.undo(after.id, after.digest, approval);
                        expect(outcome.result).withContext(`${moment}: ${outcome.detail}`).toBe('success');
                    }
                    expect(stateOf(steward.computer, plan)).withContext(`${moment}: undone`).toEqual(initial);
                }
            },
            patience,
        );
    }
});

/** What is said of the change is so. */
function isTrue({ state, done, standing, outcome }: Proposal, truth: number, plan: Plan, moment: string): void {
    const context = `${moment}: ${state}, ${outcome}`;
    expect(['offered', 'applied', 'partial']).withContext(context).toContain(state);
    if (moment === 'applied') return;
    if (state === 'offered') {
        counts['not begun'] += 1;
        expect(plan.steps.slice(0, truth).every(onlyResets)).withContext(context).toBeTrue();
    } else if (state === 'applied') {
        counts.done += 1;
        expect(truth).withContext(context).toBe(plan.steps.length);
    } else if (standing.isUnsure) {
        counts.unsure += 1;
        expect(done).withContext(context).toBeLessThanOrEqual(truth);
    } else {
        counts['partly done'] += 1;
        expect(done).withContext(context).toBe(truth);
    }
}

/** What the change may change; a unit that was started with a file stays so, which the plan says. */
function stateOf(computer: Computer, { parameters }: Plan) {
    const { running, onDisk, ...rest } = computer.snapshot();
    // It has the time of each failed log-in.
    const files = onDisk.filter(line => !line.startsWith('/run/faillock/'));
    return { ...rest, onDisk: files, running: (parameters.restart ?? null) === null ? running.sort() : [] };
}

/** Makes the change, or does what is left of it. */
async function carryOn({ proposals }: Steward): Promise<void> {
    const [proposal] = proposals.list();
    if (proposal === undefined) throw new Error('the plan is gone');
    const { id, digest, state } = proposal;
    if (state === 'applied') return;
    const outcome =
        state === 'partial'
            ? await proposals.finish(id, finishDigest(proposal), approval)
            : await proposals.apply(id, digest, approval);
    if (!['success', 'not-cleared'].includes(outcome.result)) throw new Error(outcome.detail);
}

async function asked(name: string, computer: Computer, seed: number): Promise<NamedChange> {
    const action = everyAction.find(each => each.name === name);
    if (action === undefined) throw new Error(`There is no action ${name}`);
    const parameters = fc.sample(await parametersFor(name, action.parameters, computer), { seed, numRuns: 20 }).at(-1);
    return { action: name, parameters: parameters ?? {} };
}

/** Some actions have more calls on some computers: those are more to the point. */
function isLong({ steps }: Plan, actions: readonly string[]): boolean {
    const longer = ['file.revert', 'unit.startDependency', 'several'];
    return joinCalls(steps).length > 1 || !longer.includes(actions.length > 1 ? 'several' : (actions[0] ?? ''));
}

async function callsIn(directory: string): Promise<number> {
    await using steward = await startSteward(directory, null, nobody);
    return steward.kept.calls;
}

/** How many steps so many calls have carried out. */
function stepsIn(steps: readonly Step[], calls: number): number {
    return joinCalls(steps)
        .slice(0, calls)
        .reduce((sum, joined) => sum + joined.steps.length, 0);
}

function momentsOf(steps: readonly Step[], [begun = '', ...others]: readonly string[]): string[] {
    const calls = joinCalls(steps).flatMap((_call, index) => [`before ${index}`, `after ${index}`]);
    return [begun, ...calls, ...others];
}

/** All moments; in every test run, one that is in the middle. */
function chosen(moments: readonly string[]): readonly string[] {
    return isWhole ? moments : moments.filter(moment => moment === 'after 0');
}
