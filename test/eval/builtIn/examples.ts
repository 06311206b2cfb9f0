// The bench's lines that are open, and the assistant's own examples, as those from which the classifier learns.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import * as z from 'zod';

import { everyAction } from '../../../service/actions/everyAction.ts';
import { answers } from '../../../service/assistant/answers/index.ts';
import { constantOf, labelOf } from '../../../service/assistant/wishes/labels.ts';
import { otherQuestions } from '../../unit/assistant/otherQuestions.ts';
import { phrasings } from '../../unit/assistant/phrasings.ts';
import { answersOf } from './facts.ts';
import { loadLines, type Wanted } from './load.ts';

/** What a sentence may be an example of: where its line does not tell, that which is likeliest is learnt. */
export type Example = { text: string; labels: readonly string[] };

export function loadExamples(): Example[] {
    const lines = loadLines();
    const heldOut = new Set(lines.filter(({ isHeldOut }) => isHeldOut).map(({ text }) => asCompared(text)));
    const all = [
        ...lines.filter(({ isHeldOut }) => !isHeldOut).map(({ text, wanted }) => ({ text, labels: labelsOf(wanted) })),
        ...ownExamples(),
        ...[...phrasings, ...otherQuestions].flatMap(([text, topics]) =>
            topics === 'request' ? [] : [{ text, labels: topics.split('|') }],
        ),
    ];
    // Different people say some things alike.
    return all.filter(({ text }) => !heldOut.has(asCompared(text)));
}

const asCompared = (text: string) =>
    text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();

const folder = join(import.meta.dirname, '..', '..', '..', 'service', 'assistant', 'examples');
const listed = z.record(z.string(), z.string());
const constants = z.record(z.string(), z.json());

function ownExamples(): Example[] {
    const ids = new Set(answers.map(({ id }) => id));
    const labelsFor = (key: string) => {
        const [action = '', ...wanted] = key.split(' ');
        const isOurs = key === 'none' || ids.has(key);
        return isOurs ? [key] : labelsOfWish(action, constants.parse(JSON.parse(wanted.join(' ') || '{}')));
    };
    return globSync(join(folder, '*.yaml'))
        .sort()
        .flatMap(file =>
            Object.entries(listed.parse(parse(readFileSync(file, 'utf8')))).flatMap(([key, lines]) => {
                const labels = labelsFor(key);
                if (labels.length === 0) throw new TypeError(`${file}: there is no “${key}”`);
                return lines
                    .trim()
                    .split('\n')
                    .map(text => ({ text, labels }));
            }),
        );
}

export function labelsOf(wanted: Wanted): string[] {
    switch (wanted.kind) {
        case 'question': {
            const ids = new Set(answers.map(({ id }) => id));
            return [...answersOf(wanted.answers)].filter(id => ids.has(id));
        }
        case 'wish':
            return wanted.action.flatMap(action => labelsOfWish(action, wanted.parameters));
        case 'refusal':
            return ['none'];
    }
}

function labelsOfWish(name: string, wanted: Readonly<Record<string, unknown>>): string[] {
    const action = everyAction.find(each => each.name === name);
    const wishes = action?.wishes ?? [];
    const fitting = wishes.filter(wish => {
        const constant = constantOf(wish);
        return constant !== null && Object.entries(wanted).every(([key, value]) => constant[key] === value);
    });
    const others = wishes.filter(wish => constantOf(wish) === null);
    const isTold = fitting.length > 0 && Object.keys(wanted).length > 0;
    // What is meant says no more than what was said.
    const size = (wish: (typeof wishes)[number]) => Object.keys(constantOf(wish) ?? {}).length;
    const least = Math.min(...fitting.map(size));
    const plain = fitting.filter(wish => size(wish) === least);
    return action === undefined ? [] : (isTold ? plain : [...plain, ...others]).map(wish => labelOf(action, wish));
}
