// How long Reeve reads a line, as a wish and as a question, without looking anything up on the computer. The lines are those of
// test/eval/builtIn, and Node runs without a JIT, as for the service.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, stop } from 'esbuild';
import * as z from 'zod';

import { nodeBundle } from '../../build/nodeBundle.ts';
import { loadLines } from '../eval/builtIn/load.ts';
import { describeLatency } from './statistics.ts';

const measured = z.record(z.string(), z.array(z.number()));

export async function bench(): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-understanding-'));
    try {
        const lines = join(directory, 'lines.json');
        writeFileSync(lines, JSON.stringify(loadLines().map(({ text, wanted }) => ({ text, kind: wanted.kind }))));
        const entry = join(import.meta.dirname, 'understandingReader.ts');
        await build({ ...nodeBundle, entryPoints: [entry], outdir: directory });
        const reader = join(directory, 'understandingReader.mjs');
        const output = execFileSync(process.execPath, ['--jitless', '--max-semi-space-size=1', reader, lines]);
        for (const [what, samples] of Object.entries(measured.parse(JSON.parse(output.toString()))))
            console.log(`  ${what.padEnd(28)} ${describeLatency(samples)}`);
    } finally {
        await stop();
        rmSync(directory, { recursive: true });
    }
}
