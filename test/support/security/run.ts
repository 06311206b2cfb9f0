// How much the security suites try: little in `npm test`, all of it in `npm run test:security`.
import { env } from 'node:process';

export const isWhole = env.REEVE_TEST_SECURITY === 'whole';
/** Printed by each suite; given, it repeats the same run. */
export const seed = Number(env.REEVE_TEST_SEED ?? 14);
/** @param small in every test run; @param whole by the command of its own */
export const tries = (small: number, whole: number) => (isWhole ? whole : small);
/** Milliseconds that a spec may take. */
export const patience = isWhole ? 60 * 60_000 : 60_000;

/** Milliseconds between two lines that say how far a suite is. */
const often = 10_000;

/** Says now and then, on stderr, how many of `all` are done; only at full length, which takes minutes. */
export function progressOf(what: string, all: number): { done(): void } {
    let count = 0;
    let last = performance.now();
    return {
        done() {
            count += 1;
            if (!isWhole || performance.now() - last < often) return;
            last = performance.now();
            console.error(`  ${what}: ${count} of ${all}`);
        },
    };
}

/** Says what was counted: docs/security.md quotes it. */
export function report(what: string, counts: Readonly<Record<string, number>>): void {
    const words = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    console.log(`  count ${what}: ${words.join(', ')}; seed ${seed}`);
}
