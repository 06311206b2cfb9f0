/** Assistant.Ask takes so many characters in one attachment. */
const longest = 65_536;

/** So many bytes are surely enough for them in UTF-8. */
export const mostBytes = longest * 3;

/**
 * Turns text of another program into an attachment.
 *
 * @returns null when it holds nothing readable; `isCut` when it was truncated
 */
export function attachable(bytes: Uint8Array): { text: string; isCut: boolean } | null {
    // No D-Bus string may hold NUL (D-Bus Specification, "Basic types").
    const whole = new TextDecoder().decode(bytes).replaceAll('\0', '\uFFFD');
    if (whole.trim() === '') return null;
    const isCut = whole.length > longest || bytes.length >= mostBytes;
    // A character of two code units is kept or left out as a whole.
    return { text: whole.slice(0, longest).replace(/[\uD800-\uDBFF]$/, ''), isCut };
}

/** The beginning of a text in one line, to know it again by. */
export function beginning(text: string, length: number): string {
    const line = text
        .slice(0, length * 4)
        .trim()
        .replace(/\s+/g, ' ');
    return line.length > length
        ? `${line
              .slice(0, length)
              .replace(/[\uD800-\uDBFF]$/, '')
              .trimEnd()}…`
        : line;
}
