// How well a language model does as Reeve's: `npm run eval -- MODEL.gguf`. Each question is asked of a recorded system, as the
// service would ask it; nothing on this computer is looked at. Ends with a scoreboard.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { bundleInferenceWorker } from '../../build/inferenceWorker.ts';
import { LocalBackend } from '../../service/inference/local/localBackend.ts';
import { evaluateBuiltIn } from './builtIn/run.ts';
import { evaluateKnowledge } from './knowledge/run.ts';
import { categories } from './evalCase.ts';
import { evaluate } from './evaluate.ts';
import type { CaseResult } from './evaluate.ts';
import { loadCases, loadStates } from './load.ts';
import { describeFailure, scoreboard } from './scoreboard.ts';
import { messageOf } from '../../service/util/errors.ts';

const usage = `Usage: npm run eval -- MODEL.gguf [options]
       npm run eval -- --built-in [--failures | --held-out]
       npm run eval -- --knowledge --tldr FOLDER [--share FOLDER] [--failures | --held-out]

  --category NAME   only ${categories.join(', ')}; may be repeated
  --case ID         only this case; may be repeated
  --cpu             on the processor, even where there is a graphics card that can
  --context N       tokens in the context; default 16384
  --threads N       default: half of the processors
  --json FILE       write every question, call and answer there
  --built-in        without a model: how many questions and wishes are understood
  --failures        print each line that was not understood rightly
  --held-out        what is held out, for a figure to publish, instead of the others: a third of the lines, half of the sentences
  --knowledge       without a model: whether the documentation is found for the sentences of tldr-pages
  --tldr FOLDER     a checkout of https://github.com/tldr-pages/tldr
  --share FOLDER    has man/man1 and so on; by default those of this computer`;

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        category: { type: 'string', multiple: true, default: [] },
        case: { type: 'string', multiple: true, default: [] },
        cpu: { type: 'boolean', default: false },
        context: { type: 'string', default: '16384' },
        threads: { type: 'string', default: String(Math.max(1, availableParallelism() / 2)) },
        json: { type: 'string' },
        'built-in': { type: 'boolean', default: false },
        failures: { type: 'boolean', default: false },
        'held-out': { type: 'boolean', default: false },
        knowledge: { type: 'boolean', default: false },
        tldr: { type: 'string' },
        share: { type: 'string' },
        help: { type: 'boolean', default: false },
    },
});
if (values['built-in'] && positionals.length === 0) {
    await evaluateBuiltIn({ isHeldOut: values['held-out'], showsFailures: values.failures });
    process.exit();
}
if (values.knowledge && values.tldr !== undefined && positionals.length === 0) {
    const { tldr, share, 'held-out': isHeldOut, failures: showsFailures } = values;
    await evaluateKnowledge({ tldr, share, isHeldOut, showsFailures });
    process.exit();
}
const [path, ...others] = positionals;
if (values.help || path === undefined || others.length > 0) {
    console.error(usage);
    process.exit(values.help ? 0 : 2);
}
const cases = loadCases().filter(
    ({ id, category }) =>
        (values.case.length === 0 || values.case.includes(id)) &&
        (values.category.length === 0 || values.category.includes(category)),
);
if (cases.length === 0) {
    console.error('No case is called that.');
    process.exit(2);
}

const root = join(import.meta.dirname, '../..');
const folder = await mkdtemp(join(tmpdir(), 'reeve-eval-'));
const stop = new AbortController();
process.once('SIGINT', () => {
    stop.abort(new Error('stopped'));
});
const results: CaseResult[] = [];
try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await bundleInferenceWorker(root, folder, { name: 'worker' });
    await using backend = new LocalBackend({
        program: {
            node: process.execPath,
            flags: ['--disable-warning=ExperimentalWarning'],
            script: join(folder, 'worker.mjs'),
        },
        unit: null,
        environment: process.env,
        folder: join(folder, 'state'),
        settings: () => ({
            idleAfter: 600_000,
            accelerator: values.cpu ? 'cpu' : 'auto',
            threads: Math.max(1, Math.floor(Number(values.threads)) || 1),
        }),
        watchConditions: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    });
    const model = {
        kind: 'file' as const,
        name: basename(path, '.gguf'),
        path: resolve(path),
        sha256: null,
        contextTokens: Number(values.context) || null,
    };
    await backend.load({ model, client: 'eval', signal: stop.signal });
    const { accelerator } = backend.status;
    console.log(`${model.name} on ${accelerator?.title ?? 'an unknown accelerator'}, ${cases.length} questions`);
    for await (const result of evaluate({ backend, model }, { cases, states: loadStates(), signal: stop.signal })) {
        results.push(result);
        if (!result.verdict.passed) console.log(describeFailure(result));
    }
    console.log(`\n${scoreboard(model.name, results)}`);
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(results, null, 2));
} catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
} finally {
    await rm(folder, { recursive: true, force: true });
}
