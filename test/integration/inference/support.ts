// A local backend of the test's own, over a tiny model that it writes.
import { rmSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleInferenceWorker } from '../../../build/inferenceWorker.ts';
import type { ChatRequest, Generated, Generation, Model } from '../../../service/inference/backend.ts';
import { tinyModel, type TinyModelOptions } from '../../../service/inference/gguf/tinyModel.ts';
import { LocalBackend, type LocalOptions } from '../../../service/inference/local/localBackend.ts';

const root = join(import.meta.dirname, '../../..');

/** Loading a model takes seconds on a machine that is busy with other tests. */
export const slowest = 60_000;

let workers: Promise<string> | undefined;

/** The folder with main.mjs and faulty.mjs, bundled as in a release: from its sources the worker takes a second to start. */
async function buildWorkers(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-workers-'));
    process.once('exit', () => {
        rmSync(folder, { recursive: true, force: true });
    });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await bundleInferenceWorker(root, folder, { name: 'main' });
    await bundleInferenceWorker(root, folder, { name: 'faulty', entry: 'test/integration/inference/faultyWorker.ts' });
    return folder;
}

/** The worker as a release has it, for a test that starts it in its own way. */
export async function builtWorker(): Promise<string> {
    workers ??= buildWorkers();
    return join(await workers, 'main.mjs');
}

export type Rig = AsyncDisposable & {
    folder: string;
    backend: LocalBackend;
    /** Writes a model file and says how to ask for it. */
    writeModel: (options?: TinyModelOptions, name?: string) => Promise<Extract<Model, { kind: 'file' }>>;
};

export type RigOptions = Partial<LocalOptions> & {
    fault?: string;
    idleAfter?: number;
    accelerator?: 'auto' | 'vulkan' | 'cpu';
};

/** Patience that suits a model of half a megabyte, on a machine that is busy with other tests. */
export const patience = { start: 30_000, silence: 20_000, progress: 30_000, abort: 5000 };

export async function openRig({ fault, idleAfter, accelerator, ...options }: RigOptions = {}): Promise<Rig> {
    workers ??= buildWorkers();
    const built = await workers;
    const folder = await mkdtemp(join(tmpdir(), 'reeve-inference-'));
    const backend = new LocalBackend({
        program: {
            node: process.execPath,
            flags: ['--disable-warning=ExperimentalWarning'],
            script: join(built, fault === undefined ? 'main.mjs' : 'faulty.mjs'),
        },
        unit: null,
        environment: { ...process.env, REEVE_TEST_FAULT: fault ?? '', REEVE_TEST_KILLED: join(folder, 'killed') },
        folder: join(folder, 'state'),
        // One thread: threads of a tiny model mostly wait for one another.
        settings: () => ({ idleAfter: idleAfter ?? 600_000, accelerator: accelerator ?? 'cpu', threads: 1 }),
        watchConditions: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
        patience,
        ...options,
    });
    return {
        folder,
        backend,
        writeModel: async (modelOptions, name = 'tiny') => {
            const path = join(folder, `${name}.gguf`);
            await writeFile(path, tinyModel(modelOptions));
            return { kind: 'file', name, path, sha256: null, contextTokens: null };
        },
        [Symbol.asyncDispose]: async () => {
            await backend[Symbol.asyncDispose]();
            await rm(folder, { recursive: true, force: true });
        },
    };
}

/** Kills the process that holds the model, as if somebody else did. */
export function killWorker({ backend }: Rig): void {
    // Number 0 would be all of the test's own processes, kill(2).
    if (backend.workerPid === null) throw new Error('there is no worker');
    process.kill(backend.workerPid, 'SIGKILL');
}

/** A request for forty tokens of noise. */
export function question(model: Model, more: Partial<ChatRequest> = {}): ChatRequest {
    return {
        model,
        client: ':1.1',
        signal: new AbortController().signal,
        maxTokens: 40,
        messages: [
            { role: 'system', text: 'You answer questions about this computer.' },
            { role: 'user', text: 'What failed?' },
        ],
        ...more,
    };
}

export type Heard = {
    text: string;
    calls: Extract<Generated, { type: 'call' }>['call'][];
    end: Extract<Generated, { type: 'end' }>;
};

/** Everything that a generation yields. */
export async function hear(generation: Generation): Promise<Heard> {
    let text = '';
    const calls: Heard['calls'] = [];
    let end: Heard['end'] | undefined;
    for await (const generated of generation) {
        if (end !== undefined) throw new Error('Something came after the end');
        if (generated.type === 'text') text += generated.text;
        else if (generated.type === 'call') calls.push(generated.call);
        else if (generated.type === 'end') end = generated;
    }
    if (end === undefined) throw new Error('It had no end');
    return { text, calls, end };
}

/** Resolves once the condition holds after one of the backend's changes, or does already. */
export async function until(backend: LocalBackend, condition: () => boolean): Promise<void> {
    while (!condition())
        await new Promise<void>(resolve => {
            const check = () => {
                backend.off('changed', check);
                resolve();
            };
            backend.on('changed', check);
        });
}
