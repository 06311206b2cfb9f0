// The way to a GPU without one: Mesa's Vulkan driver for the processor must write the very text that llama.cpp's own code for
// the processor writes. REEVE_BENCH_MODEL names a GGUF file to try in place of one of random weights.
import { readFile } from 'node:fs/promises';
import type { AcceleratorName } from '../../service/inference/backend.ts';
import { tinyModel } from '../../service/inference/gguf/tinyModel.ts';
import { usualPatience, Worker, type Outcome } from '../../service/inference/local/worker.ts';
import { Desktop } from '../desktop/desktop.ts';
import { installPackages, versionOf } from '../desktop/support/packages.ts';

const modelInside = '/home/alice/model.gguf';
const prompts = ['Once upon a time', 'The service failed because', 'A list of three things: '];
const length = 64;
const { signal } = new AbortController();

export async function bench(): Promise<void> {
    const { REEVE_BENCH_MODEL: path } = process.env;
    const model = path === undefined ? tinyModel({ layers: 4, width: 256 }) : await readFile(path);
    await using desktop = await Desktop.boot('forky');
    await installPackages(desktop, ['mesa-vulkan-drivers']);
    await desktop.writeFile(modelInside, model);
    const onCpu = await write(desktop, 'cpu');
    const onVulkan = await write(desktop, 'vulkan');
    console.log(`  ${await versionOf(desktop, 'mesa-vulkan-drivers')}: ${onVulkan.devices.join(', ')}`);
    for (const [index, prompt] of prompts.entries()) {
        const isSame = onCpu.texts[index] === onVulkan.texts[index];
        console.log(`  "${prompt}": ${isSame ? 'the same text' : 'another text'}`);
    }
    console.log(
        `  ${length} tokens: ${onCpu.milliseconds.toFixed(0)} ms on the processor, ${onVulkan.milliseconds.toFixed(0)} ms by way of Vulkan`,
    );
    if (onCpu.texts.join() !== onVulkan.texts.join()) throw new Error('Vulkan writes another text than the processor');
}

/** What the worker of the build writes inside. */
async function write(desktop: Desktop, accelerator: AcceleratorName) {
    // ggml passes over Vulkan devices that are no GPU unless they are asked for by their number (ggml-vulkan.cpp).
    const [program = '', ...argv] = desktop.inside([
        ...['env', 'GGML_VK_VISIBLE_DEVICES=0'],
        ...['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/inference.mjs'],
    ]);
    const launch = { argv: [program, ...argv] as const, environment: process.env, kill: null };
    await using worker = await Worker.start(launch, usualPatience, signal);
    const load = {
        type: 'load',
        path: modelInside,
        accelerator,
        contextTokens: 512,
        threads: 1,
        prefixes: null,
    } as const;
    const loaded = succeeded(await worker.carryOut(load, () => undefined, signal), 'loaded');
    const texts: string[] = [];
    const started = performance.now();
    for (const prompt of prompts) {
        let text = '';
        const order = {
            type: 'complete',
            prompt,
            temperature: 0,
            seed: null,
            maxTokens: length,
            schema: null,
            grammar: null,
        } as const;
        const outcome = await worker.carryOut(
            order,
            report => (text += report.type === 'text' ? report.text : ''),
            signal,
        );
        succeeded(outcome, 'done');
        texts.push(text);
    }
    return { devices: loaded.devices, texts, milliseconds: (performance.now() - started) / prompts.length };
}

function succeeded<Type extends Outcome['type']>(outcome: Outcome, type: Type): Extract<Outcome, { type: Type }> {
    if (outcome.type === type) return outcome as Extract<Outcome, { type: Type }>;
    throw new Error(outcome.type === 'failed' ? outcome.detail : `The worker says ${outcome.type}`);
}
