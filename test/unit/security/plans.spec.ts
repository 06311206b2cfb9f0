// What is true of the plans of every action, whatever its parameters are and whatever state the computer is in.
import { deepStrictEqual, doesNotMatch, notStrictEqual, ok, strictEqual } from 'node:assert/strict';

import fc from 'fast-check';

import { Actions } from '../../../service/actions/actions.ts';
import { everyAction } from '../../../service/actions/everyAction.ts';
import { joinCalls } from '../../../service/actions/joinedCalls.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { isForRoot, runDigest } from '../../../service/execution/rootPlan.ts';
import { plan as planSchema, type Plan, type Step } from '../../../service/model/proposal.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { carryOut, NotThere } from '../../support/security/changes.ts';
import { Computer } from '../../support/security/computer.ts';
import { anyState, hostileValue, parametersFor, pathsIn, setModes, withAt } from '../../support/security/generate.ts';
import { programsOfPlans } from '../../support/security/programs.ts';
import { drawn, hiddenIn } from '../../support/security/shown.ts';
import { patience, progressOf, report, seed, tries } from '../../support/security/run.ts';

/** Of each action. */
const runs = tries(6, 80);
const rounds = 12;
/** Plans that a person can make who asks for it, and that lose what nothing brings back. */
const destroying = new Set(['trash.empty']);

const counts = {
    actions: 0,
    plans: 0,
    undone: 0,
    refused: 0,
    'changed plans': 0,
    'hostile parameters': 0,
    'not carried out': 0,
};
const without: string[] = [];
const progress = progressOf('actions', everyAction.length);

describe('The plans of', () => {
    let pretended: Disposable;
    let home: string | undefined;
    beforeAll(() => {
        pretended = pretendPrograms(programsOfPlans);
        home = process.env.HOME;
    });
    afterAll(() => {
        pretended[Symbol.dispose]();
        process.env.HOME = home;
        report('plans', counts);
        if (without.length > 0) console.log(`  no plan could be made up for ${without.join(', ')}`);
    });

    for (const action of everyAction) {
        it(
            `${action.name} keep to what every plan does`,
            async () => {
                const before = counts.plans;
                const property = fc.asyncProperty(anyState, fc.gen(), async (state, generate) => {
                    process.env.HOME = '/nowhere';
                    await using computer = await Computer.start(state, { isCluttered: action.name === 'storage.free' });
                    process.env.HOME = computer.root;
                    setModes(computer);
                    const actions = new Actions(computer.surroundings);
                    const fitting = await parametersFor(action.name, action.parameters, computer);
                    const parameters = generate(() => fitting);
                    const asked = { action: action.name, parameters, explanation: '' };
                    const present = computer.snapshot();
                    const plan = await planned(actions.plan(asked));
                    deepStrictEqual(computer.touched, [], 'planning asks for no change');
                    deepStrictEqual(computer.snapshot(), present, 'planning changes nothing');
                    await withHostile(actions, asked, generate);
                    deepStrictEqual(computer.snapshot(), present, 'refusing changes nothing');
                    if (plan === null) return;
                    counts.plans += 1;
                    strictEqual(
                        planDigest(await actions.plan(asked)),
                        planDigest(plan),
                        'it is the same when it is made again',
                    );
                    showsWhatItRuns(plan);
                    isMadeByMechanism(plan);
                    coversAll(plan, generate);
                    asksForTheWord(plan);
                    const alreadyOpen = computer.opened().length;
                    if (!isCarriedOut(computer, plan.steps)) return;
                    ok(computer.opened().length <= alreadyOpen, 'it opens nothing to others');
                    if (plan.undo === null) return;
                    carryOut(computer, plan.undo.steps);
                    const restored = computer.snapshot();
                    // A unit that is started again after a change stays as it is: that is said, and undone by itself.
                    if ((parameters.restart ?? null) !== null) restored.running = present.running;
                    deepStrictEqual(restored, present, 'undo restores');
                    counts.undone += 1;
                });
                // Some need a computer that is seldom made up.
                for (let more = 0; more === 0 || (counts.plans < before + 3 && more < rounds); more++)
                    await fc.assert(property, { numRuns: runs, seed: seed + more, endOnFailure: true });
                expect().nothing();
                if (counts.plans > before) counts.actions += 1;
                else without.push(action.name);
                progress.done();
            },
            patience,
        );
    }
});

