/**
 * The keys of one group of a key file, as desktop entries and D-Bus service files are; a key that is missing is "". Of two with
 * one name the first counts.
 */
export function keysOf(text: string, group: string): (key: string) => string {
    const values = new Map<string, string>();
    let isIn = false;
    for (const line of text.split('\n')) {
        const header = /^\[([^\]]+)\]/.exec(line)?.[1];
        if (header !== undefined) isIn = header === group;
        const [, key = '', value = ''] = /^([\w-]+)[ \t]*=[ \t]*(.*?)\s*$/.exec(line) ?? [];
        if (isIn && key !== '' && !values.has(key)) values.set(key, value);
    }
    return key => values.get(key) ?? '';
}
