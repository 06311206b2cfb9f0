import { _ } from '../../i18n/i18n.ts';
import { item } from '../markup.ts';

/** Says that there is no answer, and what there are answers to. */
export function* noAnswer(examples: readonly string[]): Generator<string, void> {
    yield `${_('I cannot answer that. Without a language model, I can answer only certain questions about this computer.')}\n\n`;
    yield `${_('For example, I can answer:')}\n\n`;
    for (const example of examples) yield item(example);
}
