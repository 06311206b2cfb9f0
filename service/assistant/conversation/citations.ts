/** "[1]", "[1, 2]", "[1][2]" or "[1] [2]", with the character before it, and the space. */
const citations =
    /([\p{L}\p{N}_)\]]?)( ?)((?:\[[1-9]\d?(?: ?[,;] ?[1-9]\d?){0,7}\] ?){0,7}\[[1-9]\d?(?: ?[,;] ?[1-9]\d?){0,7}\])(?!\()/gu;
/** What may be the beginning of a citation, or decides whether it is one. */
const undecided = /[\p{L}\p{N}_)\]]?(?: |`+| ?\[[\d,;[\] ]{0,60})$/u;
const longestUndecided = 64;
const inWord = /[\p{L}\p{N}_)\]]$/u;

/**
 * Checks the citations in a model's answer while it streams: numbers of lookups in square brackets, each put as " [1]".
 * A citation of a lookup that was never made is removed, so that every citation opens. An index or a process,
 * "systemd[1]: …", is no citation, and neither is anything in code.
 */
export class CitationStream {
    readonly #lookups: ReadonlySet<number>;
    #held = '';
    /** The last character that went out belongs to a word. */
    #isInWord = false;
    #isAtLineStart = true;
    /** The marks that the code we are in began with; null outside. */
    #code: string | null = null;

    /** @param lookups the numbers of those that were made; may grow */
    constructor(lookups: ReadonlySet<number>) {
        this.#lookups = lookups;
    }

    /** @returns the text that is complete so far */
    push(text: string): string {
        const whole = this.#held + text;
        const [held = ''] = undecided.exec(whole.slice(-longestUndecided)) ?? [];
        this.#held = held;
        return this.#check(whole.slice(0, whole.length - held.length));
    }

    /** @returns the text that was still held back */
    end(): string {
        const rest = this.#held;
        this.#held = '';
        return this.#check(rest);
    }

    #check(text: string): string {
        return text
            .split(/(\n|`+)/)
            .map(part => this.#take(part))
            .join('');
    }

    #take(part: string): string {
        if (part === '') return '';
        const isFence = part.startsWith('```') && this.#isAtLineStart;
        let text = part;
        if (part === '\n') {
            // An unclosed mark is no code.
            if (this.#code?.startsWith('```') !== true) this.#code = null;
        } else if (part.startsWith('`')) {
            const isEnd = this.#code !== null && (isFence ? part.startsWith(this.#code) : part === this.#code);
            if (isEnd) this.#code = null;
            else this.#code ??= part;
        } else if (this.#code === null) {
            const context = this.#isInWord ? 'a' : '';
            text = this.#verified(context + part).slice(context.length);
        }
        this.#isAtLineStart = part === '\n' || (this.#isAtLineStart && part.trim() === '');
        this.#isInWord = inWord.test(text);
        return text;
    }

    #verified(text: string): string {
        return text.replace(
            citations,
            (whole: string, before: string, space: string, marks: string, offset: number) => {
                const numbers = [...new Set(marks.match(/\d+/g)?.map(Number))];
                const made = numbers.filter(number => this.#lookups.has(number));
                const isIndex = before !== '' && space === '';
                if (isIndex && (made.length < numbers.length || /^[:=]/.test(text.slice(offset + whole.length))))
                    return whole;
                if (made.length === 0) return before;
                return `${before}${before === '' ? space : ' '}${made.map(number => `[${number}]`).join('')}`;
            },
        );
    }
}

/** The numbers that an answer cites, each once. */
export function citedIn(text: string): Set<number> {
    return new Set([...text.matchAll(/(?<![\p{L}\p{N}_])\[([1-9]\d?)\](?!\()/gu)].map(([, number]) => Number(number)));
}

/** For where the lookups are no longer at hand. */
export function withoutCitations(text: string): string {
    return text.replace(/ ?(?<![\p{L}\p{N}_])\[[1-9]\d?\](?!\()/gu, '');
}
