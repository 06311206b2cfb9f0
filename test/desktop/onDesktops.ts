// How desktop specs are declared: once, and run on every suite.
import { ensureImage, DesktopUnavailable, shellOf, suites, type Suite } from './image.ts';

/** Why a suite cannot be tested here. Its image is built now, because no time limit of a spec allows for that. */
async function prepare(suite: Suite): Promise<string | undefined> {
    try {
        await ensureImage(suite);
        return undefined;
    } catch (error) {
        if (!(error instanceof DesktopUnavailable)) throw error;
        return error.message;
    }
}

const unavailable = new Map<Suite, string>();
for (const suite of suites) {
    const reason = await prepare(suite);
    if (reason === undefined) continue;
    unavailable.set(suite, reason);
    console.log(`NO TEST DESKTOP ${suite}: ${reason}`);
}

/** A `describe` for each suite; skipped, with the reason printed, where a suite cannot run. */
export function describeOnDesktops(title: string, define: (suite: Suite) => void): void {
    for (const suite of suites) {
        const declare = unavailable.has(suite) ? xdescribe : describe;
        declare(`${title} [GNOME ${shellOf[suite]}, ${suite}]`, () => {
            define(suite);
        });
    }
}

/** Specs that wait for a desktop take longer than jasmine allows by itself; milliseconds. */
export const patience = 120_000;
jasmine.DEFAULT_TIMEOUT_INTERVAL = patience;
