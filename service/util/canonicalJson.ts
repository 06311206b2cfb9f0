/** A value that JSON can carry without loss. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON with one spelling for one value: object keys sorted by code unit, no white space, undefined members left out
 * (RFC 8785, for the values that we use). What is hashed is written this way.
 *
 * @throws TypeError for what has no such spelling: NaN, infinities
 */
export function canonicalJson(value: Json): string {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be hashed`);
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
    const members = Object.keys(value)
        .sort()
        .flatMap(key => {
            const member = value[key];
            return member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`];
        });
    return `{${members.join(',')}}`;
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: object): value is readonly Json[] {
    return Array.isArray(value);
}
