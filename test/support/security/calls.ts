// D-Bus calls that somebody might make: of the documented methods and the standard ones, with arguments that fit or do not.
import fc, { type Arbitrary } from 'fast-check';

import { readInterfaces } from '../../../build/interfaceXml.ts';
import { Variant } from '../../../service/dbus/variant.ts';
import { anyName } from './generate.ts';

/** Of the objects of the service; the mechanism is another program, on the system bus. */
export const interfaces = readInterfaces('dbus-interfaces').filter(({ name }) => !name.endsWith('.Mechanism'));

export type GeneratedCall = {
    path: string;
    interface: string;
    member: string;
    signature: string;
    arguments: unknown[];
};

/** Members and their signatures. D-Bus specification, "Standard Interfaces". */
const standard: readonly [string, string, string][] = [
    ['org.freedesktop.DBus.Peer', 'Ping', ''],
    ['org.freedesktop.DBus.Peer', 'GetMachineId', ''],
    ['org.freedesktop.DBus.Introspectable', 'Introspect', ''],
    ['org.freedesktop.DBus.Properties', 'Get', 'ss'],
    ['org.freedesktop.DBus.Properties', 'GetAll', 's'],
    ['org.freedesktop.DBus.Properties', 'Set', 'ssv'],
    ['org.freedesktop.DBus.ObjectManager', 'GetManagedObjects', ''],
];
const own = interfaces.flatMap(({ name, methods }) =>
    methods.map(method => [name, method.name, method.in.map(({ type }) => type).join('')] as const),
);
const propertyNames = interfaces.flatMap(({ properties }) => properties.map(({ name }) => name));

/** What the text of an interface says of options: "deadline (u)", "attachments (aa{sv})". */
const options = new Map(
    interfaces.flatMap(({ methods }) =>
        methods.flatMap(({ doc, in: given }) =>
            [doc, ...given.map(argument => argument.doc)].flatMap(text =>
                [...text.matchAll(/\b([a-z_]+) \(([a-z]+|aa\{sv\})[),]/g)].map(
                    ([, name = '', type = '']) => [name, /^(?:[sbtuxd]|as|aa\{sv\})$/.test(type) ? type : 's'] as const,
                ),
            ),
        ),
    ),
);

/** Of each interface, the errors that its text names. What is too large is refused before anything reads it. */
export const documentedErrors = new Map(
    interfaces.map(({ name, methods }) => [
        name,
        new Set([
            'TooLarge',
            ...methods.flatMap(({ doc }) => [...doc.matchAll(/\bError\.(\w+)/g)].map(([, code]) => code)),
        ]),
    ]),
);

const huge = fc.constantFrom(5000, 20_000, 70_000).map(length => 'x'.repeat(length));
const text = fc.oneof(
    { weight: 40, arbitrary: anyName },
    {
        weight: 20,
        arbitrary: fc.constantFrom('', '1', 'what failed', 'turn on dark mode', 'quick', 'hard', 'built-in'),
    },
    {
        weight: 10,
        arbitrary: fc.constantFrom(...options.keys(), ...interfaces.map(({ name }) => name), ...propertyNames),
    },
    { weight: 5, arbitrary: fc.constantFrom('/etc/passwd', '/dev/zero', '/proc/kmsg', '/', '/etc/../etc', '~/x.gguf') },
    { weight: 5, arbitrary: fc.constantFrom('0'.repeat(64), 'F'.repeat(64), '9'.repeat(400)) },
    { weight: 1, arbitrary: huge },
);
/** A zero cannot be in a string of D-Bus: the bus lets no such message through. */
const string = text.map(each => each.replaceAll('\0', '').toWellFormed());
const path = fc
    .oneof(
        fc.constantFrom('/', '/org/reevedesktop/Reeve1', '/a/b'),
        fc.stringMatching(/^(?:\/[A-Za-z0-9_]{1,9}){1,9}$/),
    )
    .filter(each => /^\/$|^(?:\/\w+)+$/.test(each));
const integer = (bits: number, isSigned: boolean) => {
    const max = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n;
    const min = isSigned ? -max - 1n : 0n;
    const whole = fc.oneof(fc.constantFrom(0n, 1n, max, min), fc.bigInt({ min, max }));
    return bits === 64 ? whole : whole.map(Number);
};
const basics: Readonly<Record<string, Arbitrary<unknown>>> = {
    y: integer(8, false),
    b: fc.boolean(),
    n: integer(16, true),
    q: integer(16, false),
    i: integer(32, true),
    u: integer(32, false),
    x: integer(64, true),
    t: integer(64, false),
    d: fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0)),
    s: string,
    o: path,
    g: fc.constantFrom('', 's', 'a{sv}', '(ss)', 'aaaay'),
};

