// Changes what is well formed into what somebody, or a broken disk, could have made of it.
import fc, { type Arbitrary } from 'fast-check';

import { anyName, hostileValue, pathsIn, withAt } from './generate.ts';

/** A value with something else in one to three of its places, or without some of its parts. */
export function mutated(value: unknown): Arbitrary<unknown> {
    const once = (before: unknown) => {
        const paths = pathsIn(before).filter(path => path.length > 0);
        if (paths.length === 0) return hostileValue;
        const without = fc.constantFrom(...paths).map(path => withAt(before, path, undefined));
        // Such as the call of another step: well formed, in the wrong place.
        const moved = fc
            .tuple(fc.constantFrom(...paths), fc.constantFrom(...paths))
            .map(([to, from]) => withAt(before, to, at(before, from)));
        const other = fc.tuple(fc.constantFrom(...paths), hostileValue).map(([path, of]) => withAt(before, path, of));
        return fc.oneof(
            { weight: 6, arbitrary: other },
            { weight: 2, arbitrary: moved },
            { weight: 1, arbitrary: without },
        );
    };
    return fc.oneof(
        { weight: 4, arbitrary: once(value) },
        { weight: 2, arbitrary: once(value).chain(once) },
        { weight: 1, arbitrary: once(value).chain(once).chain(once) },
    );
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
    return path.reduce<unknown>((of, key) => (of as Record<string | number, unknown>)[key], value);
}

const pieces = fc.oneof(
    anyName,
    fc.constantFrom(
        '',
        '\n',
        '"',
        "'",
        '=',
        '[',
        ']',
        '{',
        '}',
        '#',
        '\\',
        '-',
        ':',
        '&a',
        '*a',
        '<<: *a',
        '!!js/function',
    ),
    fc.constantFrom(
        '[[',
        '"""',
        "'''",
        '0x7fffffffffffffffff',
        '-1',
        '1e999',
        'nan',
        '1979-05-27T07:32:00Z',
        'true',
        '|',
    ),
    fc.constantFrom('__proto__', 'constructor', '[__proto__]', 'a.b.c = 1', '[a.b]', '- - - - a', '? a', '%YAML 1.2'),
    fc
        .constantFrom('[', '{', '- ', 'a: ', '((', '.*')
        .chain(of => fc.constantFrom(40, 3000).map(times => of.repeat(times))),
);

/** A text with pieces put into it, left out, exchanged or repeated. */
export function mutatedText(text: string): Arbitrary<string> {
    const place = fc.nat({ max: text.length });
    const edit = fc.tuple(place, fc.oneof(fc.constant(0), fc.nat({ max: 40 })), pieces);
    return fc
        .array(edit, { minLength: 1, maxLength: 4 })
        .map(edits =>
            edits.reduce(
                (before, [start, length, piece]) => before.slice(0, start) + piece + before.slice(start + length),
                text,
            ),
        );
}

/** Bytes of which some are others, missing or more. */
export function mutatedBytes(bytes: Buffer): Arbitrary<Buffer> {
    const edit = fc.tuple(
        fc.nat({ max: bytes.length }),
        fc.nat({ max: 12 }),
        fc.oneof(
            fc.uint8Array({ maxLength: 12 }),
            anyName.map(text => Buffer.from(text)),
            fc
                .constantFrom('\n', '\n\n', '=', '\nMESSAGE\n', '\nMESSAGE=', '\n__CURSOR=', '\n_PID=1\n_UID=0\n')
                .map(of => Buffer.from(of)),
            fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(size => {
                const eight = Buffer.alloc(8);
                eight.writeBigUInt64LE(size);
                return eight;
            }),
        ),
    );
    return fc
        .array(edit, { minLength: 1, maxLength: 5 })
        .map(edits =>
            edits.reduce(
                (before, [start, length, piece]) =>
                    Buffer.concat([before.subarray(0, start), piece, before.subarray(start + length)]),
                bytes,
            ),
        );
}
