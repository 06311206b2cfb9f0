import { isNear } from '../../text/editDistance.ts';
import * as learnt from '../generated/weights.ts';
import type { Word } from '../words.ts';
import { featuresOf } from './features.ts';

/** What a sentence asks for, judged by its words and the examples from which their weights were learnt. */
export type Likeness = {
    /** An answer, such as “fact:dns”, or an action with the parameters that it always has; “none” for what is no matter of ours. */
    label: string;
    /** 0 to 1; those of all labels add up to 1. */
    probability: number;
};

export type Judgement = {
    /** The likeliest first. */
    likely: readonly Likeness[];
    /** Indices of the words that no example has. */
    unknown: ReadonlySet<number>;
};

const shown = 12;
const leastSlip = 5;
/** Bytes of a weight: two of the index of a part of a label, all of which come first, and one of the weight itself. */
const entryLength = 3;

class Classifier {
    readonly #labels = learnt.labels;
    readonly #countOfParts = Math.max(0, ...learnt.parts.flat()) + 1;
    /** Of each weight, whose it is, and how large. */
    readonly #owners: Uint16Array;
    readonly #weights: Int8Array;
    /** Where the weights of a feature begin and end. */
    readonly #places = new Map<string, readonly [begin: number, end: number]>();

    /** Words by their first letter. */
    readonly #words = new Map<string, string[]>();

    constructor() {
        const bytes = Buffer.from(learnt.weights, 'base64');
        const count = bytes.length / entryLength;
        this.#owners = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 2 * count));
        this.#weights = new Int8Array(
            bytes.buffer.slice(bytes.byteOffset + 2 * count, bytes.byteOffset + bytes.length),
        );
        let at = 0;
        for (const [index, feature] of learnt.features.split('\n').entries()) {
            const end = at + learnt.counts.charCodeAt(index) - learnt.firstCount;
            this.#places.set(feature, [at, end]);
            at = end;
            if (feature.startsWith('s:') && feature.length >= leastSlip + 2) this.#addWord(feature.slice(2));
        }
    }

    judge(words: readonly Word[]): Judgement {
        const ofParts = new Float64Array(this.#countOfParts);
        const { weights, unknown } = featuresOf(
            words,
            stem => this.#places.has(`s:${stem}`),
            form => this.#slip(form),
        );
        for (const [feature, weight] of weights) this.#add(feature, weight * learnt.unit, ofParts);
        const scores = learnt.parts.map(parts => parts.reduce((sum, part) => sum + (ofParts[part] ?? 0), 0));
        const best: number[] = [];
        let sum = 0;
        for (const [label, score] of scores.entries()) {
            const power = Math.exp(score);
            sum += power;
            let at = best.length;
            while (at > 0 && (scores[best[at - 1] ?? 0] ?? 0) < score) at -= 1;
            if (at < shown) best.splice(at, 0, label);
            if (best.length > shown) best.pop();
        }
        const likely = best.map(label => ({
            label: this.#labels[label] ?? '',
            probability: Math.exp(scores[label] ?? 0) / sum,
        }));
        return { likely, unknown };
    }

    #addWord(word: string): void {
        const first = word.slice(0, 1);
        const known = this.#words.get(first);
        if (known === undefined) this.#words.set(first, [word]);
        else known.push(word);
    }

    /** Short words are too similar to each other, and people notice a wrong first letter at once. */
    #slip(form: string): string | null {
        if (form.length < leastSlip) return null;
        const alike = this.#words.get(form.slice(0, 1)) ?? [];
        return alike.find(word => Math.abs(word.length - form.length) <= 1 && isNear(form, word, 1)) ?? null;
    }

    #add(feature: string, weight: number, ofParts: Float64Array): void {
        const place = this.#places.get(feature);
        if (place === undefined) return;
        const [begin, end] = place;
        const [owners, weights] = [this.#owners, this.#weights];
        for (let at = begin; at < end; at += 1) {
            const part = owners[at] ?? 0;
            ofParts[part] = (ofParts[part] ?? 0) + (weights[at] ?? 0) * weight;
        }
    }
}

let classifier: Classifier | null = null;
/** A sentence is read as a wish, and then as a question. */
let last: { said: string; judgement: Judgement } | null = null;

/** Judges a sentence as a whole. What it returns first need not be what is asked: see its probability, and what is unknown. */
export function judge(words: readonly Word[]): Judgement {
    const said = JSON.stringify(words);
    if (last?.said === said) return last.judgement;
    classifier ??= new Classifier();
    last = { said, judgement: classifier.judge(words) };
    return last.judgement;
}
