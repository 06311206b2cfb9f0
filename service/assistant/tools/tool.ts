import type * as z from 'zod';

import type { Phrases, SlotValues } from '../../actions/wish.ts';
import { ReeveError } from '../../util/errors.ts';
import type { Outline } from './outline.ts';
import type { Sources } from './sources.ts';

/** The context of a tool, all read-only. */
export type ToolContext = Sources & { signal: AbortSignal };

/** How people ask for what a tool tells. */
export type Asked = {
    /** As service/actions/wish.ts describes. */
    phrases: Phrases;
    /** Slots of the phrases that are no free text. */
    slots?: Readonly<Record<string, SlotValues>>;
    /** As `Topic` has it. */
    named?: 'may' | 'must';
    /** A question that it answers, in the user's language. */
    example(): string;
    /** The arguments for what the slots hold; left out for a tool that needs none. */
    values?(said: Readonly<Record<string, string>>): Record<string, unknown>;
};

/**
 * A question about the system that a model may ask. A tool never changes anything: its context cannot write, and it
 * starts only programs that report.
 */
export type Tool<Arguments extends z.ZodObject = z.ZodObject> = {
    /** Lower case and underscores, at most 64; part of the prompt, so it does not change lightly. */
    name: string;
    /** For the model, in English: one line on the result. */
    description: string;
    /** Each field described in a few words; `run` checks what a type cannot. */
    parameters: Arguments;
    /** Where people may ask for it without a model, too: then it is a built-in answer. */
    asked?: Asked;
    /**
     * Writes the result.
     *
     * @throws ReeveError Unavailable for a missing source ("not running: BlueZ"), NotFound, InvalidArgument
     * @throws the reason of `signal`
     */
    run(values: z.output<Arguments>, context: ToolContext, out: Outline): Promise<void> | void;
};

/** Lets the compiler connect `run` with `parameters`. */
export function tool<Arguments extends z.ZodObject>(definition: Tool<Arguments>): Tool {
    return definition;
}

/** @param name of the service, for people; @param owner a bus name, a program or a file that is missing */
export function notHere(name: string, owner: string): ReeveError {
    return new ReeveError('Unavailable', `not installed or not running: ${name} (${owner})`);
}

/** The value, or an error that the source is missing. */
export function required<T>(value: T | null | undefined, name: string, owner: string): T {
    if (value === null || value === undefined) throw notHere(name, owner);
    return value;
}
