import type { Token } from './lexicon.ts';

/** The parts of a question that name a program or a package. */
export type Names = {
    sure: ReadonlySet<Token>;
    /** Words that are names only if the computer knows a program of that name; in lower case. */
    possible: readonly string[];
};

export const shellProgram = 'gnome-shell';
/** More words than this are no name. */
const nameWords = 3;

/**
 * The words before a program in a sentence, in the languages that we know; Arabic needs no more than its question word.
 */
const before = new Set(
    `is are was were does did do has have had can will why of by for from about the my install installing before i
    ist sind war hat hatte kann wird wurde warum wieso von für durch der die das dem den mein meine meinen ich bevor braucht
    verbraucht nutzt benutzt belegt frisst stürzt stürzte läuft hängt startet friert program programm app anwendung
    process prozess package packages paket version هل لماذا برنامج تطبيق عملية متى حزمة الحزمة إصدار اصدار`
        .split(/\s+/)
        .map(word => word.trim()),
);
/** Words allowed in between. */
const article = /^(?:the|my|der|die|das|mein|meine)$/;
const installedVerb = /^(?:installed|installiert|مثبت|مثبتة)$/;

/** @param known names of programs of this computer, in lower case */
export function findNames(tokens: readonly Token[], known: ReadonlySet<string>): Names {
    const sure = new Set<Token>();
    const possible: string[] = [];
    for (const [index, token] of tokens.entries()) {
        if (token.text === shellProgram) sure.add(token);
        if (token.concepts.size > 0 || token.ignored || !/\p{L}/u.test(token.text)) continue;
        const isThing = token.units.length > 0 && !token.unknown;
        if (isThing || (token.unknown && isIdentifier(token)) || isAskedInstalled(tokens, index)) sure.add(token);
        else if (token.unknown && (standsAsSubject(tokens, index) || isInOtherScript(tokens, token))) {
            if (known.has(token.text)) sure.add(token);
            else possible.push(token.text);
        }
    }
    return { sure: sure.size > nameWords ? new Set() : sure, possible: possible.slice(0, nameWords) };
}

/** No word of a language looks like it: “python3-pil”, “libc.so.6”, "`less`". */
const isIdentifier = ({ text, quoted }: Token) => quoted || /[\p{L}\p{N}][\d._@:\\-]|\d\p{L}/u.test(text);

function standsAsSubject(tokens: readonly Token[], index: number): boolean {
    const previous = tokens[index - 1];
    // “Visual Studio crashed”: of a name of several words, each stands there.
    return previous === undefined || before.has(previous.text.split(' ').at(-1) ?? '');
}

/** Among Arabic words, one in Latin letters is a name. */
const isInOtherScript = (tokens: readonly Token[], { text }: Token) =>
    /^\p{Script=Latin}/u.test(text) && tokens.some(token => /\p{Script=Arabic}/u.test(token.text));

/** “Is X installed”, “do I have X installed”, “version of X”, “X version”: clear enough for an unknown name. */
function isAskedInstalled(tokens: readonly Token[], index: number): boolean {
    const next = tokens[index + 1]?.text ?? '';
    const isAfterArticle = article.test(tokens[index - 1]?.text ?? '');
    const start = isAfterArticle ? index - 1 : index;
    const previous = tokens[start - 1]?.text ?? '';
    if (installedVerb.test(next) && /^(?:is|ist|هل|(?:do )?i have|habe ich|ich)$/.test(previous)) return true;
    if (/^(?:of|von)$/.test(previous)) return tokens[start - 2]?.concepts.has('version') === true;
    return next.startsWith('version') && /^(?:which|what|welche|)$/.test(previous);
}
