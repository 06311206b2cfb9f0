import type { Terminal } from './terminal.ts';

/**
 * Styles the light Markdown of an answer, `code` and **strong**, while it streams in. Without colours the text stays as it
 * is, marks and all.
 */
export class MarkdownStream {
    readonly #terminal: Pick<Terminal, 'hasColours' | 'style'>;
    /** Text that may still be the first half of a mark. */
    #held = '';
    #style: 'strong' | 'code' | null = null;

    constructor(terminal: Pick<Terminal, 'hasColours' | 'style'>) {
        this.#terminal = terminal;
    }

    /** @returns the text that can be written now */
    push(text: string): string {
        if (!this.#terminal.hasColours) return text;
        const whole = this.#held + text;
        const ready = whole.endsWith('*') && !whole.endsWith('**') ? whole.slice(0, -1) : whole;
        this.#held = whole.slice(ready.length);
        return ready
            .split(/(\*\*|`|\n)/)
            .map(part => this.#take(part))
            .join('');
    }

    /** @returns the text that was still held back */
    end(): string {
        const rest = this.#held;
        this.#held = '';
        return rest;
    }

    #take(part: string): string {
        // An unclosed mark must not colour the rest of the answer.
        if (part === '\n') this.#style = null;
        else if (part === '`' && this.#style !== 'strong') this.#style = this.#style === null ? 'code' : null;
        else if (part === '**' && this.#style !== 'code') this.#style = this.#style === null ? 'strong' : null;
        else return this.#style === null || part === '' ? part : this.#terminal.style(this.#style, part);
        return part === '\n' ? part : '';
    }
}
