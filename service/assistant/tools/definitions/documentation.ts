import * as z from 'zod';

import { fact } from '../../../machine/evidence.ts';
import { required, tool } from '../tool.ts';

const shown = 3;

export const documentation = tool({
    name: 'documentation',
    description:
        'Passages of this computer’s manual pages and help about a question: how to do something, what a command does.',
    parameters: z.object({
        words: z.string().min(2).max(200).describe('in English, such as “extract a tar archive”'),
    }),
    async run({ words }, { documentation: source, machine }, out) {
        const hits = required(await source?.search(words, shown), 'The index of the documentation', 'reeve search');
        if (hits.length === 0) out.line('The documentation has nothing about this.');
        for (const { title, heading, summary, path, text } of hits) {
            machine.onRead?.(path);
            out.cite(fact('file', path, heading === '' ? summary : heading));
            out.block(`${[title, heading, summary].filter(part => part !== '').join(' | ')}\n${text}`);
        }
    },
});
