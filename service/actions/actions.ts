import type * as z from 'zod';

import { messageOf, ReeveError } from '../util/errors.ts';
import { log } from '../util/log.ts';
import { _ } from '../i18n/i18n.ts';
import type { CheckResult, Plan, SinglePlan } from '../model/proposal.ts';
import type { Action, ProposedFix } from './action.ts';
import { lastingParameters } from '../preferences/lasting.ts';
import type { Preferences } from '../preferences/preferences.ts';
import type { Surroundings } from './surroundings.ts';
import { partsAsked, partsOf, several, severalName } from './several.ts';
import type { brokenRule, everyAction, requireDeclared, unitChangeOf } from './everyAction.ts';

type KnownAction = (typeof everyAction)[number];
export type ActionName = KnownAction['name'];
export type ParametersOf<Name extends ActionName> = z.infer<Extract<KnownAction, { name: Name }>['parameters']>;

/** A fix that Reeve itself asks for; a model's is checked only when it is planned. */
export type KnownFix = {
    [Name in ActionName]: { action: Name; parameters: ParametersOf<Name>; explanation: string };
}[ActionName];

/** A plan takes milliseconds, or seconds where a package manager is asked. Somebody waits for it. */
const timeLimit = 10_000;
/** Of a plan that nobody waits for, or that was approved: apt may take as long as that on a busy computer. Milliseconds. */
export const longTimeLimit = 40_000;

/** Every kind of change that Reeve can make. */
export class Actions {
    readonly #surroundings: Surroundings;
    readonly #preferences: Pick<Preferences, 'requireAllowed'> | null;
    #known: Known | null = null;

    /** @param preferences what a person never wants done; null where nobody states any */
    constructor(surroundings: Surroundings, preferences: Pick<Preferences, 'requireAllowed'> | null = null) {
        this.#surroundings = surroundings;
        this.#preferences = preferences;
    }

    /**
     * Works out what a fix would do in the present state of the system.
     *
     * @throws ReeveError InvalidArgument for an unknown action or parameters that do not fit it; InvalidState when it
     * is impossible as things are; Unavailable when planning takes too long; Internal for a plan that breaks a rule of all plans
     */
    async plan(fix: ProposedFix, signal?: AbortSignal, limit = timeLimit): Promise<Plan> {
        if (fix.action !== severalName) return await this.#planOne(fix, signal, limit);
        const parts = partsAsked(fix).map(part => this.#planOne({ ...part, explanation: '' }, signal, limit));
        const [first, ...others] = await Promise.all(parts);
        if (first === undefined) throw new TypeError('a change without parts');
        return several([first, ...others]);
    }

    async #planOne(fix: ProposedFix, signal: AbortSignal | undefined, most: number): Promise<SinglePlan> {
        this.#known ??= await loadActions();
        signal?.throwIfAborted();
        const action = this.#known.byName.get(fix.action);
        if (action === undefined) {
            throw new ReeveError('InvalidArgument', _('There is no action “{name}”', { name: fix.action }));
        }
        const limit = AbortSignal.timeout(most);
        try {
            const either = AbortSignal.any(signal === undefined ? [limit] : [signal, limit]);
            const { machine } = this.#surroundings;
            await this.#known.requireDeclared(fix.action, [], machine);
            const plan = await this.#plan(action, fix, either);
            // “Never stop docker” also counts where docker is to make way for something else.
            for (const change of plan.steps.map(this.#known.unitChangeOf).filter(found => found !== null))
                this.#preferences?.requireAllowed(change.action, change.parameters);
            await this.#known.requireDeclared(fix.action, plan.steps, machine);
            return requireSafe(plan, action, this.#known.brokenRule);
        } catch (error) {
            if (!limit.aborted || signal?.aborted === true || error instanceof ReeveError) throw error;
            const text = _('It takes too long to find out what “{name}” would do', { name: fix.action });
            throw new ReeveError('Unavailable', text, { cause: error });
        }
    }

    /** Whether what a plan is for has come true. Takes seconds, or what its action says; it rejects only when `signal` aborts. */
    async verify(plan: Plan, signal?: AbortSignal): Promise<CheckResult> {
        const parts = partsOf(plan);
        const checks = await Promise.all(parts.map(part => this.#verifyOne(part, signal)));
        const missed = checks.findIndex(({ gone, isUnknown }) => !gone && isUnknown !== true);
        const check = checks[missed] ?? checks.find(({ gone }) => gone) ?? checks[0];
        if (check === undefined) throw new TypeError('a plan without parts');
        const { title } = parts[missed] ?? plan;
        return title === plan.title
            ? check
            : { ...check, detail: _('{title}: {detail}', { title, detail: check.detail }) };
    }

    async #verifyOne({ action: name, parameters }: SinglePlan, signal?: AbortSignal): Promise<CheckResult> {
        this.#known ??= await loadActions();
        const action = this.#known.byName.get(name);
        const parsed = action?.parameters.safeParse(parameters);
        if (action?.verify === undefined || parsed?.success !== true)
            return { gone: false, detail: '', isUnknown: true };
        const limit = AbortSignal.timeout(timeLimit + (action.verifyTime ?? 0));
        const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
        try {
            return await action.verify(parsed.data, { ...this.#surroundings, signal: both });
        } catch (error) {
            signal?.throwIfAborted();
            if (!limit.aborted && !(error instanceof ReeveError)) throw error;
            const detail = _('It could not be checked: {reason}', { reason: messageOf(error) });
            return { gone: false, detail, isUnknown: true };
        }
    }

    async #plan(
        action: Action,
        { parameters, explanation, proposedBy }: ProposedFix,
        signal: AbortSignal,
    ): Promise<SinglePlan> {
        const parsed = action.parameters.safeParse(parameters);
        if (!parsed.success) {
            const [issue] = parsed.error.issues;
            const field = issue?.path.join('.') ?? '';
            throw new ReeveError('InvalidArgument', `${action.name}: ${field} ${issue?.message ?? ''}`);
        }
        if (this.#preferences !== null) {
            const lasting = await lastingParameters(parsed.data, this.#surroundings.machine);
            this.#preferences.requireAllowed(action.name, lasting ?? parsed.data);
        }
        const planned = await action.plan(parsed.data, { ...this.#surroundings, signal });
        const why = explanation === '' ? (planned.explanation ?? '') : explanation;
        const asked = { action: action.name, parameters: parsed.data };
        const touches = action.touches?.(parsed.data);
        return {
            ...asked,
            ...(proposedBy !== undefined && { proposedBy }),
            ...planned,
            ...(touches !== undefined && { touches }),
            explanation: why,
        };
    }
}

type Known = {
    byName: ReadonlyMap<string, Action>;
    brokenRule: typeof brokenRule;
    requireDeclared: typeof requireDeclared;
    unitChangeOf: typeof unitChangeOf;
};

async function loadActions(): Promise<Known> {
    const { everyAction, ...checks } = await import('./everyAction.ts');
    return { byName: new Map<string, Action>(everyAction.map(action => [action.name, action])), ...checks };
}

/** @throws ReeveError Internal */
function requireSafe(plan: SinglePlan, { name, wishes }: Action, whatBreaks: Known['brokenRule']): SinglePlan {
    const broken = whatBreaks(plan, { isWished: wishes !== undefined });
    if (broken === null) return plan;
    log('error', 'Refused a plan', { action: name, why: `It ${broken}` });
    throw new ReeveError('Internal', _('Reeve refused its own plan for “{name}”, as it is not safe', { name }));
}
