import * as z from 'zod';

import { BusError } from '../../dbus/connection.ts';
import { ReeveError } from '../../util/errors.ts';
import type { JsonSchema } from '../../inference/backend.ts';
import type { Evidence } from '../../model/incident.ts';
import { redact } from '../../text/redact.ts';
import { safeText } from '../../text/sanitise.ts';
import { definitions } from './definitions/index.ts';
import { observed, Touches } from './observed.ts';
import type { Touched } from './observed.ts';
import { untilAborted } from '../../util/untilAborted.ts';
import { Outline } from './outline.ts';
import type { Tool, ToolContext } from './tool.ts';

export type ToolResult = {
    /**
     * The result, or the reason for having none, without secrets. It is outside text: quote it before a model reads it.
     */
    text: string;
    /** Whether `text` is the reason of a failure. */
    failed: boolean;
    evidence: Evidence[];
    /** The sources that were read. */
    touched: Touched[];
    /** How many further sources were read. */
    touchedMore: number;
};

/** A tool as a model sees it. */
export type ToolDescription = { name: string; description: string; parameters: JsonSchema };

/** How long one tool may delay an answer, in milliseconds. */
const timeLimit = 30_000;

const byName: ReadonlyMap<string, Tool> = new Map(definitions.map(definition => [definition.name, definition]));

/** All tools, in the order in which a model gets them. */
export function describeTools(): ToolDescription[] {
    return definitions.map(({ name, description, parameters }) => ({
        name,
        description,
        parameters: parameterSchema(parameters),
    }));
}

/** The schema of the arguments, without the words that a grammar cannot enforce: they only cost tokens. */
export function parameterSchema(parameters: z.ZodType): JsonSchema {
    const schema = z.toJSONSchema(parameters, {
        io: 'input',
        override: ({ jsonSchema }) => {
            delete jsonSchema.minimum;
            delete jsonSchema.maximum;
            delete jsonSchema.pattern;
            delete jsonSchema.default;
        },
    });
    delete schema.$schema;
    return schema as JsonSchema;
}

/**
 * Runs a tool for a model. A mistake of the model and a missing service both come back as text, so that the model can
 * go on; only an abort and our own defects are thrown.
 *
 * @param given the arguments as the model wrote them
 */
export async function runTool(name: string, given: unknown, context: ToolContext): Promise<ToolResult> {
    context.signal.throwIfAborted();
    const definition = byName.get(name);
    const out = new Outline();
    const touches = new Touches();
    const result = (text: string, failed: boolean): ToolResult => ({
        text: redact(text),
        failed,
        evidence: out.evidence.map(piece => ({ ...piece, message: redact(piece.message) })),
        touched: touches.all,
        touchedMore: touches.more,
    });
    if (definition === undefined) return result(`There is no tool “${safeText(name, 64)}”.`, true);
    const values = definition.parameters.safeParse(given ?? {});
    if (!values.success) return result(wrongArguments(values.error), true);
    const limit = AbortSignal.timeout(timeLimit);
    const signal = AbortSignal.any([context.signal, limit]);
    try {
        const work = definition.run(values.data, observed({ ...context, signal }, touches), out);
        await untilAborted(Promise.resolve(work), signal);
        return result(out.text === '' ? 'Nothing was found.' : out.text, false);
    } catch (error) {
        context.signal.throwIfAborted();
        if (limit.aborted) return result(`It took longer than ${timeLimit / 1000} seconds and was ended.`, true);
        if (error instanceof ReeveError || error instanceof BusError)
            return result(`Not available: ${safeText(error.message, 300)}`, true);
        throw error;
    }
}

function wrongArguments(error: z.ZodError): string {
    const problems = error.issues
        .slice(0, 3)
        .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
    return `Invalid arguments: ${safeText(problems.join('; '), 300)}`;
}
