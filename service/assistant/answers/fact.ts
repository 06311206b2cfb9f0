import type { Answer } from '../answer.ts';
import { definitions } from '../tools/definitions/index.ts';
import { answerTool } from '../tools/registry.ts';
import type { Asked, Tool } from '../tools/tool.ts';

/** A tool that people may ask for is an answer, too: one fact, told to them and to a model. */
export const facts: readonly Answer[] = definitions.flatMap(tool =>
    tool.asked === undefined ? [] : [factOf(tool, tool.asked)],
);

function factOf(tool: Tool, asked: Asked): Answer {
    const { phrases, slots = {}, named } = asked;
    return {
        id: `fact:${tool.name}`,
        phrases,
        slots,
        ...(named === undefined ? {} : { named }),
        examples: () => [asked.example()],
        async *answer({ said, format, cite, ...context }) {
            yield* await answerTool(tool, asked.values?.(said) ?? {}, context, { format, cite });
        },
    };
}
