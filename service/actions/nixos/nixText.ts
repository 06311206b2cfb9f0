/**
 * Edits of a module of NixOS, by its tokens: what an edit does not concern keeps every character, comments too. It knows as much of the
 * language as it takes to find the end of a binding (https://nix.dev/manual/nix/2.28/language/syntax); a form that it does not know is refused,
 * never guessed, and Nix itself reads the result before it is shown.
 */
type Token = { text: string; start: number; end: number };

/** A comment or a space is none. A string with what is in it is one. */
function tokensOf(text: string): Token[] | null {
    const tokens: Token[] = [];
    for (let start = 0; start < text.length;) {
        const blank = /^(?:\s+|#[^\n]*|\/\*[^]*?\*\/)/.exec(text.slice(start));
        if (blank !== null) {
            start += blank[0].length;
            continue;
        }
        const end = endOfToken(text, start);
        if (end === null) return null;
        tokens.push({ text: text.slice(start, end), start, end });
        start = end;
    }
    return tokens;
}

function endOfToken(text: string, start: number): number | null {
    if (text[start] === '"') return endOfString(text, start + 1, '"');
    if (text.startsWith("''", start)) return endOfString(text, start + 2, "''");
    // Names, numbers and paths; dots join names, as they do in what is bound.
    const word = /^(?:<[\w./+-]+>|~?[\w.+-]*(?:\/[\w.+-]+)+|[A-Za-z_][\w'-]*|\d[\w.]*|\.\.\.|\$\{|[^\s])/.exec(
        text.slice(start),
    );
    return word === null ? null : start + word[0].length;
}

/** @returns null where it does not end */
function endOfString(text: string, from: number, quote: '"' | "''"): number | null {
    for (let at = from; at < text.length;) {
        const rest = text.slice(at, at + 3);
        if (quote === '"' && rest.startsWith('\\')) at += 2;
        else if (quote === "''" && rest === "''\\") at += 4;
        else if (quote === "''" && (rest === "'''" || rest === "''$")) at += 3;
        else if (rest.startsWith('$$')) at += 2;
        else if (rest.startsWith('${')) {
            const end = endOfInsertion(text, at + 2);
            if (end === null) return null;
            at = end;
        } else if (rest.startsWith(quote)) return at + quote.length;
        else at += 1;
    }
    return null;
}

function endOfInsertion(text: string, from: number): number | null {
    let depth = 1;
    for (let at = from; at < text.length;) {
        const blank = /^(?:\s+|#[^\n]*|\/\*[^]*?\*\/)/.exec(text.slice(at));
        if (blank !== null) {
            at += blank[0].length;
            continue;
        }
        const end = endOfToken(text, at);
        if (end === null) return null;
        const token = text.slice(at, end);
        if (token === '{' || token === '${') depth += 1;
        if (token === '}' && (depth -= 1) === 0) return end;
        at = end;
    }
    return null;
}

const opening: Readonly<Record<string, string>> = { '{': '}', '${': '}', '[': ']', '(': ')' };

/** The place of what closes the bracket at `open`; null where nothing does. */
function closing(tokens: readonly Token[], open: number): number | null {
    const expected: string[] = [];
    for (let index = open; index < tokens.length; index += 1) {
        const text = tokens[index]?.text ?? '';
        const end = opening[text];
        if (end !== undefined) expected.push(end);
        else if (text === '}' || text === ']' || text === ')') {
            if (expected.pop() !== text) return null;
            if (expected.length === 0) return index;
        }
    }
    return null;
}

/** `start`: of its name. */
type Binding = { path: string; start: number; value: Token[] };
type Module = { text: string; bindings: Binding[]; end: Token; knowsPkgs: boolean };

/** null for what is no module in the usual form: a function to a set, or a set. */
function readModule(text: string): Module | null {
    const tokens = tokensOf(text);
    if (tokens?.at(-1)?.text !== '}') return null;
    for (let open = 0; open < tokens.length; open += 1) {
        if (opening[tokens[open]?.text ?? ''] === undefined) continue;
        const close = closing(tokens, open);
        if (close === null) return null;
        if (close !== tokens.length - 1) {
            open = close;
            continue;
        }
        const end = tokens[close];
        const bindings = bindingsIn(tokens.slice(open + 1, close), '');
        if (end === undefined || bindings === null) return null;
        const head = tokens.slice(0, open);
        const colon = head.findIndex(token => token.text === ':');
        const knowsPkgs = head.slice(0, colon + 1).some(token => token.text === 'pkgs');
        return { text, bindings, end, knowsPkgs };
    }
    return null;
}

/** Those of a set, and of the sets in it. */
function bindingsIn(tokens: readonly Token[], prefix: string): Binding[] | null {
    const bindings: Binding[] = [];
    for (let at = 0; at < tokens.length;) {
        let end = at;
        while (end < tokens.length && tokens[end]?.text !== ';') {
            const isOpen = opening[tokens[end]?.text ?? ''] !== undefined;
            const close: number | null = isOpen ? closing(tokens, end) : end;
            if (close === null) return null;
            // "with pkgs;" and "assert condition;" are part of a value.
            const isHead = tokens[close]?.text === 'with' || tokens[close]?.text === 'assert';
            end = isHead ? tokens.findIndex((token, index) => index > close && token.text === ';') + 1 : close + 1;
            if (end === 0) return null;
        }
        if (end >= tokens.length) return null;
        const words = tokens.slice(at, end);
        const equals = words.findIndex(({ text }) => text === '=');
        if (words[0]?.text !== 'inherit' && equals > 0) {
            const name = words.slice(0, equals).map(({ text }) => text.replaceAll('"', ''));
            const path = [prefix, name.join('')].filter(text => text !== '').join('.');
            const value = words.slice(equals + 1);
            bindings.push({ path, start: words[0]?.start ?? 0, value });
            if (value[0]?.text === '{' && closing(value, 0) === value.length - 1)
                bindings.push(...(bindingsIn(value.slice(1, -1), path) ?? []));
        }
        at = end + 1;
    }
    return bindings;
}

/** Why a file is not edited. */
export type Refusal = 'form' | 'present' | 'absent';
type Edited = { text: string } | { refusal: Refusal };

const packages = 'environment.systemPackages';

/** Whether the file declares packages of the system. */
export function declaresPackages(text: string): boolean {
    return readModule(text)?.bindings.some(({ path }) => path === packages) === true;
}

/** Whether the file sets the option itself, not a part of it. */
export function setsOption(text: string, option: string): boolean {
    return readModule(text)?.bindings.some(({ path }) => path === option) === true;
}

export function addPackage(text: string, name: string): Edited {
    const module = readModule(text);
    if (module === null) return { refusal: 'form' };
    const value = module.bindings.find(({ path }) => path === packages)?.value;
    if (value === undefined)
        return module.knowsPkgs
            ? { text: withBinding(module, `${packages} = [ pkgs.${name} ];`) }
            : { refusal: 'form' };
    const list = listIn(value);
    if (list === null || (!list.isOfPkgs && !module.knowsPkgs)) return { refusal: 'form' };
    if (elementsNamed(list, name).length > 0) return { refusal: 'present' };
    const added = list.isOfPkgs ? name : `pkgs.${name}`;
    const { start } = list.close;
    const before = text.slice(0, start);
    const indent = /\n([ \t]*)$/.exec(before)?.[1];
    // On a line of its own where the bracket has one.
    const inserted =
        indent === undefined
            ? `${/\s$/.test(before) ? '' : ' '}${added} `
            : `${indentOf(text, list.items.at(-1)) ?? `${indent}  `}${added}\n${indent}`;
    const at = indent === undefined ? start : start - indent.length;
    return { text: text.slice(0, at) + inserted + text.slice(start) };
}

export function removePackage(text: string, name: string): Edited {
    const module = readModule(text);
    const list = listIn(module?.bindings.find(({ path }) => path === packages)?.value ?? []);
    if (module === null || list === null) return { refusal: module === null ? 'form' : 'absent' };
    const [found, ...others] = elementsNamed(list, name);
    if (found === undefined || others.length > 0) return { refusal: found === undefined ? 'absent' : 'form' };
    const before = /\n?[ \t]*$/.exec(text.slice(0, found.start))?.[0] ?? '';
    const isAlone = before.startsWith('\n') && /^[ \t]*(?:\n|$)/.test(text.slice(found.end));
    const start = found.start - (isAlone ? before.length : before.replace('\n', '').length);
    return { text: text.slice(0, start) + text.slice(found.end) };
}

/** @param literal of the language */
export function setOption(text: string, option: string, literal: string): Edited {
    const module = readModule(text);
    if (module === null) return { refusal: 'form' };
    const set = module.bindings.filter(({ path }) => path === option);
    const [value, ...others] = set.map(each => each.value);
    if (value === undefined) return { text: withBinding(module, `${option} = ${literal};`) };
    const [first, last] = [value[0], value.at(-1)];
    // Only what is as simple as what replaces it: "mkForce true" is somebody's intention.
    if (others.length > 0 || first === undefined || last !== first) return { refusal: 'form' };
    if (first.text === literal) return { refusal: 'present' };
    return { text: text.slice(0, first.start) + literal + text.slice(first.end) };
}

type List = { isOfPkgs: boolean; items: Token[]; close: Token };

/** "[ … ]" or "with pkgs; [ … ]" of names alone; null for anything else. */
function listIn(value: readonly Token[]): List | null {
    const isOfPkgs =
        value
            .slice(0, 3)
            .map(token => token.text)
            .join(' ') === 'with pkgs ;';
    const rest = isOfPkgs ? value.slice(3) : value;
    const close = rest.at(-1);
    if (rest[0]?.text !== '[' || close === undefined || closing(rest, 0) !== rest.length - 1) return null;
    return { isOfPkgs, items: rest.slice(1, -1), close };
}

/** The items that are this package, as "name" or "pkgs.name", each as one span. */
function elementsNamed({ items, isOfPkgs }: List, name: string): { start: number; end: number }[] {
    // Items are apart by spaces, the parts of one are not.
    const spans: { text: string; start: number; end: number }[] = [];
    for (const token of items) {
        const last = spans.at(-1);
        if (last?.end === token.start) {
            last.text += token.text;
            last.end = token.end;
        } else spans.push({ ...token });
    }
    return spans.filter(({ text }) => text === `pkgs.${name}` || (isOfPkgs && text === name));
}

function indentOf(text: string, token: Token | undefined): string | null {
    return token === undefined ? null : (/(?:^|\n)([ \t]*)$/.exec(text.slice(0, token.start))?.[1] ?? null);
}

/** As the last one of the module. */
function withBinding({ text, bindings, end }: Module, line: string): string {
    const indent = /\n([ \t]+)$/.exec(text.slice(0, bindings[0]?.start ?? 0))?.[1] ?? '  ';
    const before = text.slice(0, end.start).replace(/[ \t]+$/, '');
    return `${before}${before.endsWith('\n') ? '' : '\n'}${indent}${line}\n${text.slice(end.start)}`;
}
