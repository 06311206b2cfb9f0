import { safeText } from '../text/sanitise.ts';

/** A part of a page with a heading of its own. */
export type Section = {
    heading: string;
    /** A list's entry is one paragraph: its tag, and what it says. */
    paragraphs: string[];
};

/** A page of documentation, as far as searching and quoting need it. */
export type Page = {
    /** What is cited: "chmod(1)", or a title. */
    title: string;
    /** What people call its subject: the commands that a manual page names. */
    names: string[];
    /** In one line. */
    summary: string;
    sections: Section[];
    /** The pages that it refers its readers to, by name. */
    seeAlso: string[];
};

/** Most pages are far below; what is longer is cut. */
export const limits = { source: 1_048_576, paragraph: 2000, paragraphs: 2000 };

const isMark = /^(?:\d{1,3}[.)]|[•*·o-])$/;

/** Gathers the paragraphs of a page, each made safe to keep and show. */
export class SectionWriter {
    readonly sections: Section[] = [];
    #text = '';
    #left = limits.paragraphs;

    heading(text: string): void {
        this.end();
        this.#text = '';
        this.sections.push({ heading: inSentenceCase(safeText(text.trim(), 120)), paragraphs: [] });
    }

    /** Goes on with the paragraph that is being written, after a space where it needs one. */
    add(text: string): void {
        if (this.#text.length > 2 * limits.paragraph) return;
        const isApart = this.#text === '' || /\s$/.test(this.#text);
        this.#text += isApart ? text : ` ${text}`;
    }

    /** What follows stands on the next line. */
    breakLine(): void {
        const isStart = this.#text === '' || isMark.test(this.#text.trim());
        if (!isStart && !this.#text.endsWith('\n')) this.#text += '\n';
    }

    /** Ends the paragraph. */
    end(): void {
        const text = safeText(this.#text.trim(), limits.paragraph, { multiline: true });
        // The mark of a list's entry waits for its text.
        if (isMark.test(text)) {
            this.#text = `${text} `;
            return;
        }
        this.#text = '';
        if (text === '' || this.#left === 0) return;
        this.#left -= 1;
        if (this.sections.length === 0) this.sections.push({ heading: '', paragraphs: [] });
        this.sections.at(-1)?.paragraphs.push(text);
    }
}

/** Manual pages shout their headings. */
function inSentenceCase(heading: string): string {
    if (/\p{Lowercase_Letter}/u.test(heading)) return heading;
    return heading.slice(0, 1) + heading.slice(1).toLowerCase();
}

/** No line that somebody wrote to be read is longer; the patterns that look at lines need a bound. */
const longestLine = 4000;

export function shortLines(lines: readonly string[]): string[] {
    return lines.map(line => line.slice(0, longestLine));
}
