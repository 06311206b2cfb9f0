/** Reads dbus-interfaces/*.xml into the model that code and documentation are generated from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

export type Argument = { name: string; type: string; doc: string };
export type Property = { name: string; type: string; access: string; emits: boolean; doc: string };
export type Method = { name: string; in: Argument[]; out: Argument[]; doc: string };
export type Signal = { name: string; arguments: Argument[]; doc: string };
export type Interface = {
    /** For example "org.reevedesktop.Reeve1.Manager". */
    name: string;
    summary: string;
    doc: string;
    properties: Property[];
    methods: Method[];
    signals: Signal[];
};

/** An element in document order; `text` is set for comments only. */
type Node = { tag: string; attributes: Record<string, string>; children: Node[]; text: string };
type Doc = { text: string; arguments: Map<string, string> };

const emitsChanged = 'org.freedesktop.DBus.Property.EmitsChangedSignal';

/** @throws Error naming the file and member when a member or an argument has no documentation */
export function readInterfaces(directory: string): Interface[] {
    const files = readdirSync(directory).filter(file => file.endsWith('.xml'));
    return files.sort().flatMap(file => {
        try {
            return parseInterfaces(readFileSync(join(directory, file), 'utf8'));
        } catch (error) {
            throw new Error(`${join(directory, file)}: ${(error as Error).message}`, { cause: error });
        }
    });
}

export function parseInterfaces(xml: string): Interface[] {
    const parser = new XMLParser({
        preserveOrder: true,
        ignoreAttributes: false,
        attributeNamePrefix: '',
        commentPropName: '#comment',
        trimValues: false,
    });
    const root = toNodes(parser.parse(xml) as unknown[]).find(node => node.tag === 'node');
    return documented(root?.children ?? [], 'interface').map(([node, doc]) => toInterface(node, doc));
}

function toInterface(node: Node, doc: Doc): Interface {
    return {
        name: attribute(node, 'name'),
        summary: doc.arguments.get('short_description') ?? '',
        doc: doc.text,
        properties: documented(node.children, 'property').map(([property, { text }]) => ({
            name: attribute(property, 'name'),
            type: attribute(property, 'type'),
            access: attribute(property, 'access'),
            emits: property.children.every(child => child.attributes.name !== emitsChanged),
            doc: text,
        })),
        methods: documented(node.children, 'method').map(([method, methodDoc]) => ({
            name: attribute(method, 'name'),
            in: toArguments(method, methodDoc, 'in'),
            out: toArguments(method, methodDoc, 'out'),
            doc: methodDoc.text,
        })),
        signals: documented(node.children, 'signal').map(([signal, signalDoc]) => ({
            name: attribute(signal, 'name'),
            arguments: toArguments(signal, signalDoc, undefined),
            doc: signalDoc.text,
        })),
    };
}

function toArguments(member: Node, doc: Doc, direction: 'in' | 'out' | undefined): Argument[] {
    return member.children
        .filter(child => child.tag === 'arg' && child.attributes.direction === direction)
        .map(child => {
            const name = attribute(child, 'name');
            const text = doc.arguments.get(name);
            if (!text) throw new Error(`argument ${name} of ${attribute(member, 'name')} is not documented`);
            return { name, type: attribute(child, 'type'), doc: text };
        });
}

/** The elements called `tag`, each with the comment just before it, which must begin with its name. */
function documented(nodes: Node[], tag: string): [Node, Doc][] {
    return nodes.flatMap((node, index): [Node, Doc][] => {
        if (node.tag !== tag) return [];
        const name = attribute(node, 'name');
        const comment = nodes
            .slice(0, index)
            .reverse()
            .find(before => before.tag !== '#text');
        const [first = '', ...rest] = dedent(comment?.text ?? '').split('\n');
        if (comment?.tag !== '#comment' || !first.startsWith(`${name}:`)) {
            throw new Error(`${tag} ${name} has no comment that begins with “${name}:”`);
        }
        return [[node, parseDoc([first.slice(name.length + 1).trim(), ...rest])]];
    });
}

/** Lines that begin with “@name:” describe arguments, up to the next of them or an empty line; the rest is prose. */
function parseDoc(lines: string[]): Doc {
    const prose: string[] = [];
    const described = new Map<string, string>();
    let current: string | null = null;
    for (const line of lines) {
        const start = /^@(\w+): *(.*)$/.exec(line);
        if (start) {
            current = start[1] ?? '';
            described.set(current, start[2] ?? '');
        } else if (current !== null && line.trim() !== '') {
            described.set(current, `${described.get(current)} ${line.trim()}`);
        } else {
            current = null;
            prose.push(line);
        }
    }
    return { text: prose.join('\n').trim(), arguments: described };
}

function dedent(text: string): string {
    const lines = text.replace(/^\n/, '').split('\n');
    const indents = lines.filter(line => line.trim() !== '').map(line => line.search(/\S/));
    const indent = Math.min(...indents, Infinity);
    return lines
        .map(line => line.slice(Math.min(indent, line.search(/\S|$/))).trimEnd())
        .join('\n')
        .trim();
}

function attribute(node: Node, name: string): string {
    const value = node.attributes[name];
    if (value === undefined) throw new Error(`a ${node.tag} has no ${name}`);
    return value;
}

function toNodes(ordered: unknown[]): Node[] {
    return ordered.flatMap(entry => {
        const { ':@': attributes = {}, ...content } = entry as Record<string, unknown>;
        return Object.entries(content).map(([tag, children]) => ({
            tag,
            attributes: attributes as Record<string, string>,
            children: tag === '#text' || tag === '#comment' ? [] : toNodes(children as unknown[]),
            text: tag === '#comment' ? commentText(children as { '#text'?: string }[]) : '',
        }));
    });
}

function commentText(children: { '#text'?: string }[]): string {
    return children.map(child => child['#text'] ?? '').join('');
}
