// How desktop specs are declared: once, and run on every suite.
import { shellOf, suites, wantedSuites, whyUnavailable, type Suite } from './image.ts';

const wanted = wantedSuites();
const unavailable = new Set<Suite>();
// Images are built now, because no time limit of a spec allows for that.
for (const suite of wanted) {
    const reason = await whyUnavailable(suite);
    if (reason === undefined) continue;
    unavailable.add(suite);
    console.log(`NO TEST DESKTOP ${suite}: ${reason}`);
}

/** A `describe` for each suite; skipped, with the reason printed, where a suite cannot run. */
export function describeOnDesktops(title: string, define: (suite: Suite) => void): void {
    describeOn(suites, title, define);
}

// -- What the Shell has no part in need not run under each

/** The suites that between them have every version of systemd and of polkit that we test on. */
export const eachSystemd: readonly Suite[] = ['trixie', 'forky'];
/** For what takes long and is alike everywhere. */
export const once: readonly Suite[] = ['forky'];

/** `describeOnDesktops` on some of them. */
export function describeOn(on: readonly Suite[], title: string, define: (suite: Suite) => void): void {
    for (const suite of wanted.filter(each => on.includes(each))) {
        const declare = unavailable.has(suite) ? xdescribe : describe;
        declare(`${title} [GNOME ${shellOf[suite]}, ${suite}]`, () => {
            define(suite);
        });
    }
}

/** An `it` on some of the suites that it is in the `describe` of. */
export function itOn(on: readonly Suite[], suite: Suite, ...spec: Parameters<typeof it>): void {
    if (on.includes(suite)) it(...spec);
}

/** Specs that wait for a desktop take longer than jasmine allows by itself; milliseconds. */
export const patience = 120_000;
jasmine.DEFAULT_TIMEOUT_INTERVAL = patience;
