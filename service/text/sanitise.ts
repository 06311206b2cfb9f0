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

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. */
const [isolate, endOfIsolate] = ['\u2068', '\u2069'];

/**
 * Makes text from outside safe to keep and show: valid Unicode without invisible or direction-changing characters, at most
 * `maxLength` code points, the last of them "…" when something was cut. Bytes are read as UTF-8; what is not becomes U+FFFD.
 *
 * Tabs and line breaks become spaces, unless `multiline` keeps the line breaks. `isolates` keeps U+2068 and U+2069 where they
 * stand in pairs. The work is bounded by `maxLength`, whatever
 * the size of `raw`. The result is still only text: it may look like markup, a path or a command.
 */
export function safeText(
    raw: string | Uint8Array,
    maxLength = 2048,
    { multiline = false, isolates = false } = {},
): string {
    // Four bytes hold any code point, and two UTF-16 units do; twice that leaves room for what is removed.
    const bound = 8 * maxLength;
    const beyond = raw.length > bound;
    let text: string;
    if (typeof raw === 'string') {
        text = beyond ? raw.slice(0, bound) : raw;
    } else {
        const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.length);
        text = bytes.toString('utf8', 0, bound);
    }
    if (!plainAscii.test(text)) {
        text = text.toWellFormed().replace(terminalSequences, '');
        const keep = (character: string) =>
            isolates && (character === isolate || character === endOfIsolate) ? character : '';
        text = multiline
            ? text.replace(separatorsButNewline, ' ').replace(invisibleButNewline, keep)
            : text.replace(separators, ' ').replace(invisible, keep);
    }
    const bounded = cut(text, maxLength, beyond);
    return isolates ? pairIsolates(bounded) : bounded;
}

function cut(text: string, maxLength: number, isBeyond: boolean): string {
    if (text.length <= maxLength && !isBeyond) return text;
    const characters = Array.from(text);
    if (characters.length <= maxLength && !isBeyond) return text;
    return characters.slice(0, maxLength - 1).join('') + '…';
}

/**
 * Closes what is left open at the end of a line, where an isolate ends in any case, and drops what closes nothing: so a text
 * keeps to itself, whatever it is put into (Unicode Bidirectional Algorithm, UAX #9, BD9 and X6a).
 */
export function pairIsolates(text: string): string {
    if (!text.includes(isolate) && !text.includes(endOfIsolate)) return text;
    return text
        .split('\n')
        .map(line => {
            let open = 0;
            const paired = line.replace(/[\u2068\u2069]/g, character => {
                if (character === endOfIsolate && open === 0) return '';
                open += character === isolate ? 1 : -1;
                return character;
            });
            return paired + endOfIsolate.repeat(open);
        })
        .join('\n');
}

/** The same bytes without colours and titles. */
export function withoutSequences(bytes: Buffer): Buffer {
    return Buffer.from(bytes.toString('latin1').replace(terminalSequences, ''), 'latin1');
}

/**
 * The same text with every character named, such as "<U+202E>", that would draw nothing, break the line or change how others
 * are drawn: for what people must be able to see as it is. Tabs and line breaks stay.
 *
 * @param name how a character is named by its code point, in hexadecimal digits
 */
export function nameInvisible(text: string, name = (code: string) => `<U+${code.padStart(4, '0')}>`): string {
    return text.replace(hidden, character => name((character.codePointAt(0) ?? 0).toString(16).toUpperCase()));
}
