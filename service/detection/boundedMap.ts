/** A map that forgets the entries that were asked for least recently once it is full. */
export class BoundedMap<K, V> {
    readonly #map = new Map<K, V>();
    readonly #limit: number;
    #latest: K | undefined;

    constructor(limit: number) {
        this.#limit = limit;
    }

    get size(): number {
        return this.#map.size;
    }

    /** Those that are forgotten first come first. */
    entries(): [K, V][] {
        return [...this.#map];
    }

    get(key: K): V | undefined {
        const value = this.#map.get(key);
        if (value !== undefined && key !== this.#latest) {
            this.#map.delete(key);
            this.#map.set(key, value);
            this.#latest = key;
        }
        return value;
    }

    getOrInsert(key: K, create: () => V): V {
        const known = this.get(key);
        if (known !== undefined) return known;
        const value = create();
        this.#map.set(key, value);
        this.#latest = key;
        if (this.#map.size > this.#limit) {
            const [oldest] = this.#map.keys();
            if (oldest !== undefined) this.#map.delete(oldest);
        }
        return value;
    }
}
