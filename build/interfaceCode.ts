/** Writes the D-Bus interfaces as TypeScript: types and export tables for the service, names and types for the extension. */
import { parseSignature, type SignatureTree } from 'dbus-next/lib/signature.js';
import type { Argument, Interface } from './interfaceXml.ts';

const header = '// Generated from dbus-interfaces/*.xml by build/generate.ts.\n';

export function serviceCode(interfaces: Interface[]): string {
    const code = interfaces.map(serviceInterface).join('\n');
    const values = ['Dictionary', 'Variant'].filter(name => new RegExp(`\\b${name}\\b`).test(code));
    const imports = `import type { InterfaceTable } from '../../dbus/interfaceTable.ts';
import type { ${values.join(', ')} } from '../../dbus/variant.ts';
`;
    return [header, imports, code].join('\n');
}

export function extensionCode(interfaces: Interface[]): string {
    return [header, ...interfaces.map(extensionInterface)].join('\n');
}

/** The interface as introspection shows it: members, types and argument names, without the documentation. */
export function interfaceXml(iface: Interface): string {
    const argument = ({ name, type }: Argument, direction = '') =>
        `      <arg name="${name}" type="${type}"${direction}/>\n`;
    const element = (tag: string, name: string, content: string) =>
        content === '' ? `    <${tag} name="${name}"/>\n` : `    <${tag} name="${name}">\n${content}    </${tag}>\n`;
    const properties = iface.properties.map(({ name, type, access, emits }) => {
        const attributes = `name="${name}" type="${type}" access="${access}"`;
        if (emits) return `    <property ${attributes}/>\n`;
        const annotation = '<annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="false"/>';
        return `    <property ${attributes}>\n      ${annotation}\n    </property>\n`;
    });
    const methods = iface.methods.map(method => {
        const inputs = method.in.map(input => argument(input, ' direction="in"'));
        const outputs = method.out.map(output => argument(output, ' direction="out"'));
        return element('method', method.name, [...inputs, ...outputs].join(''));
    });
    const signals = iface.signals.map(signal =>
        element('signal', signal.name, signal.arguments.map(value => argument(value)).join('')),
    );
    return `  <interface name="${iface.name}">\n${[...properties, ...methods, ...signals].join('')}  </interface>\n`;
}

function serviceInterface(iface: Interface): string {
    const name = shortName(iface);
    const fields = (values: Argument[]) => record(values.map(value => [value.name, serviceType(value.type)]));
    const type = `export type ${name} = {
    properties: ${record(iface.properties.map(property => [property.name, serviceType(property.type)]))};
    methods: ${record(iface.methods.map(method => [method.name, `{ in: ${fields(method.in)}; out: ${method.out.length === 0 ? 'void' : fields(method.out)} }`]))};
    signals: ${record(iface.signals.map(signal => [signal.name, fields(signal.arguments)]))};
};
`;
    const named = (values: Argument[]) => values.map(value => ({ name: value.name, type: value.type }));
    const table = {
        name: iface.name,
        properties: Object.fromEntries(
            iface.properties.map(property => [property.name, { type: property.type, emits: property.emits }]),
        ),
        methods: Object.fromEntries(
            iface.methods.map(method => [method.name, { in: named(method.in), out: named(method.out) }]),
        ),
        signals: Object.fromEntries(iface.signals.map(signal => [signal.name, named(signal.arguments)])),
        xml: interfaceXml(iface),
    };
    return `${type}\nexport const ${constantName(iface)}Table: InterfaceTable = ${JSON.stringify(table, null, 4)};\n`;
}

function extensionInterface(iface: Interface): string {
    const constant = constantName(iface);
    const properties = iface.properties.map((property): [string, string] => [
        property.name,
        extensionType(property.type),
    ]);
    return `export const ${constant}Interface = '${iface.name}';

/** As \`recursiveUnpack()\` gives them. */
export type ${shortName(iface)}Properties = ${record(properties)};
`;
}

function serviceType(signature: string): string {
    return typeOf(parseSignature(signature)[0], { '64': 'number | bigint', variant: 'Variant', options: 'Dictionary' });
}

function extensionType(signature: string): string {
    return typeOf(parseSignature(signature)[0], {
        '64': 'number',
        variant: 'unknown',
        options: 'Record<string, unknown>',
    });
}

function typeOf(tree: SignatureTree | undefined, names: { '64': string; variant: string; options: string }): string {
    const [child] = tree?.child ?? [];
    const type = tree?.type ?? '';
    switch (type) {
        case 's':
        case 'o':
        case 'g':
            return 'string';
        case 'b':
            return 'boolean';
        case 'y':
        case 'n':
        case 'q':
        case 'i':
        case 'u':
        case 'd':
            return 'number';
        case 'x':
        case 't':
            return names['64'];
        case 'v':
            return names.variant;
        case '(':
            return `[${(tree?.child ?? []).map(member => typeOf(member, names)).join(', ')}]`;
        case 'a': {
            if (child?.type === 'y') return 'Uint8Array';
            if (child?.type !== '{') return `(${typeOf(child, names)})[]`;
            const [, value] = child.child;
            return value?.type === 'v' ? names.options : `Record<string, ${typeOf(value, names)}>`;
        }
        default:
            throw new Error(`no TypeScript type is known for the D-Bus type “${type}”`);
    }
}

function record(fields: [string, string][]): string {
    if (fields.length === 0) return 'Record<never, never>';
    return `{ ${fields.map(([name, type]) => `${name}: ${type}`).join('; ')} }`;
}

function shortName(iface: Interface): string {
    return iface.name.slice(iface.name.lastIndexOf('.') + 1);
}

function constantName(iface: Interface): string {
    const name = shortName(iface);
    return name.charAt(0).toLowerCase() + name.slice(1);
}
