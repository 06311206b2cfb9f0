import { isPath, stems, type Word } from '../words.ts';
import { synonyms } from './synonyms.ts';

/** What tells of a sentence what it asks for, and how much of it there is: its words, their stems and meanings, and what stands beside what. */
export type Features = {
    weights: ReadonlyMap<string, number>;
    /** Indices of the words that no example has; names are such words. */
    unknown: ReadonlySet<number>;
};

/** They say nothing of what a sentence is about. */
export const empty: ReadonlySet<string> = new Set(
    (
        'please pls plz a an the my our your just kindly me can could would will you i we want need like to of for so and is it that this there any some she he they her his him its their them one again too also ' +
        'der die das den dem des ein eine einen einem einer bitte mir mich mein meine meinen meinem meiner es ich wir du sie kannst konntest und da dass ' +
        'من فضلك هل ان في علي هذا هذه لي'
    ).split(' '),
);
/** “Who’s” is “who is”. */
const contraction = /^(who|what|where|how|when|why|that|it|there|here|gibt|geht)s$/;
const stemWeight = 0.7;
const slipWeight = 0.6;
const pairWeight = 0.6;
const besideWeight = 0.4;
const askedWeight = 0.5;
const partWeight = 0.3;
const partLengths = [3, 4, 5] as const;

/**
 * @param knows whether an example has the stem of a word; a word that none has counts as a name
 * @param meantBy the likely word behind a typo, null where there is none
 */
export function featuresOf(
    words: readonly Word[],
    knows: (stem: string) => boolean,
    meantBy: (form: string) => string | null = () => null,
): Features {
    const weights = new Map<string, number>();
    const unknown = new Set<number>();
    const add = (feature: string, weight = 1) => weights.set(feature, Math.max(weights.get(feature) ?? 0, weight));
    let [before, beside] = ['^', '^'];
    for (const [index, written] of words.entries()) {
        if (written.form === '?') add('?', askedWeight);
        if (/^[,?&;+]$/.test(written.form)) continue;
        const word = { ...written, form: written.form.replace(contraction, '$1') };
        let main = kindOf(word);
        if (main === null) {
            const all = stems(word.form);
            const means = synonyms.has(word.form) ? [word.form] : all;
            const classes = [...new Set(means.flatMap(stem => synonyms.get(stem) ?? []))];
            const isKnown = classes.length > 0 || all.some(knows);
            if (isKnown) {
                for (const stem of all) add(`s:${stem}`, stemWeight);
                for (const each of classes) add(each);
            } else {
                const meant = meantBy(word.form);
                if (meant === null) unknown.add(index);
                for (const stem of meant === null ? [] : stems(meant)) {
                    add(`s:${stem}`, slipWeight);
                    for (const each of synonyms.get(stem) ?? []) add(each, slipWeight);
                }
            }
            // Parts find compounds and other forms: “Nachtlichtmodus”.
            for (const part of partsOf(word.form)) add(part, partWeight);
            main = isKnown ? (classes[0] ?? all[1] ?? word.form) : '#name';
        }
        if (main.startsWith('#')) add(main);
        add(`r:${beside} ${word.form}`, besideWeight);
        beside = word.form;
        if (empty.has(word.form)) continue;
        add(`${before} ${main}`, pairWeight);
        before = main;
    }
    add(`r:${beside} $`, besideWeight);
    add(`${before} $`, pairWeight);
    const length = Math.hypot(...weights.values());
    return { weights: new Map([...weights].map(([feature, weight]) => [feature, weight / length])), unknown };
}

/** What a word is that is no word of a language. */
function kindOf({ written, form, quoted }: Word): string | null {
    if (isPath(written)) return '#path';
    if (/^\p{Nd}+(?:[.,]\p{Nd}+)?%?$/u.test(form)) return '#number';
    return quoted || (/[\d_@:\\]|\w\.\w/.test(form) && !synonyms.has(form)) ? '#name' : null;
}

function partsOf(form: string): string[] {
    if (form.length < partLengths[0]) return [];
    const marked = `<${form}>`;
    return partLengths.flatMap(length =>
        Array.from({ length: marked.length - length + 1 }, (_none, at) => marked.slice(at, at + length)),
    );
}
