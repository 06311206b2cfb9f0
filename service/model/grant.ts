import * as z from 'zod';
import { safeText } from '../text/sanitise.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { lazy } from '../util/lazy.ts';
import { sha256 } from '../util/sha256.ts';
import type { Plan } from './proposal.ts';

/** The actions that can be allowed for many times. Each says itself what that means (`grantable`). */
const grantable: readonly string[] = ['unit.restart', 'unit.resetAndRestart'];

export function isGrantable(action: string): boolean {
    return grantable.includes(action);
}

/** What a person allows Reeve to do without asking, and how often. Their action, `grant.allow`, has them as its parameters. */
export const grantTerms = lazy(() =>
    z.strictObject({
        /** A typed action, and the only parameters with which it is allowed. */
        action: z.string(),
        parameters: z.record(z.string(), z.string()),
        /** The only kind of incident that it answers. */
        family: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,63}$/),
        kind: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,63}$/),
        subject: z
            .string()
            .min(1)
            .refine(text => safeText(text, 255) === text),
        /** The incident that it was made for. */
        incident: z.int().positive(),
        days: z.int().min(1).max(365),
        uses: z.int().min(1).max(100),
        perHour: z.int().min(1).max(10),
    }),
);
export type GrantTerms = z.infer<ReturnType<typeof grantTerms>>;

export const defaultLimits = { days: 30, uses: 20, perHour: 3 };

/** A grant that was made, wherever it is kept. Times are microseconds since the Unix epoch. */
export const standingGrant = lazy(() =>
    z.object({
        /** As `grantId` has it. */
        id: z.string(),
        made: z.int().positive(),
        terms: grantTerms(),
        /** When it was used, oldest first. */
        uses: z.array(z.int()),
    }),
);
export type StandingGrant = z.infer<ReturnType<typeof standingGrant>>;

/** What names a grant: the same action for the same kind of incident has one grant at most. */
export function grantId({ action, parameters, family, kind, subject }: GrantTerms): string {
    return sha256(canonicalJson({ action, parameters, family, kind, subject })).slice(0, 8);
}

const hour = 3_600_000_000;
const day = 24 * hour;

/** When a grant ends. */
export function grantEnd({ made, terms }: StandingGrant): number {
    return made + terms.days * day;
}

/** Whether a grant can be used: a clock that was set back before its making says nothing about its end. */
export function grantState(grant: StandingGrant, now: number): 'usable' | 'over' | 'used-up' | 'too-often' {
    const { made, terms, uses } = grant;
    if (now >= grantEnd(grant) || now < made - hour) return 'over';
    if (uses.length >= terms.uses) return 'used-up';
    const recent = uses.filter(time => Math.abs(now - time) < hour);
    return recent.length >= terms.perHour ? 'too-often' : 'usable';
}

/**
 * Whether a plan is one that a grant allows. It restarts what has failed: what somebody has stopped stays so, and what runs is not
 * interrupted, as nothing could undo that.
 */
export function allows(terms: GrantTerms, plan: Plan): boolean {
    const { action, parameters, parts, undo, risk, steps, proposedBy } = plan;
    const isSame = canonicalJson(z.json().parse(parameters)) === canonicalJson(terms.parameters);
    const isHarmless = parts === undefined && undo !== null && risk !== 'high';
    const restarts = steps.some(({ call }) => call.member === 'RestartUnit');
    return (
        terms.action === action && isSame && isHarmless && restarts && proposedBy === undefined && isGrantable(action)
    );
}
