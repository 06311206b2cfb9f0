// What a model costs to load, to stop and to unload, and what stays behind. REEVE_BENCH_MODEL names a GGUF file to measure with
// in place of one of random weights; REEVE_BENCH_CYCLES shortens the 200 cycles for a first look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../../build/build.ts';
import type { ChatRequest, Model, Usage } from '../../service/inference/backend.ts';
import { tinyModel } from '../../service/inference/gguf/tinyModel.ts';
import { LocalBackend } from '../../service/inference/local/localBackend.ts';
import { describeLatency, quantile } from './statistics.ts';

const cycles = Number(process.env.REEVE_BENCH_CYCLES ?? 200);
const rounds = 20;

/** PSS in KiB and open files of this process, which stands for the service. */
async function ownCost(): Promise<{ pss: number; files: number }> {
    globalThis.gc?.();
    const rollup = await readFile('/proc/self/smaps_rollup', 'utf8');
    return { pss: Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]), files: (await readdir('/proc/self/fd')).length };
}

/** Microseconds that `work` takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await work();
    return (performance.now() - started) * 1000;
}

export async function bench(): Promise<void> {
    const lib = join(await buildAll(), 'lib');
    const folder = await mkdtemp(join(tmpdir(), 'reeve-bench-'));
    const program = { node: join(lib, 'node'), script: join(lib, 'inference.mjs') };
    const settings = () => ({ idleAfter: 3_600_000, accelerator: 'cpu' as const, threads: 1 });
    const watchConditions = () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
    await using backend = new LocalBackend({
        program,
        unit: null,
        environment: process.env,
        folder,
        settings,
        watchConditions,
    });
    try {
        const path = process.env.REEVE_BENCH_MODEL ?? join(folder, 'model.gguf');
        if (process.env.REEVE_BENCH_MODEL === undefined) await writeFile(path, tinyModel({ contextTokens: 8192 }));
        const model: Model = { kind: 'file', name: 'bench', path, sha256: 'f'.repeat(64), contextTokens: null };
        await loadAndUnload(backend, model, program.node);
        await firstToken(backend, model);
        await abort(backend, model);
        await repeat(backend, model);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

function question(model: Model, text: string, more: Partial<ChatRequest> = {}): ChatRequest {
    const { signal } = new AbortController();
    return { model, client: 'bench', signal, maxTokens: 16, messages: [{ role: 'user', text }], ...more };
}

async function askFor(backend: LocalBackend, request: ChatRequest): Promise<Usage> {
    for await (const generated of backend.chat(request)) if (generated.type === 'end') return generated.usage;
    throw new Error('The answer had no end');
}

async function loadAndUnload(backend: LocalBackend, model: Model, node: string): Promise<void> {
    const bare: number[] = [];
    const load: number[] = [];
    const unload: number[] = [];
    const before = await ownCost();
    let worker = 0;
    for (let round = 0; round < rounds; round++) {
        bare.push(await timed(() => once(spawn(node, ['-e', '0'], { stdio: 'ignore' }), 'exit')));
        load.push(await timed(() => backend.load(question(model, ''))));
        const rollup = await readFile(`/proc/${backend.workerPid ?? 0}/smaps_rollup`, 'utf8');
        worker = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]);
        unload.push(await timed(() => backend.unload('asked')));
    }
    const after = await ownCost();
    console.log(`  load, worker and all:  ${describeLatency(load)}`);
    console.log(`  bare start of Node:    ${describeLatency(bare)}`);
    console.log(`  ratio:                 ${(quantile(load, 0.5) / quantile(bare, 0.5)).toFixed(1)}`);
    console.log(`  unload, until the process has ended: ${describeLatency(unload)}`);
    console.log(
        `  worker, loaded: ${(worker / 1024).toFixed(1)} MiB; given back by unloading: all of it, the process is gone`,
    );
    console.log(`  service: ${(before.pss / 1024).toFixed(1)} MiB before, ${(after.pss / 1024).toFixed(1)} MiB after`);
}

async function firstToken(backend: LocalBackend, model: Model): Promise<void> {
    const system = {
        role: 'system' as const,
        text: 'You answer questions about this computer, truly and shortly. '.repeat(30),
    };
    const messages = [system, { role: 'user' as const, text: 'What failed?' }];
    const ask = () => askFor(backend, question(model, '', { messages }));
    const cold = await ask();
    await backend.unload('asked');
    const restored = await ask();
    const warm = await ask();
    const say = (name: string, { firstToken, promptTokens, cachedTokens }: Usage) => {
        console.log(`  ${name} ${(firstToken ?? 0).toFixed(1)} ms (${cachedTokens} of ${promptTokens} tokens known)`);
    };
    say('first token, nothing known:               ', cold);
    say('first token, loaded anew, prefix from disk:', restored);
    say('first token, warm:                        ', warm);
}

async function abort(backend: LocalBackend, model: Model): Promise<void> {
    const told: number[] = [];
    const served: number[] = [];
    for (let round = 0; round < rounds; round++) {
        const cancel = new AbortController();
        let started = 0;
        try {
            for await (const generated of backend.chat(
                question(model, 'On and on', { signal: cancel.signal, maxTokens: 4000 }),
            )) {
                if (generated.type !== 'text' || started > 0) continue;
                started = performance.now();
                cancel.abort();
            }
        } catch {
            told.push((performance.now() - started) * 1000);
        }
        const { waited } = await askFor(backend, question(model, 'And now?', { maxTokens: 1 }));
        served.push(waited * 1000);
    }
    if (told.length === 0) throw new Error('Nothing could be aborted');
    console.log(`  abort, until the caller knows:     ${describeLatency(told)}`);
    console.log(`  abort, until the next is worked on: ${describeLatency(served)}`);
}

async function repeat(backend: LocalBackend, model: Model): Promise<void> {
    const costs: { pss: number; files: number }[] = [];
    const started = performance.now();
    for (let cycle = 0; cycle < cycles; cycle++) {
        const cancel = new AbortController();
        try {
            for await (const generated of backend.chat(question(model, 'Hello', { signal: cancel.signal })))
                if (generated.type === 'text') cancel.abort();
        } catch {
            // It was aborted, as it was meant to be.
        }
        await backend.unload('asked');
        costs.push(await ownCost());
    }
    const third = Math.floor(cycles / 3);
    const medians = ([first, last]: [number, number]) => {
        const part = costs.slice(first, last);
        const files = quantile(
            part.map(cost => cost.files),
            0.5,
        );
        return {
            memory:
                quantile(
                    part.map(cost => cost.pss),
                    0.5,
                ) / 1024,
            files,
        };
    };
    const [early, late] = [medians([0, third]), medians([cycles - third, cycles])];
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
        `  ${cycles} times loaded, asked, aborted, unloaded in ${seconds} s; the first third and the last (medians):`,
    );
    console.log(
        `  memory ${early.memory.toFixed(1)} and ${late.memory.toFixed(1)} MiB, open files ${early.files} and ${late.files}`,
    );
}
