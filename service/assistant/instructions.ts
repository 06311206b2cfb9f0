/** Questions for instructions: “how do I …”. Where Reeve can do it, it offers that, besides what the documentation says. */

const polite =
    /^(?:(?:please|hey|hi|hello|so|and|but|can you (?:tell|show) me|tell me|show me|explain|bitte|sag mir|zeig mir)[\s,]+)+/i;

const english =
    /^(?:how (?:(?:do|can|could|should|would|might|does) (?:i|we|you|one|somebody|someone)|to)|(?:what(?:['’]s| is)|is there) (?:the |an? |any )?(?:best |easiest |quick |easy )?way to)\b(?<order>.*)$/i;
const german =
    /^wie (?:(?:kann|könnte|soll|sollte) (?:ich|man) (?<infinitive>.+)|(?<verb>\p{L}+e?) (?:ich|man) (?<rest>.+))$/iu;
const arabic = /^كيف (?<can>(?:يمكنني|يمكنك|أستطيع|استطيع|أقدر|اقدر) (?:أن |ان )?)?(?<order>.+)$/u;
/** “Update a package” names none, and is no order to update all of them. */
const anyOne =
    /\b(?:update|upgrade|aktualisiere\w*)\b.* (?:an?|one|some|eine?[nmrs]?) |\b(?:ein|eine|einen) .* aktualisieren\s*$|^[أا]?حدث (?:حزمة|برنامج)/iu;

/**
 * What a question for instructions asks to have done, as an order: “how do I turn on dark mode” is “turn on dark mode”.
 *
 * @returns the orders that it may be, the likeliest first; none for another question
 */
export function ordersAskedFor(text: string): string[] {
    return ordersIn(text).filter(order => !anyOne.test(`${order} `));
}

function ordersIn(text: string): string[] {
    const question = text
        .trim()
        .replace(polite, '')
        .replace(/[?؟\s.!]+$/u, '');
    const order = english.exec(question)?.groups?.order?.trim();
    if (order !== undefined) return order === '' ? [] : [order];
    const { infinitive, verb = '', rest = '' } = german.exec(question)?.groups ?? {};
    if (infinitive !== undefined) return [infinitive];
    if (rest !== '') return [`${verb} ${rest}`];
    // The first person has an alef before the verb, which an imperative may have as well.
    const { can, order: asked = '' } = arabic.exec(question)?.groups ?? {};
    const stem = /^[أا](?!ل)(.+)$/u.exec(asked)?.[1];
    if (stem !== undefined) return [stem, `ا${stem}`];
    return can === undefined || asked === '' ? [] : [asked];
}

/** “How do I …”, “what does chmod 755 mean”, in English as the documentation is. What is mine, or here, is no question for it. */
export function asksForInstructions(text: string): boolean {
    const question = text.trim().replace(polite, '');
    if (english.test(question)) return true;
    // A thing of the world, and not a command: “what is a cat”.
    if (/^what(?:['’]s| is) an? [\p{L}\p{N}]+\W*$/iu.test(question)) return false;
    return isAboutTerm.test(question) && !/\b(?:my|our|this|these|here|now|current|currently|today)\b/i.test(question);
}

const isAboutTerm =
    /^(?:what(?:['’]s| is| are| does| do)|which (?:command|option|program|tool)\b|what (?:command|option|program|tool)\b)/i;
