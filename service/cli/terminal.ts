import { once } from 'node:events';
import { stripVTControlCharacters, styleText } from 'node:util';

import { expandTabs } from '../text/expandTabs.ts';
import { safeText } from '../text/sanitise.ts';

type Style = 'strong' | 'dim' | 'good' | 'warning' | 'bad' | 'code';

const formats = {
    strong: 'bold',
    dim: 'dim',
    good: 'green',
    warning: 'yellow',
    bad: 'red',
    code: 'cyan',
} as const satisfies Record<Style, string>;

/**
 * The output of a command. Foreign text passes `plain` or `block` here, even if it was escaped before: on a terminal a
 * control character is a command.
 */
export class Terminal {
    readonly #out: NodeJS.WriteStream;
    readonly #err: NodeJS.WriteStream;

    constructor(out: NodeJS.WriteStream = process.stdout, err: NodeJS.WriteStream = process.stderr) {
        this.#out = out;
        this.#err = err;
    }

    /** Columns to fill; 80 when the output is no terminal. */
    get width(): number {
        return this.#out.isTTY ? Math.max(40, Math.min(this.#out.columns, 120)) : 80;
    }

    /** Whether to use colours: on a terminal that supports them, and without NO_COLOR (https://no-color.org). */
    get hasColours(): boolean {
        return styleText('bold', '', { stream: this.#out }) !== '';
    }

    /** Whether a user is there to be asked and can see the question. */
    get isInteractive(): boolean {
        return process.stdin.isTTY && this.#err.isTTY;
    }

    /** One line of foreign text. */
    plain(text: string, maxLength = 2048): string {
        return safeText(text, maxLength);
    }

    /** Foreign text that may have several lines. */
    block(text: string, maxLength = 262_144): string {
        return safeText(expandTabs(text.slice(0, maxLength)), maxLength, { multiline: true });
    }

    style(style: Style, text: string): string {
        return styleText(formats[style], text, { stream: this.#out });
    }

    /** A line on standard output. */
    line(text = ''): void {
        this.#out.write(`${text}\n`);
    }

    /** A piece of a line on standard output, or whole lines. */
    piece(text: string): void {
        this.#out.write(text);
    }

    /** Waits for the reader of standard output, so that output does not pile up in memory. */
    async drained(): Promise<void> {
        if (this.#out.writableNeedDrain) await once(this.#out, 'drain');
    }

    /** A line beside the output, for people only. */
    note(text: string): void {
        this.#err.write(`${text}\n`);
    }

    /** Overwrites its last line, beside the output; does nothing without a terminal. Empty to clear it. */
    progress(text: string): void {
        if (!this.#err.isTTY) return;
        // ECMA-48: back to the beginning, and erase to the end of the line.
        this.#err.write(`\r\u001b[K${text.slice(0, this.#err.columns - 1)}`);
    }

    /** A JSON document on a line of its own. Characters that a terminal would obey or hide are written as \uXXXX. */
    json(value: unknown): void {
        this.line(JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape));
    }

    /** An item of a list, whose further lines are indented; a line of its own where a program reads it. */
    item(text: string, indent: string, first = ''): string {
        return this.#out.isTTY ? this.wrap(text, indent, first) : `${first}${text}`;
    }

    /** Puts `text` on lines of the terminal's width, each after `indent`; what begins with less of it hangs over. */
    wrap(text: string, indent = '', first = indent): string {
        const width = this.width - indent.length;
        return text
            .split('\n')
            .flatMap(line => wrapLine(line, width))
            .map((line, index) => `${index === 0 ? first : indent}${line}`.trimEnd())
            .join('\n');
    }
}

function escape(character: string): string {
    return Array.from({ length: character.length }, (_, index) => {
        return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join('');
}

function wrapLine(line: string, width: number): string[] {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
        // The codes of a style take no room.
        if (current !== '' && stripVTControlCharacters(`${current} ${word}`).length > width) {
            lines.push(current);
            current = word;
        } else {
            current = current === '' ? word : `${current} ${word}`;
        }
    }
    return [...lines, current];
}
