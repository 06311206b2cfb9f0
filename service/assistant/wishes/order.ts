import { matchBeginning, parsePattern } from '../phrasing/pattern.ts';
import { changingVerbs, isVerb, verbOf } from '../phrasing/verbs.ts';
import { splitWords, type Word } from '../words.ts';

/** How people begin a wish, politely. */
const courtesies = [
    '(hey|hi|hello|ok|hallo) [reeve]',
    'reeve',
    '(can|could|would|will) you',
    'i (want|need|wish|like) [you] [to]',
    'i (would|d) like [you] [to]',
    'id like [you] [to]',
    'let s',
    'lets',
    'help me [to]',
    '(kannst|konntest|wurdest) du',
    '(konnen|konnten|wurden) sie',
    'ich (mochte|will|hatte gern|wunsche)',
    '(هل) (يمكنك|تستطيع) [ان]',
    '(اريد|اود) [ان] [منك]',
].map(courtesy => parsePattern(courtesy));

/** Words that mean nothing in a wish. */
const fillers = new Set(
    (
        'please pls plz thanks thx the a an my our now just kindly for me ' +
        'bitte danke der die das den dem des ein eine einen einem einer mein meine meinen meinem meiner jetzt mal doch einmal ' +
        'رجاء شكرا لطفا من فضلك الان لي'
    ).split(' '),
);

const please = new Set('please pls plz bitte رجاء لطفا'.split(' '));

/** At the end of a sentence, these are parts of a German verb. */
const particles = new Set(['ein', 'an']);
export const dropped = new Set([...fillers].filter(word => !particles.has(word)));

/** Longer texts are mostly pasted, and somebody else may have written them. */
const mostWords = 32;

/**
 * Whether a sentence asks for a change, by its words alone: it is one short line and no question, and it begins with such a verb after
 * its courtesies, or ends with one, as in German.
 */
export function isOrder(text: string): boolean {
    const words = splitWords(text);
    if (text.trim().includes('\n') || words.length > mostWords || isQuestion(text, words)) return false;
    return verbOf(meant(words).words, changingVerbs) !== null;
}

/** “Dark mode on?” and “is dark mode on” ask; “could you turn on dark mode?” does not. */
export function isQuestion(text: string, words: readonly Word[]): boolean {
    const { words: said, isPolite } = meant(words);
    return !isPolite && (/[?؟]\s*$/u.test(text) || asksFirst(said));
}

/** “Dark theme” alone may ask; “dark theme please” wishes; “docker stopped” tells. */
export function isOrdered(written: readonly Word[], words: readonly Word[]): boolean {
    const verb = verbOf(words);
    if (verb !== null) return !isInflected(words[verb]);
    return written.some(({ form }) => please.has(form));
}

/** What people wish or want begins and ends in many ways; what only happened, or is so, has none of these words. */
const wishing = new Set(
    (
        'want need should must let please pls plz id rather ' +
        'soll sollen sollte mochte will muss bitte hatte brauche lass ' +
        'اريد اود ابي بدي عايز يجب اجعل لازم رجاء'
    ).split(' '),
);
/** “Sound off”, “dark mode on”. */
const switching = /^(?:on|off|aus|an|ein)$/;
const fewWords = 3;

/** Whether a sentence that is no order by its first or last word may be one nevertheless. */
export function mayWish(written: readonly Word[], words: readonly Word[]): boolean {
    if (isInflected(words[0])) return false;
    if (words.length <= fewWords && switching.test(words.at(-1)?.form ?? '')) return true;
    return written.some(({ form }) => wishing.has(form) || isVerb(form));
}

/** “Restarted”, “sleeping” and “printer” describe or name something; they are no orders. */
export function isInflected(first: Word | undefined): boolean {
    if (first === undefined || !/^[a-z]+(?:s|ed|ing|t|er)$/.test(first.form)) return false;
    return verbOf([first]) !== null && !isVerb(first.form);
}

/** What forbids, limits or only tells of a wish: a phrase that is said has such words, and what is likely is not known to heed them. */
const limiting = new Set(
    (
        'maybe perhaps why afraid explain wonder think thought guess hate whether ' +
        'vielleicht warum ob glaube denke uberlege erklare hasse ربما لماذا اخاف ' +
        'not dont never no without if unless when whenever since only except until once wait told said say says heard read ' +
        'nicht kein keine keinen nie niemals ohne wenn falls sobald nur außer ausser bis seit sagt sagte gesagt gelesen ' +
        'لا بدون ليس لم لن اذا إذا عندما فقط حتى منذ الا إلا قال'
    ).split(' '),
);
export const isLimiting = ({ form }: Word) => limiting.has(form);
/** What was done is no wish. */
export const isPast = ({ form }: Word) => /^(?:yesterday|gestern|امس|البارحه|ago|did|was|were|wurde|war)$/.test(form);

/** It begins as a question does: “why …”, “is …”. */
function asksFirst([first, second]: readonly Word[]): boolean {
    if (first === undefined || first.quoted) return false;
    // “Am Bildschirm …” is German.
    return first.form === 'am' ? second?.form === 'i' : questionWords.test(first.form);
}

const questionWords =
    /^(?:is|are|was|were|does|did|has|have|which|what|who|whose|how|why|when|where|ist|sind|war|bin|hat|habe|gibt|lauft|wird|welche[rsnm]?|was|wer|wen|wem|wie|wieviel|warum|wieso|weshalb|wann|wo|woher|هل|ما|ماذا|من|اي|باي|كم|كيف|لماذا|متى|اين)$/;

/** “2GB” is a number and its unit. */
function measured(word: Word): Word[] {
    const [, number, unit] = /^(\p{Nd}+(?:\.\p{Nd}+)?)([kmgt]i?b)$/u.exec(word.form) ?? [];
    if (word.quoted || number === undefined || unit === undefined) return [word];
    return [number, unit].map(form => ({ ...word, written: form, form }));
}

/** Without courtesies and what means nothing, unless that is all there is. */
export function meant(words: readonly Word[]): { words: Word[]; isPolite: boolean } {
    const spoken = words.filter(({ form }) => !/^[,?&;+]$/.test(form)).flatMap(measured);
    const said = spoken.filter(({ form, quoted }, index) => {
        return quoted || !fillers.has(form) || (particles.has(form) && index === spoken.length - 1);
    });
    let isPolite = false;
    for (;;) {
        const polite = Math.max(...courtesies.map(courtesy => matchBeginning(courtesy, said)));
        if (polite === 0 || polite === said.length) return { words: said, isPolite };
        said.splice(0, polite);
        isPolite = true;
    }
}
