import type { FoundUnit } from '../machine/units/units.ts';
import type { Answer } from './answer.ts';
import { answers } from './answers/index.ts';
import { mentions, unreadWords } from './understanding.ts';
import { times } from './vocabulary/concepts.ts';
import type { Match, Subject, Understanding } from './understanding.ts';

/** Selects the answers to a question. */
export type Choice = {
    /** In order; none when nothing fits. */
    answers: readonly Answer[];
    /** What the slots of the first answer's phrases hold. */
    said: Readonly<Record<string, string>>;
    /** The units that the question names. */
    units: readonly FoundUnit[];
    /** Another answer that would fit as well. */
    rival: Answer | null;
    /** Words of the question that the answers leave out of account. */
    unread: readonly string[];
};

/** From this fit on, the unit's name alone decides. */
const namedUnit = 60;
/** From this on, examples tell a question from an order for which no action is known. */
const sureProbability = 0.5;
/** From this on, a word that is no name of a unit asks for none. */
const surelyLikely = 0.75;
/** A usual name means the thing itself, and not something whose name contains it. */
const thingsUnit = 80;

/** @param find searches units that match the subject */
export async function choose(
    understanding: Understanding,
    find: (subject: Subject) => Promise<FoundUnit[]>,
): Promise<Choice> {
    const { subject, asksForChange } = understanding;
    const [best, second] = understanding.matches.filter(({ id }) => id !== 'changes' || !isOfOwner(understanding));
    // “Is cups running” asks for the unit, and only where there is none for the processes.
    const isOfUnit =
        !understanding.isLikely &&
        best?.id === 'fact:processes' &&
        subject?.words.includes(best.said.name ?? '') === true;
    const isState = subject?.known === true && subject.isState;
    const isPartly = best !== undefined && unreadWords(understanding, [best.explained]).length > 0;
    const isUnsure = understanding.isLikely && subject !== null && isLessThanUnit(best, understanding, subject);
    const isAboutUnit = subject !== null && (best === undefined || isOfUnit || isUnsure || (isState && isPartly));
    let units: FoundUnit[] = [];
    if (subject !== null && (isAboutUnit || asksForChange))
        units = (await find(subject)).filter(({ fit }) => fit >= (subject.known ? thingsUnit : namedUnit));
    const none = { said: {}, units: [], rival: null, unread: [] };
    const { label, probability } = understanding.likely;
    const isSurelyAsked = label === best?.id && probability >= sureProbability;
    if (asksForChange && !isSurelyAsked) return { ...none, answers: [byId('request')], units };
    // “What changed before ssh broke” names a unit, or speaks of a crash, and asks for something else.
    if (asksForBefore(understanding)) return { ...none, answers: [byId('changes')], units };
    // A thing that people name and that has no unit is a finding too.
    const isSure = understanding.isLikely && isSurelyAsked && probability >= surelyLikely;
    const isMissed = isAboutUnit && (isOfUnit || isSure ? subject.known : subject.isState || subject.known);
    const isUnit = isAboutUnit && (units.length > 0 || isMissed);
    if (isUnit && isWished(understanding)) return { ...none, answers: [] };
    if (isUnit)
        return { ...none, answers: [byId('unit')], units, unread: unreadWords(understanding, [subject.explained]) };
    if (best === undefined) return { ...none, answers: asksForContent(understanding) ? [byId('disk')] : [] };
    const chosen = second !== undefined && understanding.asksForBoth ? [best, second] : [best];
    const rival = second !== undefined && chosen.length === 1 && isRival(best, second) ? byId(second.id) : null;
    return {
        answers: chosen.map(({ id }) => byId(id)),
        said: best.said,
        units: [],
        rival,
        unread: unreadWords(
            understanding,
            chosen.map(({ explained }) => explained),
        ),
    };
}

/** An order that no action took, or what is no matter of ours, does not ask how a unit is doing. */
function isWished({ likely: { label, probability }, tokens }: Understanding): boolean {
    if (tokens.filter(({ ignored }) => !ignored).length < leastOrder) return false;
    if (label === 'none') return probability >= surelyOther;
    return /^[\w.]+ [\d{]/.test(label) && probability >= wished && tokens[0]?.asking !== true;
}
const wished = 0.15;
const surelyOther = 0.8;
const leastOrder = 3;

/** With the name of a unit, “what is wrong with ssh” asks for that, and not for all that is wrong. */
const isLessThanUnit = (best: Match | undefined, { tokens }: Understanding, { known, words }: Subject) =>
    general.has(best?.id ?? '') ||
    (known &&
        ((best?.score ?? 0) < likelierThanUnit ||
            words.some(word => word.includes(' ')) ||
            tokens.filter(({ ignored }) => !ignored).length === 1));
const likelierThanUnit = 0.6;
const general: ReadonlySet<string> = new Set([
    'failures',
    'overview',
    'resources',
    'log',
    'network',
    'fact:processes',
    'fact:unit_details',
]);

/** “Which package owns /etc/passwd” does not ask for changes. */
const isOfOwner = (understanding: Understanding) =>
    understanding.path !== null && !mentions(understanding, 'change', 'when', ...times);

/** “What is in /tmp”: a place, and no other topic. */
const asksForContent = (understanding: Understanding) =>
    understanding.path !== null &&
    understanding.tokens.some(({ text, concepts }) => concepts.has('what') || text.startsWith('what')) &&
    understanding.tokens.every(({ ignored, concepts }) => ignored || concepts.has('path') || concepts.has('what'));

/** The question is about changes; the fault only says until when. */
function asksForBefore(understanding: Understanding): boolean {
    if (!mentions(understanding, 'change')) return false;
    if (understanding.matches[0]?.id === 'changes' && mentions(understanding, 'failure', 'broken')) return true;
    return mentions(understanding, 'before') && mentions(understanding, 'failure', 'broken', 'crash');
}

function byId(id: string): Answer {
    const answer = answers.find(candidate => candidate.id === id);
    if (answer === undefined) throw new TypeError(`There is no answer ${id}`);
    return answer;
}

/** So much nearer than another, a reading is surely meant. */
const margin = 0.02;

/** Two topics from the same words, equally near. */
function isRival(best: Match, second: Match): boolean {
    const sameWords = second.keys.size === best.keys.size && [...second.keys].every(token => best.keys.has(token));
    return best.score - second.score < margin && sameWords;
}
