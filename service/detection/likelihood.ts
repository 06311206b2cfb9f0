/** The letters of English, the most frequent first. */
const letters = 'etaoinsrhldcumfpgwybvkxjqz';
const rare = 4;

const commonnesses = Float64Array.from({ length: 256 }, (_unused, byte) => {
    const rank = letters.indexOf(String.fromCharCode(byte));
    return rank >= 0 ? 2 + (letters.length - rank) / 2 : byte === 0x20 ? 15 : rare;
});
const sum = commonnesses.reduce((all, one) => all + one);

/** By byte, in lower case: how likely a character of a text is to be this one. */
export const likelihoods: Readonly<Float64Array> = commonnesses.map(one => one / sum);

/** Logs are full of these characters, so they make a literal no rarer. */
const wordsOfLogs = /failed|failure|errors?|timed out/g;

/** How likely a literal, in lower case, is to occur in a log: a logarithm, to compare it with others. */
export function likelihoodOf(literal: string): number {
    let likelihood = 0;
    for (const character of literal.replace(wordsOfLogs, ''))
        likelihood += Math.log((commonnesses[character.charCodeAt(0)] ?? rare) / 64);
    return likelihood;
}
