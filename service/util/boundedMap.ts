type Node<K, V> = { readonly key: K; readonly value: V; older: Node<K, V> | null; newer: Node<K, V> | null };

/** A map that forgets the entries that were asked for least recently once it is full. */
export class BoundedMap<K, V> {
    readonly #nodes = new Map<K, Node<K, V>>();
    readonly #limit: number;
    /** The nodes are a list of their own, as taking a key out of a Map and putting it in again is dear. */
    #oldest: Node<K, V> | null = null;
    #newest: Node<K, V> | null = null;

    constructor(limit: number) {
        this.#limit = limit;
    }

    get size(): number {
        return this.#nodes.size;
    }

    /** Those that are forgotten first come first. */
    entries(): [K, V][] {
        const entries: [K, V][] = [];
        for (let node = this.#oldest; node !== null; node = node.newer) entries.push([node.key, node.value]);
        return entries;
    }

    get(key: K): V | undefined {
        const node = this.#nodes.get(key);
        if (node === undefined) return undefined;
        if (node !== this.#newest) {
            this.#unlink(node);
            this.#append(node);
        }
        return node.value;
    }

    getOrInsert(key: K, create: () => V): V {
        const known = this.get(key);
        if (known !== undefined) return known;
        const node: Node<K, V> = { key, value: create(), older: null, newer: null };
        this.#nodes.set(key, node);
        this.#append(node);
        if (this.#nodes.size > this.#limit && this.#oldest !== null) {
            this.#nodes.delete(this.#oldest.key);
            this.#unlink(this.#oldest);
        }
        return node.value;
    }

    #append(node: Node<K, V>): void {
        node.older = this.#newest;
        node.newer = null;
        if (this.#newest === null) this.#oldest = node;
        else this.#newest.newer = node;
        this.#newest = node;
    }

    #unlink(node: Node<K, V>): void {
        if (node.older === null) this.#oldest = node.newer;
        else node.older.newer = node.newer;
        if (node.newer === null) this.#newest = node.older;
        else node.newer.older = node.older;
    }
}
