import { _ } from '../../i18n/i18n.ts';
import { item } from '../markup.ts';

/** Says that there is no answer, and what there are answers to. */
export function* noAnswer(examples: readonly string[]): Generator<string, void> {
    yield `${_('I cannot answer that: without a language model I answer only questions about this computer that I know, and found none of them there.')}\n\n`;
    yield `${_('I can answer, for example:')}\n\n`;
    for (const example of examples) yield item(example);
}
