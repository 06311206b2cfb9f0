import { isNear } from '../../text/editDistance.ts';
import { wishLanguages, type Phrases, type SlotValues } from '../../actions/wish.ts';
import { numberOf, numberWords, westernDigits } from '../time/numbers.ts';
import { isPath, stems, type Word } from '../words.ts';
import { parsePattern, slotText, type Pattern } from './pattern.ts';
import { synonyms } from './synonyms.ts';

/** A fact or an action, and how people ask for it. */
export type Declared = {
    id: string;
    phrases: Phrases;
    slots?: Readonly<Record<string, SlotValues>>;
};

/** A word of a sentence, with what the caller knows of it. */
export type SaidWord = Word & {
    /** It has no meaning of its own, as “please” has none. */
    isEmpty?: boolean;
    /** Says when, and is read elsewhere. */
    isTime?: boolean;
    /** It speaks of something that no computer has. */
    isForeign?: boolean;
    /** It makes the sentence a question that no phrase is: “how do I”. */
    isOther?: boolean;
    /** Whether it can be a name; by default any word can. */
    canName?: boolean;
};

/** Words of a sentence, by their indices, that tell more than others. */
export type Telling = {
    /** The verb of an order, null for an order without one: another verb asks for something else, and it is no name. */
    verb?: number | null | undefined;
    /** What “which” asks for: to leave it out answers something else. */
    kinds?: ReadonlySet<number>;
};

/** How near a sentence comes to what one of the declared says. */
export type Reading<Of extends Declared = Declared> = {
    declared: Of;
    /** The phrase that it comes near to, as it is declared. */
    phrase: string;
    /** 0 to 1. */
    score: number;
    slots: Readonly<Record<string, string>>;
    /** Indices of the words that its phrase has. */
    matched: ReadonlySet<number>;
    /** Indices of the words that it explains: those, what its slots hold, and words of its other phrases. */
    explained: ReadonlySet<number>;
    /** Its phrase and the sentence share a word that few others have. */
    isTelling: boolean;
    /** How much of the phrase the sentence has, 0 to 1. */
    recall: number;
    /** The sentence has no word of weight that it does not explain. */
    isWhole: boolean;
};

type Term = { features: readonly string[]; weight: number };
type Node =
    | ({ kind: 'word' } & Term)
    | { kind: 'choice'; options: readonly (readonly Node[])[] }
    | { kind: 'values'; name: string; values: readonly { value: string; patterns: readonly (readonly Node[])[] }[] }
    | { kind: 'number'; name: string }
    | { kind: 'words'; name: string }
    | { kind: 'path'; name: string };
type Form<Of> = { declared: Of; phrase: string; nodes: readonly Node[] };
type Said = { word: SaidWord; features: ReadonlyMap<string, number>; weight: number; isKnown: boolean };
/** `places`: by feature, the words that have it, as bits: nearly all words of a phrase are in no word of the sentence. */
type Sentence = { said: readonly Said[]; places: ReadonlyMap<string, number> };
/** A partial match: weights matched and needed, the words used as bits, and what the slots hold. */
type Match = {
    got: number;
    need: number;
    used: number;
    at: number;
    slots: Readonly<Record<string, string>>;
    /** Slots for words, with the place of the word before each. */
    open: readonly { name: string; after: number }[];
};

/** Longer sentences ask for more than one thing. A bit for each word. */
const mostWords = 28;
/** A word that nobody declared. */
const unknownWeight = 1.1;
const foreignWeight = 3;
const emptyWeight = 0.06;
const least = 0.05;
const slipQuality = 0.85;
/** A word that the declared knows from another of its phrases. */
const elsewhereQuality = 0.75;
const slotQuality = 0.9;
/** A word with a meaning is less likely to be a name. */
const knownInSlotQuality = 0.55;
const mostSlotWords = 6;
/** Slots of other names hold words. */
const slotKinds: Readonly<Record<string, 'number' | 'path'>> = { number: 'number', amount: 'number', path: 'path' };
const otherVerbQuality = 0.6;
/** Words that fewer phrases have than those of this weight find a phrase. */
const tellingWeight = 0.35;
const heavyWeight = 0.5;

/** All phrases, prepared for finding the one that a sentence comes nearest to, by its words and their weights. */
export class Phrasebook<Of extends Declared> {
    readonly #forms: Form<Of>[] = [];
    /** Forms by the features of their words. */
    readonly #byFeature = new Map<string, number[]>();
    readonly #vocabulary = new Map<Of, Set<string>>();
    readonly #weights = new Map<string, number>();
    /** Known words by their first letter, for slips. */
    readonly #words = new Map<string, Set<string>>();

