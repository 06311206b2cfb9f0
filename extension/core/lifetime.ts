/**
 * The undo stack of enable(): every step registers how to undo it, and end() undoes them all, the last
 * one first. So a failed enable() unwinds exactly as far as it got, by the same code as disable().
 */
export class Lifetime {
    readonly #undo: (() => void)[] = [];

    defer(undo: () => void): void {
        this.#undo.push(undo);
    }

    /** Destroys `object` at the end. */
    own<T extends { destroy(): void }>(object: T): T {
        this.defer(() => {
            object.destroy();
        });
        return object;
    }

    /** Takes everything back. A step that fails does not keep the others from it; the first failure is thrown at the end. */
    end(): void {
        const failures: unknown[] = [];
        for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
            try {
                undo();
            } catch (error) {
                failures.push(error);
            }
        }
        if (failures.length > 0) throw failures[0];
    }
}
