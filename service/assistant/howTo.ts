import type { Token } from './lexicon.ts';

/**
 * “How do I mount a disk”, “kann ich …”, “كيف أقسم …”: a question for instructions, for advice or for permission. It is about the computer only
 * in its words, so that no answer about its state fits.
 */
export function markHowTo(tokens: readonly Token[]): Token[] {
    const at = tokens.findIndex((_token, index) => asksHowTo(tokens, index));
    if (at < 0 || tokens.some(({ text }) => findingOut.test(text))) return [...tokens];
    return tokens.map((token, index) =>
        index === at ? { ...token, concepts: new Set(['howto']), ignored: false } : token,
    );
}

const speaker = /^(?:i|we|one|you|ich|wir|man)$/;
const advice = /^(?:should|soll|sollte)(?: ?(?:i|we|ich))?$/;
const which = /^(?:which|what|welche[rsnm]?)$/;
const ability = /^(?:can|could|may|kann|können|darf|dürfen|könnte)$/;
/** “How am I connected” and “wie bin ich verbunden” ask for a state. */
const being = /^(?:am|are|is|bin|sind|ist|much|many|viel|viele|long|lange)$/;
const arabicAbility = /^(?:و|ف)?(?:يمكنني|يمكننا|يمكن|أستطيع|استطيع|أقدر|اقدر)$/;
/** The first person of a verb; “كيف الشبكة” has the article there. */
const arabicFirstPerson = /^[أا](?!ل)\p{L}{2,}$/u;

/** What people look for in order to see a state, or to make room, begins with what there is. */
const findingOut =
    /^(?:ask|fragen|see|check|find|know|tell|list|view|free|free up|clean up|reach|sehen?|finden?|herausfinden|feststellen|prüfen?|erfahren?|freigeben|erreichen?|أعرف|اعرف|أرى|أتحقق|اتحقق|أجد|اجد|أفرغ|أسأل|اسأل|اسال)$/;

function asksHowTo(tokens: readonly Token[], index: number): boolean {
    const token = tokens[index];
    const [next = '', second = ''] = [tokens[index + 1]?.text, tokens[index + 2]?.text];
    if (token === undefined) return false;
    if (token.concepts.has('how')) {
        const isArabic = /^(?:و|ف)?كيف$/.test(token.text);
        if (isArabic) return arabicAbility.test(next) || (arabicFirstPerson.test(next) && isVerb(tokens[index + 1]));
        return next === 'to' || (speaker.test(second) && !being.test(next));
    }
    // Within a sentence, “which I can …” and “هل يمكن …” only where they ask.
    if (arabicAbility.test(token.text)) return true;
    if (index > 1 && advice.test(token.text)) return which.test(tokens[0]?.text ?? '');
    return ability.test(token.text) && /^(?:i|we|ich|wir|man)$/.test(next) && index <= 2;
}

/** Nouns that begin like a first person are in the vocabulary: “كيف أداء الجهاز”. */
const isVerb = (token: Token | undefined) =>
    token?.unknown === true ||
    (['command', 'fix', 'undo'] as const).some(concept => token?.concepts.has(concept) === true);
