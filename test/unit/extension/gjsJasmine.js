// Jasmine for GJS: jasmine-core without a browser or Node around it. Bundled by run.ts.
import './gjsGlobals.js';
import { installGlobals, jasmine } from 'jasmine-core';

const env = jasmine.getEnv();
installGlobals(globalThis);

/** @throws Error when a spec failed, which makes GJS end with status 1 */
globalThis.runSpecs = async () => {
    let failed = 0;
    let passed = 0;
    env.addReporter({
        specDone({ status, fullName, failedExpectations }) {
            if (status === 'passed') passed += 1;
            if (status !== 'failed') return;
            failed += 1;
            for (const { message } of failedExpectations) print(`FAIL ${fullName}: ${message}`);
        },
    });
    const { overallStatus } = await env.execute();
    print(`${passed} passed, ${failed} failed under GJS`);
    if (overallStatus !== 'passed') throw new Error(`The specs are ${overallStatus}`);
};