/** One complete type, and seldom a deep one: arrays nest to 32, D-Bus specification, "Valid Signatures". */
const type: Arbitrary<string> = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...Object.keys(basics), 'v') },
    { weight: 6, arbitrary: fc.constantFrom('as', 'a{sv}', 'a{ss}', 'aa{sv}', 'ay', 'av', '(su)', 'a(sv)', 'a{us}') },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 16 }).map(depth => `${'a'.repeat(depth)}s`) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 16 }).map(depth => `${'('.repeat(depth)}s${')'.repeat(depth)}`) },
);

const variant: Arbitrary<Variant> = fc.oneof(
    { weight: 12, arbitrary: type.chain(of => valueOf(of).map(value => new Variant(of, value))) },
    {
        weight: 1,
        arbitrary: fc.tuple(fc.integer({ min: 2, max: 28 }), string).map(([depth, value]) => {
            let nested = new Variant('s', value);
            for (let level = 0; level < depth; level++) nested = new Variant('v', nested);
            return nested;
        }),
    },
);

/** Options of any method: those that are documented, of their types or of others, and unknown ones. */
const dictionary: Arbitrary<Record<string, Variant>> = fc
    .array(
        fc.oneof(
            fc
                .constantFrom(...options)
                .chain(([name, of]) => valueOf(of).map(value => [name, new Variant(of, value)] as const)),
            fc.tuple(fc.oneof(fc.constantFrom(...options.keys()), string), variant),
        ),
        { maxLength: 4 },
    )
    .map(entries => Object.fromEntries(entries));

/** Values as connection.ts takes them. */
function valueOf(signature: string): Arbitrary<unknown> {
    const basic = Object.hasOwn(basics, signature) ? basics[signature] : undefined;
    if (basic !== undefined) return basic;
    if (signature === 'v') return variant;
    if (signature === 'a{sv}') return dictionary;
    if (signature === 'ay') return fc.uint8Array({ maxLength: 64 });
    const [first = '', second = ''] = signature;
    if (first === '(') return fc.tuple(...split(signature.slice(1, -1)).map(valueOf));
    if (second === '{') {
        const [key = '', of = ''] = split(signature.slice(2, -1));
        return fc.dictionary(key === 's' ? string : fc.nat().map(String), valueOf(of), { maxKeys: 3 });
    }
    return fc.array(valueOf(signature.slice(1)), { maxLength: 3, size: 'max' });
}

/** A signature as its complete types. */
function split(signature: string): string[] {
    const types: string[] = [];
    let start = 0;
    let depth = 0;
    for (const [index, character] of Array.from(signature).entries()) {
        if ('({'.includes(character)) depth += 1;
        if (')}'.includes(character)) depth -= 1;
        if (depth > 0 || character === 'a') continue;
        types.push(signature.slice(start, index + 1));
        start = index + 1;
    }
    return types;
}

/** More values, or longer ones, than are read of one message. */
const many: Arbitrary<unknown[]> = fc.oneof(
    fc.constantFrom(9_000, 12_000, 40_000).map(length => [Array.from({ length }, () => new Variant('s', ''))]),
    fc.constantFrom(1_040_000, 1_100_000).map(length => [[new Variant('s', 'x'.repeat(length))]]),
);

/** Object paths by the interfaces that they have. */
export type Paths = Readonly<Record<string, readonly string[]>>;

/**
 * @param there the objects that are there
 * @param isMeant false for a call that shall not be made
 */
export function anyCall(there: Paths, isMeant: (call: GeneratedCall) => boolean): Arbitrary<GeneratedCall> {
    const everywhere = fc.oneof(fc.constantFrom(...Object.values(there).flat()), path);
    const known = fc.constantFrom(...own, ...standard).chain(([name, member, fitting]) =>
        fc.record({
            interface: fc.constant(name),
            member: fc.constant(member),
            path: fc.oneof(
                { weight: 9, arbitrary: fc.constantFrom(...(there[name] ?? Object.values(there).flat())) },
                { weight: 1, arbitrary: everywhere },
            ),
            given: fc.oneof(
                { weight: 700, arbitrary: withValues(split(fitting)) },
                { weight: 300, arbitrary: fc.array(type, { maxLength: 3 }).chain(withValues) },
                { weight: 1, arbitrary: many.map(values => ({ signature: 'av', arguments: values })) },
            ),
        }),
    );
    const unknown = fc.record({
        interface: fc.constantFrom(...interfaces.map(({ name }) => name), 'org.freedesktop.DBus.Properties', 'a.b'),
        member: fc.constantFrom('constructor', '__proto__', 'toString', 'Nothing', ...propertyNames),
        path: everywhere,
        given: fc.array(type, { maxLength: 1 }).chain(withValues),
    });
    return fc
        .oneof({ weight: 20, arbitrary: known }, { weight: 1, arbitrary: unknown })
        .map(({ given, ...call }) => ({ ...call, ...given }))
        .filter(isMeant);
}

function withValues(types: readonly string[]): Arbitrary<Pick<GeneratedCall, 'signature' | 'arguments'>> {
    return fc.tuple(...types.map(valueOf)).map(values => ({ signature: types.join(''), arguments: values }));
}
