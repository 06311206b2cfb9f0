// Runs the specs of the extension's pure modules under GJS, the engine that will run them: regular expressions, Unicode
// and sorting are the engine's own. `npm run test -- unit` runs the same specs under Node.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), 'reeve-gjs-'));
const bundle = join(scratch, 'specs.js');
const specs = globSync('*.spec.ts', { cwd: folder }).sort();

try {
    await build({
        stdin: {
            contents: [
                "import './gjsJasmine.js';",
                ...specs.map(spec => `import './${spec}';`),
                'await runSpecs();',
            ].join('\n'),
            resolveDir: folder,
        },
        bundle: true,
        format: 'esm',
        platform: 'neutral',
        // The package's own entry is for Node.
        alias: { 'jasmine-core': join(folder, '../../../node_modules/jasmine-core/lib/jasmine-core/jasmine.js') },
        external: ['system', 'gi://*'],
        target: 'firefox102',
        outfile: bundle,
        logLevel: 'error',
    });
    const { error, status } = spawnSync('gjs', ['-m', bundle], { stdio: 'inherit', timeout: 60_000 });
    if (error !== undefined) throw error;
    process.exitCode = status ?? 1;
} finally {
    rmSync(scratch, { recursive: true, force: true });
}
