// Learns from the phrases that stand beside tools and actions, and from examples, which words speak for which of them: a linear
// classifier (multinomial logistic regression, trained with AdaGrad), in service/assistant/generated. What goes in decides what comes out.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Phrases, SlotValues } from '../service/actions/wish.ts';
import type { Pattern } from '../service/assistant/phrasing/pattern.ts';

const root = dirname(import.meta.dirname);
const assistant = join(root, 'service', 'assistant');
const target = join(assistant, 'generated', 'weights.ts');

type Example = { text: string; labels: readonly string[]; weight: number };
type Learnt = {
    labels: readonly string[];
    /** The indices of the parts of each label. */
    parts: readonly (readonly number[])[];
    /** The weights of the parts, by feature. */
    features: ReadonlyMap<string, ReadonlyMap<number, number>>;
    unit: number;
};

/** Examples of a phrase; a phrase with many choices does not outweigh the others. */
const variantsOfPhrase = 1;
const phraseWeight = 0.3;
const rounds = 6;
const rate = 0.5;
const decay = 1e-4;
/** A word or a pair that is rarer is a name, or tells nothing; so does a part of a word. */
const leastCount = 2;
const leastParts = 3;
/** Weights below this share of the largest are left out. */
const leastShare = 0.05;
const firstCount = 256;

export async function learn(): Promise<void> {
    // They read what is generated here: there must be something.
    if (!existsSync(target)) write({ labels: [], parts: [], features: new Map(), unit: 1 }, '');
    const examples = await gather();
    const sources = [
        'assistant/words.ts',
        'assistant/phrasing/features.ts',
        'assistant/phrasing/synonyms.ts',
        'assistant/wishes/labels.ts',
    ];
    const hash = createHash('sha256')
        .update(JSON.stringify(examples))
        .update(readFileSync(import.meta.filename));
    for (const source of sources) hash.update(readFileSync(join(root, 'service', source)));
    const digest = hash.digest('hex');
    if (readFileSync(target, 'utf8').startsWith(`// ${digest}\n`)) return;
    write(await train(examples), digest);
}

async function gather(): Promise<Example[]> {
    const { answers } = await import('../service/assistant/answers/index.ts');
    const { everyAction } = await import('../service/actions/everyAction.ts');
    const { labelOf } = await import('../service/assistant/wishes/labels.ts');
    const { loadExamples } = await import('../test/eval/builtIn/examples.ts');
    const { parsePattern } = await import('../service/assistant/phrasing/pattern.ts');
    const of = (label: string, phrases: Phrases, slots: Readonly<Record<string, SlotValues>> = {}) =>
        Object.values(phrases).flatMap((list: readonly string[]) =>
            list.flatMap(phrase =>
                variants(parsePattern(phrase), slots, parsePattern, variantsOfPhrase).map(text => ({
                    text,
                    labels: [label],
                    weight: phraseWeight,
                })),
            ),
        );
    return [
        ...loadExamples().map(example => ({ ...example, weight: 1 })),
        ...answers.flatMap(({ id, phrases, slots }) => of(id, phrases, slots)),
        ...everyAction.flatMap(action =>
            (action.wishes ?? []).flatMap(wish => of(labelOf(action, wish), wish.phrases, wish.slots)),
        ),
    ];
}

/** Some of the sentences that a pattern stands for. */
function variants(
    pattern: Pattern,
    slots: Readonly<Record<string, SlotValues>>,
    parse: (text: string) => Pattern,
    most: number,
): string[] {
    let found: string[] = [''];
    for (const part of pattern) {
        const options =
            part.kind === 'word'
                ? [part.spellings[0] ?? '']
                : part.kind === 'choice'
                  ? part.options.flatMap(option => variants(option, slots, parse, most * 2))
                  : Object.values(slots[part.name] ?? { name: [`{${part.name}}`] }).flatMap(values =>
                        values.flatMap(value =>
                            value.startsWith('{') ? [sample(value)] : variants(parse(value), {}, parse, 1),
                        ),
                    );
        found = spread(
            found.flatMap(before => options.map(option => `${before} ${option}`.trim())),
            most * 8,
        );
    }
    return spread([...new Set(found)], most);
}

const sample = (slot: string) =>
    slot === '{number}' || slot === '{amount}' ? '7' : slot === '{path}' ? '/x/y' : 'x_1';

function spread<T>(all: readonly T[], most: number): T[] {
    if (all.length <= most) return [...all];
    return Array.from({ length: most }, (_none, index) => all[Math.floor((index * all.length) / most)] as T);
}

