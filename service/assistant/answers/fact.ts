import type { Answer } from '../answer.ts';
import { item, plain } from '../markup.ts';
import { definitions } from '../tools/definitions/index.ts';
import { runTool } from '../tools/registry.ts';
import type { Asked, Tool } from '../tools/tool.ts';

/** A tool that people may ask for is an answer, too: one fact, told to them and to a model. */
export const facts: readonly Answer[] = definitions.flatMap(tool =>
    tool.asked === undefined ? [] : [factOf(tool, tool.asked)],
);

function factOf({ name }: Tool, asked: Asked): Answer {
    const { phrases, slots = {}, named } = asked;
    return {
        id: `fact:${name}`,
        phrases,
        slots,
        ...(named === undefined ? {} : { named }),
        examples: () => [asked.example()],
        async *answer({ said, cite, ...context }) {
            const { text, evidence } = await runTool(name, asked.values?.(said) ?? {}, context);
            cite(...evidence);
            for (const line of text.split('\n')) yield item(plain(line.replace(/^- /, '')));
        },
    };
}