/** Whether the computer has what the steps need. */
function isCarriedOut(computer: Computer, steps: readonly Step[]): boolean {
    try {
        carryOut(computer, steps);
        return true;
    } catch (error) {
        if (!(error instanceof NotThere)) throw error;
        counts['not carried out'] += 1;
        return false;
    }
}

/** null when it is refused; only a typed error refuses. */
async function planned(plan: Promise<Plan>): Promise<Plan | null> {
    try {
        return await plan;
    } catch (error) {
        if (!(error instanceof ReeveError) || !['InvalidState', 'InvalidArgument'].includes(error.code)) throw error;
        doesNotMatch(error.message, drawn);
        counts.refused += 1;
        return null;
    }
}

type Asked = { action: string; parameters: Record<string, unknown>; explanation: string };

/** Something else in one place of the parameters is refused with the name of the place, or is as good as any other. */
async function withHostile(actions: Actions, asked: Asked, generate: fc.GeneratorValue): Promise<void> {
    const action = everyAction.find(({ name }) => name === asked.action);
    const places = pathsIn(asked.parameters);
    const path = generate(() => fc.constantFrom(...places));
    const parameters = withAt(
        asked.parameters,
        path,
        generate(() => hostileValue),
    ) as Record<string, unknown>;
    counts['hostile parameters'] += 1;
    const isFitting = action?.parameters.safeParse(asked.parameters).success === true;
    const fits = action?.parameters.safeParse(parameters).success === true;
    const plan = await actions.plan({ ...asked, parameters }).catch((error: unknown) => error);
    if (!(plan instanceof Error)) {
        ok(fits, `what does not fit is planned: ${JSON.stringify(parameters)}`);
        showsWhatItRuns(plan as Plan);
        return;
    }
    if (!(plan instanceof ReeveError)) throw plan;
    doesNotMatch(plan.message, drawn);
    if (fits || !isFitting) return;
    strictEqual(plan.code, 'InvalidArgument');
    const [field] = path;
    if (typeof field === 'string') ok(plan.message.includes(field), `${plan.message} names ${field}`);
}

/** What root alone does, the mechanism makes. */
function isMadeByMechanism(plan: Plan): void {
    const isOfRoot = [...plan.steps, ...(plan.undo?.steps ?? [])].every(({ call }) => call.bus === 'system');
    if (plan.authentication && isOfRoot) ok(isForRoot(plan), 'polkit has an action for it');
}

function showsWhatItRuns(plan: Plan): void {
    strictEqual(hiddenIn(plan), '');
    // The calls follow from the steps.
    deepStrictEqual(joinCalls(structuredClone(plan.steps)), joinCalls(plan.steps));
}

/** Anything else in a plan is another plan; anything else in what it runs is also another for root. */
function coversAll(plan: Plan, generate: fc.GeneratorValue): void {
    const stored = JSON.parse(JSON.stringify(plan)) as Plan;
    strictEqual(planDigest(planSchema().parse(stored)), planDigest(plan));
    const paths = pathsIn(stored).filter(path => path.length > 0);
    const path = generate(() => fc.constantFrom(...paths));
    const other = generate(() => hostileValue);
    const changed = withAt(stored, path, other) as Plan;
    if (JSON.stringify(changed) === JSON.stringify(stored)) return;
    counts['changed plans'] += 1;
    notStrictEqual(planDigest(changed), planDigest(plan), path.join('.'));
    const [part, , of] = path;
    const runs = part === 'steps' && of === 'call' && stored.steps.every(({ file }) => file === undefined);
    if (runs) notStrictEqual(runDigest(changed), runDigest(plan), path.join('.'));
}

function asksForTheWord({ action, risk, subject, steps }: Plan): void {
    const isLost = destroying.has(action) || steps.some(({ command }) => command.includes('--allow-downgrades'));
    if (destroying.has(action)) deepStrictEqual([risk, subject === undefined], ['high', false]);
    if (isLost) notStrictEqual(risk, 'low');
}
