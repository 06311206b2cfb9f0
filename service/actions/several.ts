/** Several changes that a person asks for at once: one plan, approved once, made in order and undone as one. */
import * as z from 'zod';

import { _ } from '../i18n/i18n.ts';
import { risk, type Plan, type SinglePlan, type Step, type UndoStep } from '../model/proposal.ts';
import { ReeveError } from '../util/errors.ts';
import { lazy } from '../util/lazy.ts';

/** The name of the action of such a plan. */
export const severalName = 'several';

const parametersOfSeveral = lazy(() => {
    const action = z.string().refine(name => name !== severalName);
    const part = z.strictObject({ action, parameters: z.record(z.string(), z.unknown()) });
    return z.strictObject({ parts: z.array(part).min(2).max(8) });
});

/** An action with its parameters, as a plan names them. */
export type NamedChange = Pick<Plan, 'action' | 'parameters'>;

/**
 * The actions that a change consists of, in order: itself, or its parts.
 *
 * @throws ReeveError InvalidArgument
 */
export function partsAsked({ action, parameters }: NamedChange): readonly NamedChange[] {
    if (action !== severalName) return [{ action, parameters }];
    const parsed = parametersOfSeveral().safeParse(parameters);
    if (parsed.success) return parsed.data.parts;
    throw new ReeveError('InvalidArgument', `${severalName}: ${parsed.error.issues[0]?.message ?? ''}`);
}

/** The plans that a plan consists of, in order: itself, or its parts. */
export function partsOf(plan: Plan): readonly SinglePlan[] {
    return plan.parts ?? [plan];
}

/** @param parts each worked out for the present state of the system */
export function several([first, ...others]: readonly [SinglePlan, ...SinglePlan[]]): Plan {
    if (others.length === 0) return first;
    const parts = [first, ...others];
    const changes = parts.filter(({ isOpening }) => isOpening !== true);
    const lost = changes.filter(({ undo }) => undo === null);
    const dangerous = parts.filter(part => part.risk === 'high');
    return {
        action: severalName,
        parameters: { parts: parts.map(({ action, parameters }) => ({ action, parameters })) },
        title: parts.map(({ title }) => title).reduce((before, next) => _('{before}; {next}', { before, next })),
        explanation: sentences(parts.map(({ explanation }) => explanation)),
        steps: parts.flatMap(({ steps }) => steps),
        risk: risk.options.findLast(option => parts.some(part => part.risk === option)) ?? first.risk,
        riskText: sentences((changes.length === 0 ? parts : changes).map(({ riskText }) => riskText)),
        ...(changes.length === 0 && { isOpening: true }),
        ...(dangerous.length > 0 && { subject: dangerous.map(({ subject, title }) => subject ?? title).join(', ') }),
        undo:
            lost.length === changes.length
                ? null
                : {
                      text: sentences([
                          _('Takes the changes back, the last one first'),
                          ...lost.map(({ title }) => _('“{title}” cannot be undone', { title })),
                      ]),
                      steps: undoSteps(parts),
                  },
        authentication: parts.some(({ authentication }) => authentication),
        // Of what is read at one moment, the same thing has one state.
        preconditions: Object.assign({}, ...parts.map(({ preconditions }) => preconditions)) as Plan['preconditions'],
        parts,
    };
}

/** The last part is undone first. */
function undoSteps(parts: readonly SinglePlan[]): UndoStep[] {
    let before = 0;
    const all = parts.map(({ steps, undo }) => {
        const first = before;
        before += steps.length;
        return (undo?.steps ?? []).map(step => ({ ...step, undoes: (step.undoes ?? 0) + first }));
    });
    return all.toReversed().flat();
}

/** Each once, as sentences in a row. */
function sentences(texts: readonly string[]): string {
    const said = [...new Set(texts)].filter(text => text !== '');
    const isLast = (index: number) => index === said.length - 1;
    return said.map((text, index) => (isLast(index) || /[.!?؟]$/u.test(text) ? text : `${text}.`)).join(' ');
}

/** Steps of a plan, or of its undo, that are to be carried out. */
export type Change = {
    plan: Plan;
    kind: 'apply' | 'finish' | 'undo';
    /** Of the plan, or of its undo: all of them, or those that are left. */
    steps: readonly Step[];
};

export function stepsOf({ steps, undo }: Plan, kind: Change['kind']): readonly Step[] {
    return kind === 'undo' ? (undo?.steps ?? []) : steps;
}

/**
 * A change as those that follow each other, each with the parts in a row that are alike.
 *
 * @param isAlike whether the same program can make the changes of both
 */
export function divided(change: Change, isAlike: (one: SinglePlan, other: SinglePlan) => boolean): Change[] {
    const { plan, kind, steps } = change;
    if (steps.length === 0) return [];
    const groups: [SinglePlan, ...SinglePlan[]][] = [];
    for (const part of partsOf(plan)) {
        const group = groups.at(-1);
        if (group !== undefined && isAlike(group[0], part)) group.push(part);
        else groups.push([part]);
    }
    if (groups.length === 1) return [change];
    const all = stepsOf(plan, kind);
    const wanted = new Set(steps.map(step => all.indexOf(step)));
    let before = 0;
    return (kind === 'undo' ? groups.toReversed() : groups).flatMap(group => {
        const own = several(group);
        const ownSteps = stepsOf(own, kind);
        const left = ownSteps.filter((_step, index) => wanted.has(before + index));
        before += ownSteps.length;
        return left.length === 0 ? [] : [{ plan: own, kind, steps: left }];
    });
}
