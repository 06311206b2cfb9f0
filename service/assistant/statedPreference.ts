import type { Surroundings } from '../actions/surroundings.ts';
import type { Meaning, Preference } from '../preferences/preferences.ts';
import { lastingParameters } from '../preferences/lasting.ts';
import { ReeveError } from '../util/errors.ts';
import { readTokens } from './lexicon.ts';
import { matchPattern, parsePattern } from './phrasing/pattern.ts';
import { times, type Concept } from './vocabulary/concepts.ts';
import { meant } from './wishes/order.ts';
import { readWords } from './wishes/readWish.ts';
import { placeWords, splitWords } from './words.ts';

const named = [
    'my (name|word|nickname) for {thing} is {name}',
    'call {thing} (the|my) {name}',
    '(when|if) i say {name} i mean {thing}',
    'mein (name|wort|spitzname) für {thing} ist {name}',
    '(nenne|nenn) {thing} (den|die|das|mein|meine|meinen) {name}',
    'wenn ich {name} sage meine ich {thing}',
    'اسمي (ل|الخاص) {thing} هو {name}',
    'سم {thing} باسم {name}',
].map(phrase => parsePattern(phrase));

const forbidden = [
    '[please] (never|dont ever|do not ever) {wish}',
    '[bitte] {wish} (nie|niemals) [wieder]',
    '[bitte] {wish} (nie|niemals) [wieder] {verb}',
    '[bitte] (nie|niemals) {wish}',
    '(لا|لن) {wish} (أبدا|ابدا)',
].map(phrase => parsePattern(phrase));
/** Of a wish that is never to come true. */
const endings = /\s+(?:for me|again|without asking|für mich|wieder)$/u;
const shown = [
    '(what are|show|list) [me] my preferences',
    'which preferences (do you know|have i stated|are there)',
    '(was sind|zeig|zeige|zeige mir) meine (vorlieben|festlegungen)',
    'ما (تفضيلاتي|هي تفضيلاتي)',
].map(phrase => parsePattern(phrase));
/** “It” and the like. */
const pronouns = /^(?:it|this|that|es|das|ihn|sie|هذا|هذه)$/;

export type Stated = { kind: 'list' } | { kind: 'state'; meaning: Meaning };

/**
 * What a person states about how they want things: “call it the NAS”, “never restart docker for me”.
 *
 * @param thing what “it” is
 * @returns null for other sentences
 */
export async function readStated(
    text: string,
    thing: string | null,
    system: (Surroundings & { signal: AbortSignal }) | null,
): Promise<Stated | null> {
    const words = splitWords(text).filter(({ form }) => !/^[,?&;+]$/.test(form));
    if (shown.some(pattern => matchPattern(pattern, words) !== null)) return { kind: 'list' };
    for (const pattern of forbidden) {
        const slots = matchPattern(pattern, words)?.slots;
        const wish =
            slots === undefined ? undefined : [slots.wish, slots.verb].filter(said => said !== undefined).join(' ');
        const changes = wish === undefined || system === null ? [] : await changesOf(wish.replace(endings, ''), system);
        if (changes.length > 0) return { kind: 'state', meaning: { kind: 'never', changes } };
    }
    for (const pattern of named) {
        const slots = matchPattern(pattern, words)?.slots;
        if (slots === undefined) continue;
        const about = pronouns.test(slots.thing ?? '') ? thing : (slots.thing ?? null);
        const name = (slots.name ?? '').replace(/^(?:the|my|der|die|das|den) /, '');
        if (about !== null && isName(name)) return { kind: 'state', meaning: { kind: 'name', name, thing: about } };
    }
    return null;
}

/** Whether something can be called so: what has no meaning of its own, as “often” and “what”, would be replaced in every question. */
function isName(name: string): boolean {
    const tokens = readTokens(splitWords(name));
    return tokens.some(({ ignored, asking, and, concepts }) => !(ignored || asking || and) && !isOfTime(concepts));
}

const isOfTime = (concepts: ReadonlySet<Concept>) => [...times, 'now' as const].some(time => concepts.has(time));

/** All that the wish could do, as far as it can be known again. */
async function changesOf(wish: string, system: Surroundings & { signal: AbortSignal }) {
    // Once it is forbidden, the verb may end as in German: “docker nie neu starten”.
    const { words } = meant(splitWords(wish));
    try {
        const ways = (await readWords(words, system, { isForbidden: true })?.ways()) ?? [];
        const changes = ways.map(async ({ action, parameters: meantNow }) => {
            const parameters = await lastingParameters(meantNow, system.machine);
            return parameters === null ? [] : [{ action, parameters }];
        });
        return (await Promise.all(changes)).flat();
    } catch (error) {
        if (error instanceof ReeveError) return [];
        throw error;
    }
}

/** The sentence with the computer's own names in the place of the person's. What is quoted is meant as it is written. */
export function withOwnNames(text: string, preferences: readonly Preference[]): string {
    const names = preferences.flatMap(({ meaning }) => (meaning.kind === 'name' ? [meaning] : []));
    if (names.length === 0) return text;
    const wanted = names.map(({ name, thing }) => ({ forms: splitWords(name).map(({ form }) => form), thing }));
    const whole = text.normalize('NFC');
    const words = placeWords(whole);
    let said = '';
    let told = 0;
    for (let at = 0; at < words.length; at += 1) {
        const isHere = (form: string, index: number) =>
            words[at + index]?.form === form && words[at + index]?.quoted === false;
        const found = wanted.find(({ forms }) => forms.length > 0 && forms.every(isHere));
        if (found === undefined) continue;
        const [first, last] = [words[at], words[at + found.forms.length - 1]];
        said += `${whole.slice(told, first?.begin)}${found.thing}`;
        told = last?.end ?? told;
        at += found.forms.length - 1;
    }
    return told === 0 ? text : `${said}${whole.slice(told)}`;
}

/** An answer with the person's names beside the computer's own: “`eth0` (dock)”. */
export function showNames(text: string, preferences: readonly Preference[]): string {
    let shownText = text;
    for (const { meaning } of preferences)
        if (meaning.kind === 'name') {
            const { thing, name } = meaning;
            for (const called of [thing, ...(thing.includes('.') ? [] : [`${thing}.service`])])
                shownText = shownText.replaceAll(`\`${called}\``, `\`${called}\` (${name})`);
        }
    return shownText;
}
