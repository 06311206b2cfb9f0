import type { Message, Tool } from '../../inference/backend.ts';
import { systemMessage, tersePrompt } from './prompt.ts';

/** Reductions of the token budget of a conversation. */
export type Context = { messages: readonly Message[]; tools: readonly Tool[] };

/** What is left of an older result when the context is full, in characters. */
const shortened = 300;

/**
 * The reductions to try in turn when a conversation exceeds a model's context. Small models have a few thousand tokens,
 * of which all tools together take most; a good answer with a few tools is better than none.
 *
 * @param question decides which tools stay
 */
export function reductions(question: string): ((context: Context) => Context)[] {
    return [
        context => ({ ...context, messages: context.messages.map(shorten) }),
        context => ({ ...context, tools: likeliest(context.tools, question, 12) }),
        context => ({ messages: context.messages.map(terse), tools: likeliest(context.tools, question, 3).map(bare) }),
        context => ({ messages: context.messages.map(withoutCalls), tools: [] }),
    ];
}

/** The question and the results, as short as possible, without the model's own words. */
export function withoutAnswers(messages: readonly Message[]): Message[] {
    const rest = messages.filter(({ role }) => role !== 'assistant');
    return rest.map(message => withoutCalls(terse(shorten(message))));
}

function shorten(message: Message): Message {
    if (message.role !== 'tool' || message.text.length <= shortened) return message;
    return { ...message, text: `${message.text.slice(0, shortened)}\n(The rest was left out to make room.)` };
}

/** Calls and results of removed tools would only confuse. */
function withoutCalls(message: Message): Message {
    if (message.role === 'assistant') return { ...message, calls: [] };
    return message.role === 'tool' ? { role: 'user', text: message.text } : message;
}

function terse(message: Message): Message {
    return message === systemMessage ? { role: 'system', text: tersePrompt } : message;
}

/** Without explanations of the arguments, whose names mostly say enough. */
function bare({ name, description, parameters }: Tool): Tool {
    const [type, properties, required] = [parameters.type, parameters.properties, parameters.required];
    const fields =
        typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? properties : {};
    const named = Object.entries(fields).map(([field, schema]: [string, unknown]) => {
        const kept = Object.entries(schema as object).filter(([word]) => word !== 'description');
        return [field, Object.fromEntries(kept)];
    });
    return {
        name,
        description: description.split(/[,:;.]/, 1)[0] ?? name,
        parameters: {
            ...(type !== undefined && { type }),
            properties: Object.fromEntries(named) as Record<string, never>,
            ...(required !== undefined && { required }),
        },
    };
}

/** Shorter words do not point to a topic. */
const wordLength = 3;
/** The common stem of a word's forms: "crash", "crashes", "crashed". */
const stem = 5;

/** The tools whose names and descriptions share most words with the question, in their usual order. */
export function likeliest(tools: readonly Tool[], question: string, count: number): readonly Tool[] {
    if (tools.length <= count) return tools;
    const stems = (text: string) =>
        new Set(
            (text.toLowerCase().match(/\p{L}+/gu) ?? [])
                .filter(word => word.length >= wordLength)
                .map(word => word.slice(0, stem)),
        );
    const asked = stems(question);
    const score = ({ name, description }: Tool) => {
        const described = stems(description);
        const inName = [...stems(name)].filter(word => asked.has(word)).length;
        return 2 * inName + [...described].filter(word => asked.has(word)).length;
    };
    // The usual order puts the most used first: it decides where the words do not.
    const best = new Set([...tools].sort((a, b) => score(b) - score(a)).slice(0, count));
    return tools.filter(tool => best.has(tool));
}
