// Reads each line of a file, and prints what that took, in microseconds.
import { readFileSync } from 'node:fs';

import * as z from 'zod';

import type { Surroundings } from '../../service/actions/surroundings.ts';
import { answers } from '../../service/assistant/answers/index.ts';
import { understand } from '../../service/assistant/understanding.ts';
import { readWish } from '../../service/assistant/wishes/readWish.ts';

const lines = z.array(z.object({ text: z.string(), kind: z.string() }));
/** Only what a wish names is looked up in them, which is not done here. */
const surroundings = { signal: new AbortController().signal } as Surroundings & { signal: AbortSignal };
const now = Date.UTC(2026, 10, 21, 12) * 1000;
const rounds = 3;

function time(read: () => unknown): number {
    const began = performance.now();
    read();
    return (performance.now() - began) * 1000;
}

const asWish = (text: string) => time(() => readWish(text, surroundings));
const asQuestion = (text: string) => time(() => understand(text, answers, now));
const [, , file = ''] = process.argv;
const samples: Record<string, number[]> = {
    'the first line as a wish': [asWish('please some darker style')],
    'the first line as a question': [asQuestion('what failed')],
};
for (const { text, kind } of lines.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    // The least of some, as other work on the machine only adds to it.
    const least = (read: (text: string) => number) => Math.min(...Array.from({ length: rounds }, () => read(text)));
    (samples[`a ${kind} as a wish`] ??= []).push(least(asWish));
    if (kind !== 'wish') (samples[`a ${kind} as a question`] ??= []).push(least(asQuestion));
}
console.log(JSON.stringify(samples));
