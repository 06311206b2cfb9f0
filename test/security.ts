// The security suites at full length: `npm run test:security`, and again with the same numbers by `-- --seed 14`. A part of them by
// the name of its file: `npm run test:security -- plans`.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

import { runChild } from './support/child.ts';
import type { Result } from './support/runSpecs.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
const suites = globSync('test/{unit,contract,integration}/security/*.spec.ts').sort();
const wanted = suites.filter(file => positionals.length === 0 || positionals.includes(basename(file, '.spec.ts')));
if (wanted.length === 0 || !/^\d+$/.test(seed)) {
    console.error(
        `Usage: npm run test:security -- [--seed NUMBER] [${suites.map(file => basename(file, '.spec.ts')).join('|')}]…`,
    );
    process.exit(2);
}

/** Milliseconds after which a suite that hangs is stopped. */
const limit = 2 * 60 * 60_000;
const scratch = mkdtempSync(join(tmpdir(), 'reeve-security-'));
process.on('exit', () => {
    rmSync(scratch, { recursive: true, force: true });
});

console.log(`The seed is ${seed}: npm run test:security -- --seed ${seed}`);
let failed = 0;
for (const file of wanted) {
    const started = performance.now();
    const resultFile = join(scratch, 'result.json');
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', 'test/support/runSpecs.ts', resultFile];
    const environment = { REEVE_TEST_SECURITY: 'whole', REEVE_TEST_SEED: seed };
    const { well } = await runChild([...argv, file], { limit, output: 1, errors: 2, environment });
    const result = well ? (JSON.parse(readFileSync(resultFile, 'utf8')) as Result) : null;
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
        `${basename(file, '.spec.ts')}: ${result?.passed ?? 0} passed in ${seconds} s${well ? '' : ', FAILED'}`,
    );
    if (!well) failed += 1;
}
process.exit(failed > 0 ? 1 : 0);
