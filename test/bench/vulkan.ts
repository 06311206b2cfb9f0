// The way to a GPU without one: Mesa's Vulkan driver for the processor must write the very text that llama.cpp's own code for
// the processor writes, in the way that the probe finds right. REEVE_BENCH_MODEL names a GGUF file to try in place of one of random weights.
import { readFile } from 'node:fs/promises';
import { tinyModel } from '../../service/inference/gguf/tinyModel.ts';
import type { Launch } from '../../service/inference/local/launch.ts';
import { agree, probe, type Way } from '../../service/inference/local/probe.ts';
import { usualPatience, Worker, type Outcome } from '../../service/inference/local/worker.ts';
import { Desktop } from '../desktop/desktop.ts';
import { installPackages, versionOf } from '../desktop/support/packages.ts';

const modelInside = '/home/alice/model.gguf';
const probeInside = '/home/alice/probe.gguf';
const prompts = ['Once upon a time', 'The service failed because', 'A list of three things: '];
const length = 64;
const { signal } = new AbortController();
const onProcessor: Way = { accelerator: 'cpu', matrixUnits: true };

export async function bench(): Promise<void> {
    const { REEVE_BENCH_MODEL: path } = process.env;
    const model = path === undefined ? tinyModel({ layers: 4, width: 256 }) : await readFile(path);
    await using desktop = await Desktop.boot('forky');
    await installPackages(desktop, ['mesa-vulkan-drivers']);
    await desktop.writeFile(modelInside, model);
    await desktop.writeFile(probeInside, tinyModel());
    const expected = await write(desktop, onProcessor);
    console.log(`  ${await versionOf(desktop, 'mesa-vulkan-drivers')}`);
    console.log(`  ${length} tokens: ${expected.milliseconds.toFixed(0)} ms on the processor`);
    let isRight = false;
    for (const matrixUnits of [true, false]) {
        const way: Way = { accelerator: 'vulkan', matrixUnits };
        const passes = await isPassed(desktop, way);
        const found = await write(desktop, way);
        const same = prompts.filter((_prompt, index) => found.texts[index] === expected.texts[index]).length;
        console.log(
            `  by way of Vulkan ${matrixUnits ? 'with' : 'without'} cooperative matrices: ${passes ? 'passes' : 'fails'} the probe, ` +
                `${same} of ${prompts.length} texts the same, ${found.milliseconds.toFixed(0)} ms`,
        );
        if (!passes) continue;
        if (same < prompts.length)
            throw new Error('Vulkan passes the probe and writes another text than the processor');
        isRight = true;
    }
    if (!isRight) throw new Error('Vulkan does not pass the probe');
}

/** Whether the service would use it. */
async function isPassed(desktop: Desktop, way: Way): Promise<boolean> {
    const [expected, found] = [await findingsOf(desktop, onProcessor), await findingsOf(desktop, way)];
    return agree(found, expected);
}

async function findingsOf(desktop: Desktop, way: Way) {
    const options = { launch: launchInside(desktop), patience: usualPatience, path: probeInside, way };
    const found = await probe(options, signal);
    if ('problem' in found) throw new Error(found.problem);
    return found;
}

/** The worker of the build, inside. */
function launchInside(desktop: Desktop): Launch {
    // ggml passes over Vulkan devices that are no GPU unless they are asked for by their number (ggml-vulkan.cpp).
    const [program = '', ...argv] = desktop.inside([
        ...['env', 'GGML_VK_VISIBLE_DEVICES=0'],
        ...['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/inference.mjs'],
    ]);
    return { argv: [program, ...argv], environment: process.env, kill: null };
}

async function write(desktop: Desktop, way: Way) {
    await using worker = await Worker.start(launchInside(desktop), usualPatience, signal);
    const load = { type: 'load', path: modelInside, ...way, contextTokens: 512, threads: 1, prefixes: null } as const;
    succeeded(await worker.carryOut(load, () => undefined, signal), 'loaded');
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
        } as const;
        const outcome = await worker.carryOut(
            order,
            report => (text += report.type === 'text' ? report.text : ''),
            signal,
        );
        succeeded(outcome, 'done');
        texts.push(text);
    }
    return { texts, milliseconds: (performance.now() - started) / prompts.length };
}

function succeeded<Type extends Outcome['type']>(outcome: Outcome, type: Type): Extract<Outcome, { type: Type }> {
    if (outcome.type === type) return outcome as Extract<Outcome, { type: Type }>;
    throw new Error(outcome.type === 'failed' ? outcome.detail : `The worker says ${outcome.type}`);
}
