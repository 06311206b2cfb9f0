/** Values as gsettings(1) prints and takes them, as far as we need: strings in lists and tuples. */
export type TextValue = string | TextValue[];

/** @throws Error for anything but strings, lists and tuples */
export function parseGVariant(text: string): TextValue {
    const tokens = text.match(/@[a-z()]+|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[[\](),]|\S/g) ?? [];
    let next = 0;
    const value = (): TextValue => {
        let token = tokens[next++];
        // "@as []": the type of an empty list, which does not show.
        if (token?.startsWith('@')) token = tokens[next++];
        if (token === '[' || token === '(') {
            const items: TextValue[] = [];
            const end = token === '[' ? ']' : ')';
            while (tokens[next] !== end) {
                items.push(value());
                if (tokens[next] === ',') next += 1;
            }
            next += 1;
            return items;
        }
        if (token === undefined || !/^['"]/.test(token)) throw new Error(`not a list of strings: ${text}`);
        return token.slice(1, -1).replace(/\\(.)/g, '$1');
    };
    return value();
}

export function printStrings(strings: readonly string[]): string {
    return `[${strings.map(text => `'${text.replace(/[\\']/g, '\\$&')}'`).join(', ')}]`;
}
