import * as z from 'zod';
import { lazy } from '../util/lazy.ts';

/** A value of a D-Bus call, as JSON: what JSON has, variants with their signature, and bytes. */
export type BusValue =
    string | number | boolean | BusValue[] | { signature: string; value: BusValue } | { base64: string };

const busValue: z.ZodType<BusValue> = z.lazy(() =>
    z.union([
        z.string(),
        z.number(),
        z.boolean(),
        z.array(busValue),
        z.strictObject({ signature: z.string(), value: busValue }),
        z.strictObject({ base64: z.base64() }),
    ]),
);

/** One D-Bus call of a plan, as it will be made. The arguments fit the signature. */
const busCall = lazy(() =>
    z.object({
        bus: z.enum(['system', 'session']),
        destination: z.string(),
        path: z.string(),
        interface: z.string(),
        member: z.string(),
        signature: z.string(),
        arguments: z.array(busValue),
    }),
);
export type BusCall = z.infer<ReturnType<typeof busCall>>;

/** null for a missing file. */
const fileHash = lazy(() => z.string().nullable());

export const step = lazy(() =>
    z.object({
        /** The step in words. */
        description: z.string(),
        /** The same as a person could type it; shown, never run. */
        command: z.string(),
        /** Its parts, where it has several: one to a program, each run when the one before has succeeded. */
        commands: z.array(z.string()).optional(),
        /** What is run however the others ended, if anything is. */
        cleanup: z.string().optional(),
        /** Its difference to a file, as in diff(1) -u; absent when it changes none. */
        diff: z.string().optional(),
        /**
         * The file that it writes or removes, with the hashes of the content that it requires, and of the content that it
         * leaves.
         */
        file: z.object({ path: z.string(), before: fileHash(), after: fileHash() }).optional(),
        /** The file whose owner, group and mode it sets, with the required ones and the new ones. */
        permissions: z.object({ path: z.string(), before: z.string(), after: z.string() }).optional(),
        /** The process that it asks to end; the step lasts until that has ended, or for ten seconds. */
        ends: z.object({ pid: z.int(), started: z.int() }).optional(),
        call: busCall(),
    }),
);
export type Step = z.infer<ReturnType<typeof step>>;

/** `undoes`: the step of the plan, from 0, that it undoes; the first by default. */
const undoStep = lazy(() => step().extend({ undoes: z.int().nonnegative().optional() }));
export type UndoStep = z.infer<ReturnType<typeof undoStep>>;

export const risk = z.enum(['low', 'medium', 'high']);
export type Risk = z.infer<typeof risk>;

/** The plan of one typed action, worked out for the present state of the system. */
const singlePlan = lazy(() =>
    z.object({
        /** Name of the typed action, such as "unit.restart". */
        action: z.string(),
        /** Validated by the action's own schema. */
        parameters: z.record(z.string(), z.unknown()),
        title: z.string(),
        explanation: z.string(),
        /** The name of the language model that proposed it; absent when a rule did. */
        proposedBy: z.string().optional(),
        steps: z.array(step()).min(1),
        risk,
        riskText: z.string(),
        /** It changes nothing: it only shows a window, in which a person decides. */
        isOpening: z.literal(true).optional(),
        /** What a person types to confirm a plan of high risk that is for no incident, such as a package's name. */
        subject: z.string().optional(),
        /** The plan of undo; null when the action has none. */
        undo: z.object({ text: z.string(), steps: z.array(undoStep()).min(1) }).nullable(),
        /** What it changes besides the files and units of its steps, such as "setting dark-style". */
        touches: z.array(z.string()).optional(),
        authentication: z.boolean(),
        /** The state that the plan requires; when it differs at the time of applying, the plan is void. */
        preconditions: z.record(z.string(), z.string()),
    }),
);
export type SinglePlan = z.infer<ReturnType<typeof singlePlan>>;

/** A plan. `parts`: the plans that it consists of, in order, where it makes several changes; each of its steps is of one of them. */
export const plan = lazy(() => singlePlan().extend({ parts: z.array(singlePlan()).min(2).optional() }));
export type Plan = z.infer<ReturnType<typeof plan>>;

export const proposalState = z.enum([
    'offered',
    'applying',
    'applied',
    'failed',
    'undoing',
    'undone',
    'void',
    'declined',
    'partial',
]);
export type ProposalState = z.infer<typeof proposalState>;

/** What a proposal is for: the incident that it should end, or the task that asks for it. */
const owner = lazy(() => z.object({ kind: z.enum(['incident', 'task']), id: z.int().positive() }));
export type Owner = z.infer<ReturnType<typeof owner>>;

/** What the reeve command calls it: "11" is an incident, "t3" a task. */
export function ownerName({ kind, id }: Owner): string {
    return kind === 'task' ? `t${id}` : String(id);
}

/** A change under way, as it is recorded before and after each call. */
const underWay = lazy(() =>
    z.object({
        kind: z.enum(['apply', 'finish', 'undo']),
        /** Which steps of the plan, or of its undo, by their position. */
        steps: z.array(z.int().nonnegative()),
        /** When it was approved, in microseconds since the Unix epoch. */
        begun: z.int().positive(),
        /** How many of these steps are done, and how many more the call carries out that may be under way. */
        done: z.int().nonnegative(),
        calling: z.int().nonnegative(),
        /** The mechanism, which keeps a record of its own, was asked to carry them out. */
        isAsked: z.boolean(),
    }),
);
export type UnderWay = z.infer<ReturnType<typeof underWay>>;

/** Where a plan stands, besides its state. */
const standing = lazy(() =>
    z.object({
        underWay: underWay().nullable().default(null),
        /** The step after those that are done may be done, too: nobody saw how it ended. */
        isUnsure: z.boolean().default(false),
        /** The steps of undo that are done, by their position. */
        undone: z.array(z.int().nonnegative()).default([]),
        /** It did not help, and was undone for that reason. */
        isInVain: z.boolean().default(false),
    }),
);

export const proposal = lazy(() =>
    z.object({
        id: z.int().positive(),
        owner: owner(),
        /** What people call it: of one owner, the same action with the same parameters always has the same number. */
        number: z.int().positive(),
        /** Position among the owner's proposals, best first. */
        rank: z.int().nonnegative(),
        plan: plan(),
        /** SHA-256 in hexadecimal over the canonical JSON of the plan. */
        digest: z.string().regex(/^[0-9a-f]{64}$/),
        state: proposalState,
        outcome: z.string(),
        /** When it was approved last, in microseconds since the Unix epoch, and later than any that was before it; 0 for never. */
        applied: z.int().nonnegative(),
        /** The standing grant that allowed it; empty when a person approved it. */
        grant: z.string(),
        /** How many of its steps were done; null when it was not tried, or when unknown. */
        done: z.int().nonnegative().nullable(),
        /** The run in which the repair left each unit that undo would stop: invocation IDs, by scope and name. */
        runs: z.record(z.string(), z.string()),
        standing: standing(),
    }),
);
export type Proposal = z.infer<ReturnType<typeof proposal>>;

/** The result of the detector's own check after the fix. */
export type CheckResult = {
    gone: boolean;
    detail: string;
    /** There was nothing to check, so that `gone` is false only because nobody knows. */
    isUnknown?: true;
    /** The subject no longer exists: nothing was repaired. */
    isRemoved?: true;
    /** What has the fault, where the log did not name it. */
    found?: { subject: string; facts: Readonly<Record<string, string>> };
};

/** How an incident ends whose fault a check found gone. */
export function endOf({ isRemoved }: CheckResult): 'recovered' | 'removed' {
    return isRemoved === true ? 'removed' : 'recovered';
}
