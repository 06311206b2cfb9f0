import type * as z from 'zod';

import type { Phrases, SlotValues } from '../../actions/wish.ts';
import type { Format } from '../../i18n/format.ts';
import type { Evidence } from '../../model/incident.ts';
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
    /** The same for people; without it they read what `run` writes. */
    answer?(values: z.output<Arguments>, context: ToolContext, asking: Asking): Promise<string[]>;
    /** Says to people that the source of it is missing here. @param owner a bus name, a program or a file */
    absent?(owner: string): string;
};

/** What an answer for people needs besides the findings. */
export type Asking = {
    format: Format;
    /** Records what the answer rests on. */
    cite: (...evidence: Evidence[]) => void;
};

/** A tool whose findings are written twice: in English for a model, and in their language for people. */
type ToldTool<Arguments extends z.ZodObject, Found> = Omit<Tool<Arguments>, 'run' | 'answer'> & {
    asked: Asked;
    /** @throws as `run` */
    find(values: z.output<Arguments>, context: ToolContext, cite: Asking['cite']): Promise<Found>;
    /** For a model. */
    write(found: Found, out: Outline, values: z.output<Arguments>, clock: () => number): void;
    /** For people: first the sentence that answers the question, then the details. Markdown as markup.ts describes it. */
    tell(found: Found, format: Format, values: z.output<Arguments>): Iterable<string>;
};

/** Lets the compiler connect `find` with what is made of its findings. */
export function toldTool<Arguments extends z.ZodObject, Found>(definition: ToldTool<Arguments, Found>): Tool {
    return tool<Arguments>({
        ...definition,
        async run(values, context, out) {
            const cite: Asking['cite'] = (...evidence) => {
                out.cite(...evidence);
            };
            definition.write(await definition.find(values, context, cite), out, values, context.clock);
        },
        async answer(values, context, { format, cite }) {
            return [...definition.tell(await definition.find(values, context, cite), format, values)];
        },
    });
}

/** Lets the compiler connect `run` with `parameters`. */
export function tool<Arguments extends z.ZodObject>(definition: Tool<Arguments>): Tool {
    return definition;
}

/** The source of a tool is missing. */
export class NotHere extends ReeveError {
    /** A bus name, a program or a file. */
    readonly owner: string;

    constructor(name: string, owner: string) {
        super('Unavailable', `not installed or not running: ${name} (${owner})`);
        this.owner = owner;
    }
}

/** @param name of the service, for a model; @param owner a bus name, a program or a file that is missing */
export function notHere(name: string, owner: string): ReeveError {
    return new NotHere(name, owner);
}

/** The value, or an error that the source is missing. */
export function required<T>(value: T | null | undefined, name: string, owner: string): T {
    if (value === null || value === undefined) throw notHere(name, owner);
    return value;
}
