/** A path of more characters pushes what is said of it out of a line. */
const longestPath = 32;
/** Three lines of a banner: the rest of its six are for the fix. */
const longestText = 180;

const paths = /(?<![\p{L}\p{N}/])(?:~|\.{1,2})?\/[^\s"'“”«»‘’,;:()<>\u2066-\u2069]+/gu;

/**
 * A text of the service for a banner, whose first line is often all that is read: it does not begin with where something
 * happened, long paths are shortened in their middle, and the end is left to the card.
 */
export function bannerText(text: string): string {
    const named = text.replace(paths, (path, offset: number) =>
        /^[\u2066-\u2068]?$/.test(text.slice(0, offset)) ? fileName(path) : shortened(path),
    );
    if (named.length <= longestText) return named;
    // In its middle a character may be cut, but it goes with its word.
    return `${named.slice(0, longestText - 1).replace(/(?:\s+\S*|\p{Cs})$/u, '')}…`;
}

/** Statements one after the other, in the one run in which the Shell shows a body. */
export function sentences(parts: readonly string[]): string {
    return parts
        .filter(part => part !== '')
        .map((part, index, all) => (index < all.length - 1 && !/[.?!؟…][”»"\u2069]*$/u.test(part) ? `${part}.` : part))
        .join(' ');
}

function fileName(path: string): string {
    return path.replace(/\/+$/, '').split('/').at(-1) || path;
}

/** Its first folder and as much of its end as there is room for: these say whose it is and which. */
function shortened(path: string): string {
    if (path.length <= longestPath) return path;
    const parts = path.split('/');
    const start = parts.slice(0, 2).join('/');
    let end = parts.at(-1) ?? '';
    for (const part of parts.slice(2, -1).reverse()) {
        if (`${start}/…/${part}/${end}`.length > longestPath) break;
        end = `${part}/${end}`;
    }
    const short = `${start}/…/${end}`;
    return short.length < path.length ? short : path;
}
