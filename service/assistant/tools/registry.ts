import * as z from 'zod';

import { BusError } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import { ReeveError } from '../../util/errors.ts';
import type { JsonSchema } from '../../inference/backend.ts';
import type { Evidence } from '../../model/incident.ts';
import { redact } from '../../text/redact.ts';
import { safeText } from '../../text/sanitise.ts';
import { code, item, plain } from '../markup.ts';
import { definitions } from './definitions/index.ts';
import { observed, Touches } from './observed.ts';
import type { Touched } from './observed.ts';
import { untilAborted } from '../../util/untilAborted.ts';
import { Outline } from './outline.ts';
import { NotHere } from './tool.ts';
import type { Asking, Tool, ToolContext } from './tool.ts';

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
        evidence: out.evidence.map(redacted),
        touched: touches.all,
        touchedMore: touches.more,
    });
    if (definition === undefined) return result(`There is no tool “${safeText(name, 64)}”.`, true);
    const values = definition.parameters.safeParse(given ?? {});
    if (!values.success) return result(wrongArguments(values.error), true);
    const failure = await attempt(context, signal =>
        definition.run(values.data, observed({ ...context, signal }, touches), out),
    );
    if (failure === null) return result(out.text === '' ? 'Nothing was found.' : out.text, false);
    if (failure === 'tooSlow') return result(`It took longer than ${timeLimit / 1000} seconds and was ended.`, true);
    return result(`Not available: ${safeText(failure.message, 300)}`, true);
}

/**
 * Runs a tool for people, who read it in their language as far as the tool tells it to them.
 *
 * @returns Markdown without secrets, as markup.ts describes it; the reason for having no answer, too
 * @throws the reason of `signal`
 */
export async function answerTool(
    tool: Tool,
    given: Record<string, unknown>,
    context: ToolContext,
    asking: Asking,
): Promise<string[]> {
    const cite: Asking['cite'] = (...evidence) => {
        asking.cite(...evidence.map(redacted));
    };
    if (tool.answer === undefined) {
        const { text, evidence } = await runTool(tool.name, given, context);
        cite(...evidence);
        return text.split('\n').map(line => item(plain(line.replace(/^- /, ''))));
    }
    const values = tool.parameters.safeParse(given);
    if (!values.success)
        return [`${_('I cannot ask for that: {reason}', { reason: plain(wrongArguments(values.error)) })}\n`];
    let pieces: string[] = [];
    const failure = await attempt(context, async signal => {
        pieces = (await tool.answer?.(values.data, { ...context, signal }, { ...asking, cite })) ?? [];
    });
    if (failure === null) return pieces.map(piece => redact(piece));
    if (failure === 'tooSlow') return [`${_('That took too long, so I stopped it.')}\n`];
    if (!(failure instanceof NotHere)) return [`${plain(safeText(failure.message, 300))}\n`];
    const owner = code(failure.owner);
    return [
        `${tool.absent?.(owner) ?? _('I cannot find that out here: {source} is missing or does not run.', { source: owner })}\n`,
    ];
}

/** @returns null when `work` was done; only an abort by the caller and our own defects are thrown */
async function attempt(
    context: ToolContext,
    work: (signal: AbortSignal) => Promise<void> | void,
): Promise<ReeveError | BusError | 'tooSlow' | null> {
    const limit = AbortSignal.timeout(timeLimit);
    const signal = AbortSignal.any([context.signal, limit]);
    try {
        await untilAborted(Promise.resolve(work(signal)), signal);
        return null;
    } catch (error) {
        context.signal.throwIfAborted();
        if (limit.aborted) return 'tooSlow';
        if (error instanceof ReeveError || error instanceof BusError) return error;
        throw error;
    }
}

const redacted = (piece: Evidence): Evidence => ({ ...piece, message: redact(piece.message) });

function wrongArguments(error: z.ZodError): string {
    const problems = error.issues
        .slice(0, 3)
        .map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
    return `Invalid arguments: ${safeText(problems.join('; '), 300)}`;
}
