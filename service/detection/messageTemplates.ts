import { BoundedMap } from '../util/boundedMap.ts';

const originsLimit = 256;
/** For a program that says more kinds of things than this, it is impossible to know what is new. */
const kindsLimit = 64;
const tokensLimit = 40;
const messageLimit = 512;
/** Lines that share this much, word by word, are of one kind; 0.5 in Drain's paper, too. */
const likeness = 0.5;
const anything = '*';

/** Words with a number, a path or a quotation differ from line to line. */
const variable = /\d|[/\\'"“”‘’=@]/;

/**
 * The kinds of lines that each program writes, as templates in which a star stands for the variable parts: Drain (He et al.,
 * “Drain: An Online Log Parsing Approach with Fixed Depth Tree”, ICWS 2017), with a tree of the depths origin, length and first
 * word.
 */
export class MessageTemplates {
    /** By origin, then by the length and first word of the line. */
    readonly #origins = new BoundedMap<string, Map<string, string[][]>>(originsLimit);

    /** @returns whether the origin has never written a line of this kind; false for an origin that writes too many kinds */
    learn(origin: string, message: string): boolean {
        const tokens = tokensOf(message);
        const groups = this.#origins.getOrInsert(origin, () => new Map<string, string[][]>());
        const key = `${tokens.length} ${tokens[0] ?? ''}`;
        const known = groups.get(key) ?? [];
        const like = known.find(template => similarity(template, tokens) >= likeness);
        if (like !== undefined) {
            for (const [index, token] of tokens.entries()) if (like[index] !== token) like[index] = anything;
            return false;
        }
        if (countOf(groups) >= kindsLimit) return false;
        groups.set(key, [...known, tokens]);
        return true;
    }

    /** The state to store: origin → templates. */
    toJSON(): Record<string, string[]> {
        const all = this.#origins.entries().map(([origin, groups]) => {
            const templates = [...groups.values()].flat().map(tokens => tokens.join(' '));
            return [origin, templates] as const;
        });
        return Object.fromEntries(all);
    }

    static from(kept: Record<string, readonly string[]>): MessageTemplates {
        const templates = new MessageTemplates();
        for (const [origin, lines] of Object.entries(kept)) {
            const groups = templates.#origins.getOrInsert(origin, () => new Map<string, string[][]>());
            for (const line of lines) {
                const tokens = line.split(' ');
                const key = `${tokens.length} ${tokens[0] ?? ''}`;
                groups.set(key, [...(groups.get(key) ?? []), tokens]);
            }
        }
        return templates;
    }
}

function tokensOf(message: string): string[] {
    const words = message
        .slice(0, messageLimit)
        .split(/\s+/)
        .filter(word => word !== '');
    return words.slice(0, tokensLimit).map(word => (variable.test(word) ? anything : word));
}

/** The share of words that are the same; variable words do not count. */
function similarity(template: readonly string[], tokens: readonly string[]): number {
    const words = tokens.filter((token, index) => token !== anything && template[index] !== anything).length;
    if (words === 0) return 1;
    const same = tokens.filter((token, index) => token !== anything && template[index] === token).length;
    return same / words;
}

function countOf(groups: ReadonlyMap<string, readonly unknown[]>): number {
    let count = 0;
    for (const { length } of groups.values()) count += length;
    return count;
}
