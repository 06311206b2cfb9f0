/** Makes a value when it is first asked for: a schema of zod takes a kilobyte for each of its parts. */
export function lazy<Value>(make: () => Value): () => Value {
    let made: { value: Value } | null = null;
    return () => (made ??= { value: make() }).value;
}
