import type { Token } from './lexicon.ts';

/** English terms stand in sentences of every language. */
const fewestEnglish = 3;

/**
 * The language that a question is written in, as its words show; the session's where they do not.
 *
 * @param session a code such as "de"
 */
export function languageOf(tokens: readonly Token[], session: string): string {
    const counts = new Map<string, number>();
    const words = tokens.filter(({ text }) => /\p{L}/u.test(text));
    for (const { languages } of words)
        for (const language of languages) counts.set(language, (counts.get(language) ?? 0) + 1);
    const [language, count] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [session, 0];
    const isSure = language === 'en' ? count >= fewestEnglish : count * 2 >= words.length;
    return isSure && count > (counts.get(session) ?? 0) ? language : session;
}
