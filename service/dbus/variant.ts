/** A value together with its D-Bus signature, one single complete type. */
export class Variant {
    readonly signature: string;
    readonly value: unknown;

    constructor(signature: string, value: unknown) {
        this.signature = signature;
        this.value = value;
    }
}

/** An `a{sv}`. */
export type Dictionary = Record<string, Variant>;

export function variant(signature: string, value: unknown): Variant {
    return new Variant(signature, value);
}

/** The plain value inside any number of variants, at any depth of arrays and dictionaries. */
export function unwrap(value: unknown): unknown {
    if (value instanceof Variant) return unwrap(value.value);
    if (Array.isArray(value)) return value.map(unwrap);
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
        return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, unwrap(element)]));
    }
    return value;
}
