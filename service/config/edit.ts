/**
 * Changes one setting in the text of a configuration file, and nothing else: comments, order and layout are the user's. There is
 * no TOML library that writes a file back as it was. So a line is changed, and the result is read again: when it does not say
 * exactly what was meant, it is not used, and the user is asked to change it themselves.
 */
import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';

export type SettingValue = boolean | number | string | readonly string[];

/** Where one value ends and a comment may begin, for values on one line. */
const value = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|\[[^\n#]*\]|[^\s#"'[\]{}]+)`;

/**
 * @param text of the file
 * @param wanted null to take the setting out
 * @throws ReeveError InvalidState when the file is no TOML, or only a person can change it
 */
export function changeSetting(text: string, section: string, name: string, wanted: SettingValue | null): string {
    const before = read(text);
    const table = before[section];
    const expected = { ...before };
    if (wanted === null) {
        if (!isTable(table) || !Object.hasOwn(table, name)) return text;
        expected[section] = Object.fromEntries(Object.entries(table).filter(([key]) => key !== name));
    } else {
        expected[section] = { ...(isTable(table) ? table : {}), [name]: wanted };
    }
    const changed = changeLine(text, section, name, wanted);
    if (changed !== null && isDeepStrictEqual(tryToRead(changed), expected)) return changed;
    throw new ReeveError(
        'InvalidState',
        _('The file sets {setting} in a way that Reeve cannot edit; change it yourself', {
            setting: `${section}.${name}`,
        }),
    );
}

/** null when there is no such line although there would have to be one. */
function changeLine(text: string, section: string, name: string, wanted: SettingValue | null): string | null {
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    const header = lines.findIndex(line => new RegExp(String.raw`^\s*\[\s*${section}\s*\]\s*(?:#.*)?$`).test(line));
    const next = lines.findIndex((line, index) => index > header && /^\s*\[/.test(line));
    const end = next === -1 ? lines.length : next;
    const assignment = new RegExp(String.raw`^(\s*${name}\s*=\s*)${value}(\s*(?:#.*)?)$`);
    const place =
        header === -1 ? -1 : lines.findIndex((line, index) => index > header && index < end && assignment.test(line));
    const literal = JSON.stringify(wanted);
    if (place !== -1) {
        if (wanted === null) lines.splice(place, 1);
        else
            lines[place] =
                lines[place]?.replace(assignment, (_line, start: string, rest: string) => start + literal + rest) ?? '';
    } else if (wanted === null) {
        return null;
    } else if (header === -1) {
        if (lines.length > 0) lines.push('');
        lines.push(`[${section}]`, `${name} = ${literal}`);
    } else {
        let last = end;
        while (last > header + 1 && lines[last - 1]?.trim() === '') last -= 1;
        lines.splice(last, 0, `${name} = ${literal}`);
    }
    return `${lines.join('\n')}\n`;
}

function read(text: string): Record<string, unknown> {
    try {
        return asPlain(parse(text));
    } catch (error) {
        if (!(error instanceof TomlError)) throw error;
        const message = _('The file has an error on line {line}; correct it first', { line: error.line });
        throw new ReeveError('InvalidState', message, { cause: error });
    }
}

function tryToRead(text: string): Record<string, unknown> | null {
    try {
        return asPlain(parse(text));
    } catch (error) {
        if (error instanceof TomlError) return null;
        throw error;
    }
}

/** smol-toml's tables have no prototype, by which they would differ from ours. */
function asPlain(file: Record<string, unknown>): Record<string, unknown> {
    return structuredClone(file);
}

function isTable(found: unknown): found is Record<string, unknown> {
    return typeof found === 'object' && found !== null && !Array.isArray(found);
}
