import { _ } from '../../i18n/i18n.ts';
import type { Answer } from '../answer.ts';
import type { Token } from '../lexicon.ts';
import { readTokens } from '../lexicon.ts';
import { item } from '../markup.ts';
import { splitWords } from '../words.ts';

const nearest = 3;

/** Says that there is no answer, and which of ours come nearest. */
export function* noAnswer(questions: readonly string[]): Generator<string, void> {
    yield `${_('I cannot answer that without a language model. These questions come nearest:')}\n\n`;
    for (const question of questions) yield item(question);
}

/** The questions with answers that share most with what was asked, in its words or in what they mean; the usual ones fill up. */
export function nearestQuestions(
    answers: readonly Answer[],
    tokens: readonly Token[],
    usual: readonly string[],
): string[] {
    const asked = content(tokens);
    const rated = answers.flatMap(answer =>
        answer.examples().map(example => {
            const words = content(readTokens(splitWords(example)));
            return { example, shared: words.filter(word => asked.some(other => isAlike(word, other))).length };
        }),
    );
    const near = rated.filter(({ shared }) => shared > 0).sort((one, other) => other.shared - one.shared);
    return [...new Set([...near.map(({ example }) => example), ...usual])].slice(0, nearest);
}

const content = (tokens: readonly Token[]) => tokens.filter(({ ignored, text }) => !ignored && text.length > 1);

/** What any question has makes none like another. */
const empty = new Set([
    'what',
    'how',
    'why',
    'when',
    'who',
    'state',
    'usage',
    'computer',
    'howto',
    'foreign',
    'own',
    'needed',
    'begin',
    'command',
]);

function isAlike(one: Token, other: Token): boolean {
    if ([...one.concepts].some(concept => !empty.has(concept) && other.concepts.has(concept))) return true;
    const isPlain = [...one.concepts].every(concept => !empty.has(concept));
    return isPlain && one.text === other.text;
}