async function train(examples: readonly Example[]): Promise<Learnt> {
    const { featuresOf } = await import('../service/assistant/phrasing/features.ts');
    const { splitWords, stems } = await import('../service/assistant/words.ts');
    const { partsOfLabel } = await import('../service/assistant/wishes/labels.ts');
    const said = examples.map(({ text }) => splitWords(text));
    const common = counted(
        said.map(words => new Set(words.flatMap(({ form }) => stems(form).map(stem => `s:${stem}`)))),
    );
    const read = said.map(words => featuresOf(words, stem => common.has(`s:${stem}`)).weights);
    const features = [...counted(read.map(weights => new Set(weights.keys())))];
    const indices = new Map(features.map((feature, index) => [feature, index]));
    const labels = [...new Set(examples.flatMap(each => each.labels))].sort();
    const labelIndices = new Map(labels.map((label, index) => [label, index]));
    const named = labels.map(partsOfLabel);
    const partIndices = new Map([...new Set(named.flat())].map((part, index) => [part, index]));
    const parts = named.map(all => all.flatMap(part => partIndices.get(part) ?? []));
    const count = partIndices.size;
    const model: Model = {
        parts,
        weights: new Float32Array(features.length * count),
        squares: new Float32Array(features.length * count).fill(0.01),
        ofParts: new Float32Array(count),
        scores: new Float32Array(labels.length),
    };
    const data = examples.map(({ labels: own, weight }, at): Datum => ({
        entries: [...(read[at] ?? [])].flatMap(([feature, value]) => {
            const index = indices.get(feature);
            return index === undefined ? [] : [{ begin: index * count, value }];
        }),
        own: own.flatMap(label => labelIndices.get(label) ?? []),
        weight,
    }));
    for (let round = 0; round < rounds; round += 1)
        for (const datum of shuffled(data, round)) {
            // What is said of several begins when the phrases have told them apart.
            if (datum.own.length === 0 || (round === 0 && datum.own.length > 1)) continue;
            fit(model, datum);
        }
    const { weights } = model;
    const largest = weights.reduce((one, other) => Math.max(one, Math.abs(other)), 0);
    const kept = features.map((feature, index): [string, Map<number, number>] => {
        const own = Array.from(
            weights.subarray(index * count, (index + 1) * count),
            (weight, part) => [part, weight] as const,
        );
        return [feature, new Map(own.filter(([, weight]) => Math.abs(weight) > largest * leastShare))];
    });
    return {
        labels,
        parts,
        features: new Map(kept.filter(([feature, own]) => own.size > 0 || feature.startsWith('s:'))),
        unit: largest / 127,
    };
}

type Model = {
    parts: readonly (readonly number[])[];
    weights: Float32Array;
    squares: Float32Array;
    ofParts: Float32Array;
    scores: Float32Array;
};
type Datum = { entries: readonly { begin: number; value: number }[]; own: readonly number[]; weight: number };

/** One step of AdaGrad towards the likeliest of an example’s own labels. */
function fit({ parts, weights, squares, ofParts, scores }: Model, { entries, own, weight }: Datum): void {
    const count = ofParts.length;
    ofParts.fill(0);
    for (const { begin, value } of entries)
        for (let part = 0; part < count; part += 1)
            ofParts[part] = (ofParts[part] ?? 0) + (weights[begin + part] ?? 0) * value;
    for (const [label, all] of parts.entries()) {
        let score = 0;
        for (const part of all) score += ofParts[part] ?? 0;
        scores[label] = score;
    }
    const wanted = own.reduce((one, other) => ((scores[other] ?? 0) > (scores[one] ?? 0) ? other : one));
    const most = scores.reduce((one, other) => Math.max(one, other), -Infinity);
    const powers = scores.map(score => Math.exp(score - most));
    const sum = powers.reduce((one, other) => one + other, 0);
    const errors = ofParts.fill(0);
    for (const [label, power] of powers.entries()) {
        const error = (power / sum - (label === wanted ? 1 : 0)) * weight;
        if (Math.abs(error) < 2e-4) continue;
        for (const part of parts[label] ?? []) errors[part] = (errors[part] ?? 0) + error;
    }
    for (const [part, error] of errors.entries()) {
        if (Math.abs(error) < 1e-3) continue;
        for (const { begin, value } of entries) {
            const at = begin + part;
            const slope = error * value + decay * (weights[at] ?? 0);
            const square = (squares[at] ?? 0) + slope * slope;
            squares[at] = square;
            weights[at] = (weights[at] ?? 0) - (rate * slope) / Math.sqrt(square);
        }
    }
}

/** What at least so many have. */
function counted(all: readonly ReadonlySet<string>[]): Set<string> {
    const counts = new Map<string, number>();
    for (const each of all) for (const one of each) counts.set(one, (counts.get(one) ?? 0) + 1);
    const isPart = (feature: string) => !/[:= #?]/.test(feature);
    return new Set(
        [...counts].filter(([one, count]) => count >= (isPart(one) ? leastParts : leastCount)).map(([one]) => one),
    );
}

/** In an order of chance that is the same each time (a linear congruential generator). */
function shuffled<T>(all: readonly T[], seed: number): T[] {
    const order = [...all];
    let state = seed + 1;
    for (let at = order.length - 1; at > 0; at -= 1) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        const other = state % (at + 1);
        [order[at], order[other]] = [order[other] as T, order[at] as T];
    }
    return order;
}

function write({ labels, parts, features, unit }: Learnt, digest: string): void {
    const entries = [...features.values()].flatMap(own => [...own]);
    const bytes = Buffer.alloc(entries.length * 3);
    for (const [index, [label, weight]] of entries.entries()) {
        bytes.writeUInt16LE(label, index * 2);
        bytes.writeInt8(Math.round(weight / unit), entries.length * 2 + index);
    }
    const counts = [...features.values()].map(({ size }) => String.fromCharCode(firstCount + size)).join('');
    const constants = {
        labels,
        parts,
        features: [...features.keys()].join('\n'),
        counts,
        firstCount,
        weights: bytes.toString('base64'),
        unit,
    };
    const types: Readonly<Record<string, string>> = {
        labels: ': readonly string[]',
        parts: ': readonly (readonly number[])[]',
    };
    mkdirSync(dirname(target), { recursive: true });
    const code = Object.entries(constants).map(
        ([name, value]) => `export const ${name}${types[name] ?? ''} = ${JSON.stringify(value)};\n`,
    );
    writeFileSync(target, `// ${digest}\n${code.join('')}`);
}

if (import.meta.main) await learn();
