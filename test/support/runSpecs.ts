// Runs jasmine specs in this process, prints them as they end, and writes the counts where the runner of all finds them.
// Usage: runSpecs.ts RESULT.json [--filter TEXT] [--in-order] SPEC…
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Jasmine from 'jasmine';
import { whenPassed } from './patience.ts';

export type Failure = {
    /** The full name of the spec, or where else it failed. */
    what: string;
    /** A text of several lines. */
    why: string;
    /** The spec's, from the root of the repository; undefined outside of any. */
    file?: string | undefined;
};

export type Result = { passed: number; failed: number; skipped: number; failures: Failure[] };

/** Messages to the parent process: the spec that begins, or null when it has ended. */
export type Progress = { spec: string | null };

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { filter: { type: 'string' }, 'in-order': { type: 'boolean' } },
});
const [resultFile, ...specs] = positionals;
if (!resultFile) throw new Error('the result file is missing');

/** The longest that jasmine can wait, milliseconds. */
const never = 2 ** 31 - 1;

const counts: Result = { passed: 0, failed: 0, skipped: 0, failures: [] };
let hasSpecs = false;
/** Id of a spec → its file. */
const files = new Map<string, string | undefined>();

type Reason = { message: string; stack?: string };

function fail(what: string, reasons: Reason[], about: { seconds?: string; file?: string | undefined } = {}): void {
    const { seconds, file } = about;
    const why = reasons.map(({ message, stack }) => `${message}\n${stack ?? ''}`.trimEnd()).join('\n');
    counts.failed += 1;
    counts.failures.push({ what, why, file: file && relative('.', file) });
    console.log(`  FAIL  ${what}${seconds ? ` (${seconds} s)` : ''}\n${why.replace(/^/gm, '        ')}`);
}

function tell(spec: string | null): void {
    process.send?.({ spec } satisfies Progress);
}

/** Outside of any spec: a file that cannot be loaded, a failing afterAll. */
function countGlobalFailures(result: { failedExpectations?: Reason[]; filename?: string }, where: string): void {
    for (const reason of result.failedExpectations ?? []) fail(where, [reason], { file: result.filename });
}

// Modules of the extension name each other as they are called once they are built.
const extension = new URL('../../extension/', import.meta.url).href;
registerHooks({
    resolve: (specifier, context, nextResolve) => {
        const isOwn = context.parentURL?.startsWith(extension) && specifier.startsWith('.');
        return nextResolve(isOwn ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
});

const jasmine = new Jasmine({});
jasmine.exitOnCompletion = false;
jasmine.env.configure({ random: !values['in-order'], stopSpecOnExpectationFailure: false });
// A spec that ends by itself may take as long as a busy machine needs; this is for those that hang. Milliseconds.
globalThis.jasmine.DEFAULT_TIMEOUT_INTERVAL = 30_000;
stretchLimits();
jasmine.clearReporters();
jasmine.addReporter({
    specStarted(result) {
        tell(result.fullName);
    },
    specDone(result) {
        hasSpecs = true;
        tell(null);
        // The filter left it out.
        if (result.status === 'excluded') return;
        const seconds = ((result.duration ?? 0) / 1000).toFixed(1);
        if (result.status === 'passed') {
            counts.passed += 1;
            console.log(`  ok    ${result.fullName} (${seconds} s)`);
        } else if (result.status === 'failed') {
            fail(result.fullName, result.failedExpectations, { seconds, file: files.get(result.id) });
        } else {
            counts.skipped += 1;
            console.log(`  skip  ${result.fullName}${result.pendingReason ? `: ${result.pendingReason}` : ''}`);
        }
    },
    suiteDone(result) {
        countGlobalFailures(result, result.fullName);
    },
    jasmineDone(result) {
        countGlobalFailures(result, 'outside of the specs');
        // Such as one spec that is in focus. Whether there are any at all is for the runner of all layers to judge: some
        // files have none for one of the desktops.
        if (result.overallStatus !== 'passed' && hasSpecs && counts.failed === 0)
            fail('not all specs ran', [{ message: result.incompleteReason }]);
    },
});

for (const spec of specs) jasmine.addSpecFile(spec);
await jasmine.execute(undefined, values.filter?.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
writeFileSync(resultFile, JSON.stringify(counts));
// A handle left open would keep the process alive for ever: that is a leak, and a failure of its own.
whenPassed(10_000, () => {
    fail('still open after the specs', [{ message: process.getActiveResourcesInfo().join(', ') }]);
    writeFileSync(resultFile, JSON.stringify(counts));
    process.exit(1);
}).unref();
process.exitCode = counts.failed > 0 ? 1 : 0;

/** Has us keep the time limits of specs, and not jasmine, for which a second is as long on a busy machine. */
function stretchLimits(): void {
    for (const name of ['it', 'fit', 'beforeEach', 'afterEach', 'beforeAll', 'afterAll'] as const) {
        const declare = globalThis[name] as (...args: unknown[]) => { id: string } | undefined;
        const stretched = (...args: unknown[]) => {
            const index = args.findIndex(arg => typeof arg === 'function');
            const action = args[index] as (() => unknown) | undefined;
            const limit = args[index + 1] as number | undefined;
            if (action === undefined) return declare(...args);
            const spec = declare(...args.slice(0, index), within(action, limit), never);
            // jasmine would take this file for theirs.
            if (spec !== undefined) files.set(spec.id, callingSpec());
        };
        Object.assign(globalThis, { [name]: stretched });
    }
}

function within(action: () => unknown, limit = globalThis.jasmine.DEFAULT_TIMEOUT_INTERVAL) {
    return async function (this: unknown): Promise<void> {
        const late = Promise.withResolvers<never>();
        const watch = whenPassed(limit, () => {
            late.reject(new Error(`It did not end within ${limit / 1000} seconds, or as many more as the load allows`));
        });
        try {
            await Promise.race([action.call(this), late.promise]);
        } finally {
            watch[Symbol.dispose]();
        }
    };
}

/** The spec file that is being declared. */
function callingSpec(): string | undefined {
    const frame = /file:\/\/\S+\.spec\.ts/.exec(new Error().stack ?? '');
    return frame === null ? undefined : fileURLToPath(frame[0]);
}
