// A model's speed beside that of llama-server, Debian's package: the same file, the same number of threads, asked in turns.
//
// Both run before all ordinary processes (sched(7), SCHED_RR), and who asks before them: their threads wait for one another in
// busy loops, so that anything else that runs would be all that is measured.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from '../../build/build.ts';
import { randomModel } from '../../service/inference/gguf/randomModel.ts';
import { LocalBackend } from '../../service/inference/local/localBackend.ts';
import type { Model } from '../../service/inference/backend.ts';
import { Desktop } from '../desktop/desktop.ts';
import { run } from '../desktop/hostCommand.ts';
import { installPackages, versionOf } from '../desktop/support/packages.ts';
import { LlamaServer } from './llamaServer.ts';
import { Stopwatch, type Answer, type Asked, type Side } from './side.ts';
import { describeLatency, quantile } from './statistics.ts';

const rounds = 5;
/** A long prompt takes many seconds, and varies little. */
const longRounds = 2;
const threads = 2;
const contextTokens = 8192;
const modelInside = '/opt/model.gguf';
/** Tokens of one answer. */
const length = 96;

export async function bench(): Promise<void> {
    const lib = join(await buildAll(), 'lib');
    const folder = await mkdtemp(join(tmpdir(), 'reeve-bench-'));
    try {
        const file = join(folder, 'model.gguf');
        await writeFile(file, modelFile());
        await using desktop = await Desktop.boot('forky', { files: { [modelInside]: pathToFileURL(file) } });
        await installPackages(desktop, ['llama.cpp']);
        const server = new LlamaServer(desktop, { model: modelInside, threads, contextTokens });
        await using ours = new Ours(lib, folder, desktop.outside(modelInside));
        console.log(`  ${await versionOf(desktop, 'llama.cpp')}; 0.43 billion weights in Q8_0, ${threads} threads`);
        await run(['chrt', '--rr', '--pid', '2', String(process.pid)]);
        await compare({ ours, server });
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** Random weights in the shape of the smallest models that people use. */
function modelFile(): Uint8Array {
    return randomModel({
        ...{ seed: 1, contextTokens, layers: 24, width: 1024, hidden: 4096, heads: 16, keyValueHeads: 4 },
        ...{ words: 32_000, weights: 'q8_0' },
    });
}

class Ours implements Side, AsyncDisposable {
    readonly #backend: LocalBackend;
    readonly #model: Model;

    constructor(lib: string, folder: string, path: string) {
        this.#model = { kind: 'file', name: 'bench', path, sha256: null, contextTokens };
        this.#backend = new LocalBackend({
            program: { node: 'chrt', flags: ['--rr', '1', join(lib, 'node')], script: join(lib, 'inference.mjs') },
            unit: null,
            environment: process.env,
            folder,
            settings: () => ({ idleAfter: 3_600_000, accelerator: 'cpu', threads }),
            watchConditions: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
        });
    }

    async start(): Promise<void> {
        await this.#backend.load(this.#request());
    }

    async stop(): Promise<void> {
        await this.#backend.unload('asked');
    }

    async ask({ messages, tokens }: Asked): Promise<Answer> {
        const watch = new Stopwatch();
        for await (const generated of this.#backend.chat({ ...this.#request(), messages, maxTokens: tokens })) {
            if (generated.type === 'text') watch.text();
            if (generated.type === 'end')
                return watch.answer(generated.usage.promptTokens, generated.usage.completionTokens);
        }
        throw new Error('The answer had no end');
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#backend[Symbol.asyncDispose]();
    }

    #request() {
        return { model: this.#model, client: 'bench', signal: new AbortController().signal };
    }
}

/** Words of the vocabulary, never the same ones twice, so that nothing of it is known already. */
function newPrompt(words: number, salt: number): string {
    const letter = (number: number) => String.fromCharCode(0x61 + (Math.floor(number) % 26));
    return Array.from({ length: words }, (_, index) => {
        const number = salt * 7919 + index * 31;
        return [1, 26, 26 ** 2].map(power => letter(number / power)).join('') + 'a';
    }).join(' ');
}

const questions = {
    cold: (round: number) => ({ messages: talk(newPrompt(8, round)), tokens: 1 }),
    warm: (round: number) => ({ messages: talk(newPrompt(8, 100 + round)), tokens: 1 }),
    long: (round: number) => ({ messages: talk(newPrompt(400, 1000 + round)), tokens: 1 }),
    speed: (round: number) => ({ messages: talk(newPrompt(8, 200 + round)), tokens: length }),
};
type Question = keyof typeof questions;

async function compare(sides: { ours: Side; server: Side }): Promise<void> {
    const answers: Record<keyof typeof sides, Record<Question, Answer[]>> = {
        ours: { cold: [], warm: [], long: [], speed: [] },
        server: { cold: [], warm: [], long: [], speed: [] },
    };
    for (let round = 0; round < rounds; round++) {
        // The second finds the processor as the first has left it.
        const names = round % 2 === 0 ? (['ours', 'server'] as const) : (['server', 'ours'] as const);
        for (const name of names) {
            const started = performance.now();
            await sides[name].start();
            const loading = performance.now() - started;
            const answer = await sides[name].ask(questions.cold(round));
            answers[name].cold.push({ ...answer, firstToken: loading + answer.firstToken });
        }
        for (const question of round < longRounds ? (['warm', 'long', 'speed'] as const) : (['warm', 'speed'] as const))
            for (const name of names) answers[name][question].push(await sides[name].ask(questions[question](round)));
        for (const name of names) await sides[name].stop();
    }
    const { ours, server } = answers;
    for (const question of ['cold', 'warm', 'long'] as const) {
        const [us, them] = [ours, server].map(side => side[question].map(answer => answer.firstToken * 1000));
        console.log(`  first token, ${question}, ${ours[question][0]?.promptTokens ?? 0} tokens of prompt`);
        console.log(`    Reeve         ${describeLatency(us ?? [])}`);
        console.log(`    llama-server  ${describeLatency(them ?? [])}`);
        console.log(`    ratio         ${(quantile(us ?? [], 0.5) / quantile(them ?? [], 0.5)).toFixed(2)} (medians)`);
    }
    const median = (side: Record<Question, Answer[]>) =>
        quantile(
            side.speed.map(({ speed }) => speed),
            0.5,
        );
    const [us, them] = [median(ours), median(server)];
    console.log(
        `  tokens a second: Reeve ${us.toFixed(1)}, llama-server ${them.toFixed(1)}; ratio ${(us / them).toFixed(3)} (medians)`,
    );
}

const system = 'You answer questions about this computer, truly and shortly. '.repeat(4);
const talk = (text: string) => [
    { role: 'system' as const, text: system },
    { role: 'user' as const, text },
];