    /** @param leftOut words that are dropped from a sentence before it is read */
    constructor(all: readonly Of[], leftOut: ReadonlySet<string> = new Set()) {
        const patterns = all.flatMap(declared =>
            wishLanguages.flatMap(language =>
                declared.phrases[language].map(phrase => ({
                    declared,
                    phrase,
                    pattern: parsePattern(phrase, leftOut),
                })),
            ),
        );
        const valuesOf = new Map(
            all.map(declared => [
                declared,
                new Map(
                    Object.entries(declared.slots ?? {}).map(([name, values]) => [
                        name,
                        Object.entries(values).map(([value, phrases]) => ({
                            value,
                            patterns: phrases.map(phrase => parsePattern(phrase, leftOut)),
                        })),
                    ]),
                ),
            ]),
        );
        for (const { declared, pattern } of patterns) this.#learn(declared, pattern);
        for (const [declared, slots] of valuesOf)
            for (const values of slots.values())
                for (const value of values) for (const pattern of value.patterns) this.#learn(declared, pattern);
        const count = new Map<string, Set<string>>();
        for (const [{ id }, features] of this.#vocabulary)
            for (const feature of features) count.set(feature, (count.get(feature) ?? new Set()).add(id));
        const total = Math.log(Math.max(2, new Set(all.map(({ id }) => id)).size));
        for (const [feature, ids] of count) this.#weights.set(feature, Math.max(least, 1 - Math.log(ids.size) / total));
        for (const { declared, phrase, pattern } of patterns)
            for (const variant of variants(pattern)) {
                const nodes = this.#nodes(variant, valuesOf.get(declared) ?? new Map());
                const index = this.#forms.push({ declared, phrase, nodes }) - 1;
                for (const feature of new Set(featuresIn(nodes))) {
                    const list = this.#byFeature.get(feature);
                    if (list === undefined) this.#byFeature.set(feature, [index]);
                    else list.push(index);
                }
            }
    }

    /** Of each of the declared that the words come near to, the best reading; the best first. */
    read(words: readonly SaidWord[], telling: Telling = {}): Reading<Of>[] {
        const parts = words.flatMap((word, from) => this.#parts(word).map(part => ({ word: part, from })));
        if (parts.length === 0 || parts.length > mostWords) return [];
        const isVerb = (from: number) => from === telling.verb;
        const said = parts.map(({ word, from }) => this.#say(word, isVerb(from)));
        const kinds = new Set(parts.flatMap(({ from }, index) => (telling.kinds?.has(from) === true ? [index] : [])));
        const verb = typeof telling.verb === 'number' ? parts.findIndex(({ from }) => isVerb(from)) : telling.verb;
        const best = new Map<Of, Reading<Of>>();
        const sentence = { said, places: placesOf(said) };
        for (const index of this.#candidates(said)) {
            const form = this.#forms[index];
            if (form === undefined) continue;
            const reading = this.#rate(form, sentence, { verb, kinds });
            if (reading !== null && reading.score > (best.get(form.declared)?.score ?? 0))
                best.set(form.declared, reading);
        }
        const ofWords = (indices: ReadonlySet<number>) => new Set([...indices].map(index => parts[index]?.from ?? 0));
        return [...best.values()]
            .sort((one, other) => other.score - one.score)
            .map(reading => ({
                ...reading,
                matched: ofWords(reading.matched),
                explained: ofWords(reading.explained),
            }));
    }

    /** Whether any phrase has the word, or one that means the same. */
    knows(form: string): boolean {
        return featuresOf(form).some(feature => this.#byFeature.has(feature));
    }

    #learn(declared: Of, pattern: Pattern): void {
        const vocabulary = this.#vocabulary.get(declared) ?? new Set();
        this.#vocabulary.set(declared, vocabulary);
        for (const part of pattern) {
            if (part.kind === 'choice') for (const option of part.options) this.#learn(declared, option);
            if (part.kind !== 'word') continue;
            for (const spelling of part.spellings) {
                for (const feature of featuresOf(spelling)) vocabulary.add(feature);
                const first = spelling.slice(0, 1);
                const known = this.#words.get(first);
                if (known === undefined) this.#words.set(first, new Set([spelling]));
                else known.add(spelling);
            }
        }
    }

    #nodes(
        pattern: Pattern,
        slots: ReadonlyMap<string, readonly { value: string; patterns: readonly Pattern[] }[]>,
    ): Node[] {
        return pattern.map((part): Node => {
            switch (part.kind) {
                case 'word': {
                    const features = [...new Set(part.spellings.flatMap(featuresOf))];
                    return { kind: 'word', features, weight: this.#weight(features) };
                }
                case 'choice':
                    return { kind: 'choice', options: part.options.map(option => this.#nodes(option, slots)) };
                case 'slot': {
                    const values = slots.get(part.name);
                    if (values !== undefined)
                        return {
                            kind: 'values',
                            name: part.name,
                            values: values.map(({ value, patterns }) => ({
                                value,
                                patterns: patterns.map(inner => this.#nodes(inner, slots)),
                            })),
                        };
                    return { kind: slotKinds[part.name] ?? 'words', name: part.name };
                }
            }
        });
    }

    /** The most common of what a word can mean decides. */
    #weight(features: readonly string[]): number {
        return Math.min(1, ...features.map(feature => this.#weights.get(feature) ?? 1));
    }

    #say(word: SaidWord, isVerb: boolean): Said {
        const { form } = word;
        if (word.isOther === true) return { word, features: new Map(), isKnown: false, weight: foreignWeight };
        let features = new Map(featuresOf(form).map(feature => [feature, 1]));
        let known = [...features.keys()].filter(feature => this.#weights.has(feature));
        const isName = isVerb || word.quoted || isPath(word.written) || /[\d._@:\\/]/.test(form);
        if (known.length === 0 && word.isEmpty !== true && word.isTime !== true && !isName) {
            const slip = this.#slip(form);
            features = new Map((slip === null ? [] : featuresOf(slip)).map(feature => [feature, slipQuality]));
            known = [...features.keys()].filter(feature => this.#weights.has(feature));
        }
        const isKnown = known.length > 0 && !isPath(word.written);
        return { word, features, isKnown, weight: this.#weightOf(word, known) };
    }

    #weightOf(word: SaidWord, known: readonly string[]): number {
        if (word.isTime === true) return 0;
        if (word.isForeign === true) return foreignWeight;
        if (word.isEmpty === true) return known.length === 0 ? emptyWeight : Math.min(0.3, this.#weight(known));
        if (known.length === 0) return word.form.length === 1 ? emptyWeight : unknownWeight;
        return this.#weight(known);
    }

    /** The parts of a compound, all of them known: “Prozessorauslastung”, “cpu-load”; else the word itself. */
    #parts(word: SaidWord): SaidWord[] {
        const { form } = word;
        if (word.quoted || isPath(word.written) || this.knows(form)) return [word];
        const hyphenated = form.split('-');
        const parts =
            hyphenated.length > 1 && hyphenated.every(part => this.knows(part)) ? hyphenated : this.#compound(form);
        return parts.length === 1
            ? [word]
            : parts.map(part => ({ ...word, written: part, form: part, isEmpty: false }));
    }

    #compound(form: string): string[] {
        if (form.length < 9 || !/^\p{Script=Latin}+$/u.test(form)) return [form];
        for (let at = form.length - 4; at >= 4; at -= 1) {
            const last = form.slice(at);
            if (!this.#has(last)) continue;
            const first = [form.slice(0, at), form.slice(0, at).replace(/(?:s|n|en)$/, '')].find(part =>
                this.#has(part),
            );
            if (first !== undefined) return [first, last];
        }
        return [form];
    }

    #has(word: string): boolean {
        return word.length >= 4 && this.#words.get(word.slice(0, 1))?.has(word) === true;
    }

    /** The likely word behind a typo: one letter off, in long words two. Short words are too similar to each other. */
    #slip(form: string): string | null {
        if (form.length < 5) return null;
        const limit = form.length >= 8 ? 2 : 1;
        let found: string | null = null;
        for (const first of new Set([form.slice(0, 1), form.slice(1, 2)]))
            for (const word of this.#words.get(first) ?? []) {
                if (word.length < 4 || Math.abs(word.length - form.length) > limit) continue;
                if (isNear(form, word, 1)) return word;
                if (limit === 2 && found === null && first === form.slice(0, 1) && isNear(form, word, 2)) found = word;
            }
        return found;
    }

    #candidates(said: readonly Said[]): Set<number> {
        const found = new Set<number>();
        // Words that every other phrase has find nothing by themselves, unless there are no others.
        const telling = said.filter(({ weight, isKnown }) => isKnown && weight >= tellingWeight);
        for (const { features } of telling.length > 0 ? telling : said)
            for (const feature of features.keys())
                for (const index of this.#byFeature.get(feature) ?? []) found.add(index);
        return found;
    }

    #rate({ declared, phrase, nodes }: Form<Of>, sentence: Sentence, { verb, kinds }: Telling): Reading<Of> | null {
        const { said } = sentence;
        const start: Match = { got: 0, need: 0, used: 0, at: -1, slots: {}, open: [] };
        const matched = matchAll(nodes, sentence, start);
        if (matched === null || matched.got === 0) return null;
        const filled = fillSlots(matched, said, verb);
        if (filled === null) return null;
        const vocabulary = this.#vocabulary.get(declared) ?? new Set();
        let total = 0;
        let own = 0;
        const matchedWords = new Set<number>();
        const explained = new Set<number>();
        for (const [index, { word, weight: full, features, isKnown }] of said.entries()) {
            const isMatched = (matched.used & (1 << index)) !== 0;
            // What means nothing counts only where the phrase has it.
            const weight = word.isEmpty === true && !isMatched ? Math.min(emptyWeight, full) : full;
            total += weight;
            if (isMatched) {
                own += weight;
                matchedWords.add(index);
                explained.add(index);
            } else if (filled.words.has(index)) {
                own += weight * (isKnown ? knownInSlotQuality : slotQuality);
                explained.add(index);
            } else if ([...features.keys()].some(feature => vocabulary.has(feature))) {
                own += weight * elsewhereQuality;
                explained.add(index);
            }
        }
        const isSaid = (index: number) => matchedWords.has(index) || filled.words.has(index);
        if (total === 0 || [...(kinds ?? [])].some(index => !isSaid(index))) return null;
        const isOtherVerb = typeof verb === 'number' && (matched.used & (1 << verb)) === 0;
        const precision = own / total;
        const recall = matched.got / matched.need;
        return {
            declared,
            phrase,
            score: precision * (0.55 + 0.45 * recall) * (isOtherVerb ? otherVerbQuality : 1),
            recall,
            slots: filled.slots,
            matched: matchedWords,
            explained,
            isTelling: [...matchedWords].some(index => (said[index]?.weight ?? 0) >= heavyWeight),
            isWhole: said.every(({ weight }, index) => weight < heavyWeight || explained.has(index)),
        };
    }
}

function featuresOf(form: string): string[] {
    const all = stems(form);
    // A word with a meaning of its own has none of its stem: a printer is no “print”.
    const means = synonyms.has(form) ? [form] : all;
    return [...new Set([...all, ...means.flatMap(stem => synonyms.get(stem) ?? [])])];
}

function* featuresIn(nodes: readonly Node[]): Generator<string> {
    for (const node of nodes)
        switch (node.kind) {
            case 'word':
                yield* node.features;
                break;
            case 'choice':
                for (const option of node.options) yield* featuresIn(option);
                break;
            case 'values':
                for (const { patterns } of node.values) for (const pattern of patterns) yield* featuresIn(pattern);
                break;
            case 'number':
            case 'path':
            case 'words':
        }
}

/** A slot for words is in a form or is not: the choices that hold one are told apart. */
function variants(pattern: Pattern): Pattern[] {
    let found: Pattern[] = [[]];
    for (const part of pattern) {
        const parts: readonly Pattern[] =
            part.kind === 'choice' && part.options.some(hasSlot) ? part.options.flatMap(variants) : [[part]];
        found = found.flatMap(before => parts.map(added => [...before, ...added]));
    }
    return found;
}

function hasSlot(pattern: Pattern): boolean {
    return pattern.some(part => part.kind === 'slot' || (part.kind === 'choice' && part.options.some(hasSlot)));
}

function matchAll(nodes: readonly Node[], sentence: Sentence, start: Match): Match | null {
    let match = start;
    for (const node of nodes) {
        const next = matchNode(node, sentence, match);
        if (next === null) return null;
        match = next;
    }
    return match;
}

function matchNode(node: Node, sentence: Sentence, before: Match): Match | null {
    const { said } = sentence;
    switch (node.kind) {
        case 'word': {
            const { index, quality } = findWord(node.features, sentence, before);
            const need = before.need + node.weight;
            if (index < 0) return { ...before, need };
            const got = before.got + node.weight * quality;
            return { ...before, need, got, used: before.used | (1 << index), at: index };
        }
        case 'choice': {
            let best: Match | null = null;
            for (const option of node.options) {
                const match = matchAll(option, sentence, before);
                if (match !== null && (best === null || gain(match, before) > gain(best, before))) best = match;
            }
            return best;
        }
        case 'values': {
            let best: Match | null = null;
            for (const { value, patterns } of node.values)
                for (const pattern of patterns) {
                    const match = matchAll(pattern, sentence, before);
                    // A value is said as a whole, or it is another.
                    if (match === null || match.got - before.got < (match.need - before.need) * 0.8) continue;
                    if (match.got === before.got) continue;
                    if (best === null || gain(match, before) > gain(best, before))
                        best = { ...match, slots: { ...match.slots, [node.name]: value } };
                }
            return best;
        }
        case 'number': {
            const index = said.findIndex(
                ({ word }, at) => (before.used & (1 << at)) === 0 && readNumber(word.form) !== null,
            );
            if (index < 0) return null;
            const number = readNumber(said[index]?.word.form ?? '');
            const slots = { ...before.slots, [node.name]: String(number) };
            return { ...before, slots, used: before.used | (1 << index), at: index };
        }
        case 'path': {
            const index = said.findIndex(({ word }, at) => (before.used & (1 << at)) === 0 && isPath(word.written));
            if (index < 0) return null;
            const slots = { ...before.slots, [node.name]: said[index]?.word.written ?? '' };
            return { ...before, slots, used: before.used | (1 << index), at: index };
        }
        case 'words':
            return { ...before, open: [...before.open, { name: node.name, after: before.at }] };
    }
}

function placesOf(said: readonly Said[]): Map<string, number> {
    const places = new Map<string, number>();
    for (const [index, { features }] of said.entries())
        for (const feature of features.keys()) places.set(feature, (places.get(feature) ?? 0) | (1 << index));
    return places;
}

/** What is matched counts, and what is missing counts against it. */
const gain = (match: Match, before: Match) => 2 * (match.got - before.got) - (match.need - before.need);

/** The next word that has one of the features, or an earlier one. */
function findWord(features: readonly string[], { said, places }: Sentence, { used, at }: Match) {
    let found = { index: -1, quality: 0 };
    let possible = 0;
    for (const feature of features) possible |= places.get(feature) ?? 0;
    possible &= ~used;
    if (possible === 0) return found;
    for (let step = 1; step <= said.length; step += 1) {
        const index = (at + step) % said.length;
        if ((possible & (1 << index)) === 0) continue;
        for (const feature of features) {
            const quality = said[index]?.features.get(feature) ?? 0;
            if (quality > found.quality) found = { index, quality };
        }
        if (found.quality === 1) break;
    }
    return found;
}

function readNumber(form: string): number | null {
    if (numberWords.has(form)) return numberOf(form);
    return /^\p{Nd}{1,9}(?:\.\p{Nd}{1,3})?%?$/u.test(form) ? Number(westernDigits(form).replace('%', '')) : null;
}

/** Gives each slot for words a run of words that nothing else explains; null when one finds none. */
function fillSlots(
    { open, used, slots }: Match,
    said: readonly Said[],
    verb: Telling['verb'],
): { slots: Readonly<Record<string, string>>; words: ReadonlySet<number> } | null {
    const words = new Set<number>();
    if (open.length === 0) return { slots, words };
    const filled: Record<string, string> = { ...slots };
    const runs = freeRuns(used, said, verb);
    for (const { name, after } of open) {
        const short = runs.filter(({ length }) => length <= mostSlotWords);
        const run = short.find(([first = -1]) => first > after) ?? short[0];
        if (run === undefined) return null;
        runs.splice(runs.indexOf(run), 1);
        for (const index of run) words.add(index);
        const own = run.flatMap(index => said[index]?.word ?? []);
        filled[name] = own.map(word => slotText(name, word)).join(' ');
    }
    return { slots: filled, words };
}

const copula = /^(?:is|are|was|were|am|ist|sind|war|waren|bin)$/;

/** Runs of unused words that begin and end with one that can be a name. */
function freeRuns(used: number, said: readonly Said[], verb: Telling['verb']): number[][] {
    const runs: number[][] = [];
    let run: number[] = [];
    const close = () => {
        const canName = (index = -1) => {
            const word = said[index];
            return word !== undefined && word.word.isEmpty !== true && word.word.canName !== false && word.weight > 0.3;
        };
        while (run.length > 0 && !canName(run[0])) run.shift();
        while (run.length > 0 && !canName(run.at(-1))) run.pop();
        const before = said[(run[0] ?? 0) - 1]?.word.form ?? '';
        // “Downloads are slow” says something of downloads, and names nothing.
        if (run.length > 0 && (verb === undefined || !copula.test(before))) runs.push(run);
        run = [];
    };
    for (const [index, { word }] of said.entries()) {
        const isFree =
            index !== verb && (used & (1 << index)) === 0 && word.isTime !== true && !/^[,?&;+]$/.test(word.form);
        if (isFree) run.push(index);
        else close();
    }
    close();
    return runs;
}
