/** CSI and OSC sequences of ECMA-48: the colours and titles that programs print for terminals. */
// eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
const terminalSequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;

/**
 * Characters that draw nothing or change how others are drawn: C0 and C1 controls (Cc), Unicode's default-ignorable code
 * points (DI: bidirectional marks, overrides and isolates, zero-width characters, fillers, tags; UAX #44) and annotations.
 */
const invisible = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
const separators = /[\t\n\u2028\u2029]/g;
const separatorsButNewline = /[\t\u2028\u2029]/g;
const invisibleButNewline = /(?!\n)[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const hidden = /(?![\t\n])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;

const plainAscii = /^[ -~]*$/;

/**
 * Makes text from outside safe to keep and show: valid Unicode without invisible or direction-changing characters, at most
 * `maxLength` code points, the last of them "…" when something was cut. Bytes are read as UTF-8; what is not becomes U+FFFD.
 *
 * Tabs and line breaks become spaces, unless `multiline` keeps the line breaks. The work is bounded by `maxLength`, whatever
 * the size of `raw`. The result is still only text: it may look like markup, a path or a command.
 */
export function safeText(raw: string | Uint8Array, maxLength = 2048, { multiline = false } = {}): string {
    // Four bytes hold any code point, and two UTF-16 units do; twice that leaves room for what is removed.
    const bound = 8 * maxLength;
    const beyond = raw.length > bound;
    let text: string;
    if (typeof raw === 'string') {
        text = beyond ? raw.slice(0, bound) : raw;
    } else {
        text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, bound)).toString('utf8');
    }
    if (!plainAscii.test(text)) {
        text = text.toWellFormed().replace(terminalSequences, '');
        text = multiline
            ? text.replace(separatorsButNewline, ' ').replace(invisibleButNewline, '')
            : text.replace(separators, ' ').replace(invisible, '');
    }
    if (text.length <= maxLength && !beyond) return text;
    const characters = Array.from(text);
    if (characters.length <= maxLength && !beyond) return text;
    return characters.slice(0, maxLength - 1).join('') + '…';
}

/** The same bytes without colours and titles. */
export function withoutSequences(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    return Buffer.from(text.replace(terminalSequences, ''), 'latin1');
}

/**
 * The same text with every character named, such as "<U+202E>", that would draw nothing, break the line or change how others
 * are drawn: for what people must be able to see as it is. Tabs and line breaks stay.
 */
export function nameInvisible(text: string): string {
    return text.replace(hidden, character => {
        const code = character.codePointAt(0) ?? 0;
        return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    });
}
