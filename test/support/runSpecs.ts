// Runs the jasmine specs of one layer in this process, prints them as they end, and writes the counts where the runner
// of all layers finds them. Usage: runSpecs.ts RESULT.json [--filter TEXT] [--in-order] SPEC…
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parseArgs } from 'node:util';
import Jasmine from 'jasmine';

export type Result = {
    passed: number;
    failed: number;
    skipped: number;
    /** What failed and why, each a text of several lines. */
    failures: string[];
};

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { filter: { type: 'string' }, 'in-order': { type: 'boolean' } },
});
const [resultFile, ...specs] = positionals;
if (!resultFile) throw new Error('the result file is missing');

const counts: Result = { passed: 0, failed: 0, skipped: 0, failures: [] };
let hasSpecs = false;

function fail(what: string, reasons: { message: string; stack?: string }[], seconds?: string): void {
    const why = reasons.map(({ message, stack }) => `${message}\n${stack ?? ''}`.trimEnd()).join('\n');
    counts.failed += 1;
    counts.failures.push(`${what}\n${why}`);
    console.log(`  FAIL  ${what}${seconds ? ` (${seconds} s)` : ''}\n${why.replace(/^/gm, '        ')}`);
}

/** Outside of any spec: a file that cannot be loaded, a failing afterAll. */
function countGlobalFailures(
    result: { failedExpectations?: { message: string; stack?: string }[] },
    where: string,
): void {
    for (const reason of result.failedExpectations ?? []) fail(where, [reason]);
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
// A spec that ends by itself may take as long as a busy machine needs; this is for those that hang.
globalThis.jasmine.DEFAULT_TIMEOUT_INTERVAL = 30_000;
jasmine.clearReporters();
jasmine.addReporter({
    specDone(result) {
        hasSpecs = true;
        // The filter left it out.
        if (result.status === 'excluded') return;
        const seconds = ((result.duration ?? 0) / 1000).toFixed(1);
        if (result.status === 'passed') {
            counts.passed += 1;
            console.log(`  ok    ${result.fullName} (${seconds} s)`);
        } else if (result.status === 'failed') {
            fail(result.fullName, result.failedExpectations, seconds);
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
await jasmine.execute(undefined, values.filter);
writeFileSync(resultFile, JSON.stringify(counts));
// A handle left open would keep the process alive for ever: that is a leak, and a failure of its own.
const leak = setTimeout(() => {
    fail('still open after the specs', [{ message: process.getActiveResourcesInfo().join(', ') }]);
    writeFileSync(resultFile, JSON.stringify(counts));
    process.exit(1);
}, 10_000);
leak.unref();
process.exitCode = counts.failed > 0 ? 1 : 0;
