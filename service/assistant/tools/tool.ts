import type * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import type { Outline } from './outline.ts';
import type { Sources } from './sources.ts';

/** What a tool is run with. All of it is only read. */
export type ToolContext = Sources & { signal: AbortSignal };

/**
 * A question about the system that a model may ask. A tool reads and never changes: nothing that it is given can write, and
 * what it starts are programs that only report.
 */
export type Tool<Arguments extends z.ZodObject = z.ZodObject> = {
    /** Lower case and underscores, at most 64; part of what a model is told, so it does not change lightly. */
    name: string;
    /** For the model, in English: one line that says what it brings. */
    description: string;
    /** Each field described in a few words; what it cannot check by its type, `run` checks. */
    parameters: Arguments;
    /**
     * Writes what it found.
     *
     * @throws ReeveError Unavailable when what it asks is not there ("not running: BlueZ"), NotFound, InvalidArgument
     * @throws the reason of `signal`
     */
    run(values: z.output<Arguments>, context: ToolContext, out: Outline): Promise<void> | void;
};

/** Lets the compiler connect `run` with `parameters`. */
export function tool<Arguments extends z.ZodObject>(definition: Tool<Arguments>): Tool {
    return definition;
}

/** @param name of the service, for people; @param owner a bus name, a program or a file that is not there */
export function notHere(name: string, owner: string): ReeveError {
    return new ReeveError('Unavailable', `not here or not running: ${name} (${owner})`);
}

/** The value, or the error that says that it is not here. */
export function required<T>(value: T | null | undefined, name: string, owner: string): T {
    if (value === null || value === undefined) throw notHere(name, owner);
    return value;
}
