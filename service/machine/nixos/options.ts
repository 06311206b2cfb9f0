/**
 * The options of NixOS, from the manual page configuration.nix(5) of the system that runs. Its form is that of nixos-render-docs in
 * nixpkgs: pkgs/by-name/ni/nixos-render-docs/src/nixos_render_docs/{options,manpage}.py.
 */
import { gunzipSync } from 'node:zlib';

import { readBytes, type Machine } from '../machine.ts';

const page = '/run/current-system/sw/share/man/man5/configuration.nix.5.gz';
const zippedLimit = 16 * 1_048_576;
const pageLimit = 128 * 1_048_576;

export type NixosOption = {
    name: string;
    description: string;
    /** As the page words it, such as "boolean" or 'one of "a", "b"'. */
    type: string;
    /** An expression; empty when there is none. */
    standard: string;
};

/** null where the page is not installed. @throws RangeError for a page beyond all bounds */
export async function readOptions(machine: Machine): Promise<NixosOption[] | null> {
    const zipped = await readBytes(machine, page, zippedLimit);
    return zipped === null ? null : optionsIn(gunzipSync(zipped, { maxOutputLength: pageLimit }).toString('latin1'));
}

export function optionsIn(roff: string): NixosOption[] {
    const entries = roff.split(/^\.PP\n\\fB(.+)\\fR\n\.RS 4\n/m).slice(1);
    const options = [];
    for (let index = 0; index + 1 < entries.length; index += 2) {
        const body = entries[index + 1] ?? '';
        // The description ends where the type begins; each part begins with its name in italics.
        const [description = '', ...parts] = body.split(/^(?=\\fI(?:Type|Default|Example|Declared by):)/m);
        const part = (name: string) =>
            plain(parts.find(text => text.startsWith(`\\fI${name}:`))?.replace(/^.*?:\\f[RP]/, '') ?? '');
        options.push({
            name: plain(entries[index] ?? ''),
            description: plain(description),
            type: part('Type'),
            standard: part('Default'),
        });
    }
    return options;
}

const named: Readonly<Record<string, string>> = {
    dq: '"',
    aq: "'",
    ha: '^',
    ga: '`',
    ti: '~',
    oq: '‘',
    cq: '’',
    lq: '“',
    rq: '”',
};

/** Text of roff(7) without its requests, fonts and movements, on one line. */
function plain(text: string): string {
    return text
        .replaceAll(/^\..*$/gm, '')
        .replaceAll(/\\f[A-Z]|\\&|\\c|\\h'[^']*'/g, '')
        .replaceAll(/\\\[u([0-9A-F]{4,6})\]/g, (_whole, code: string) => String.fromCodePoint(parseInt(code, 16)))
        .replaceAll(/\\\((..)/g, (whole, name: string) => named[name] ?? whole)
        .replaceAll('\\-', '-')
        .replaceAll('\\e', '\\')
        .replaceAll(/\s+/g, ' ')
        .trim();
}

/** Those in whose name, or else in whose description, every word occurs; the shortest names first. */
export function searchOptions(options: readonly NixosOption[], words: readonly string[]): NixosOption[] {
    const wanted = words.map(word => word.toLowerCase());
    const holds = (text: string) => wanted.every(word => text.toLowerCase().includes(word));
    const byLength = (one: NixosOption, other: NixosOption) => one.name.length - other.name.length;
    const called = options.filter(({ name }) => holds(name)).sort(byLength);
    const described = options.filter(each => !holds(each.name) && holds(`${each.name} ${each.description}`));
    return [...called, ...described.sort(byLength)];
}
