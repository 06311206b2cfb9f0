import type { AcceleratorName } from '../backend.ts';
import type { Launch } from './launch.ts';
import { Worker, WorkerEnded, type Patience } from './worker.ts';

/** The output of the tiny model there. */
type Findings = {
    devices: string[];
    /** Written token by token, which some of a driver's programs are for. */
    text: string;
    /** Of length 1: the result of a long prompt, which uses other programs of the driver. */
    vector: number[];
};
type Failed = { problem: string; isMissing: boolean };

/** How an accelerator is used: with or without the matrix units of modern GPUs. */
export type Way = { accelerator: AcceleratorName; matrixUnits: boolean };

const sentence = 'A probe of what computes here';
/** Longer than a tile of ggml's largest program for matrices, 64 columns: driver faults that are only there pass a short one. */
const longText = Array.from({ length: 8 }, (_, index) => `${sentence}, ${index}.`).join(' ');

/**
 * By how much vectors may point elsewhere, as 1 minus the cosine. Rounding to half precision came to 1e-6, weights and values
 * of 8 bits to 8e-5, and a driver with wrong products of matrices to 4e-2 and more.
 */
const tolerance = 1e-3;

/**
 * Runs a model in a child process of its own.
 *
 * @throws the signal's reason
 */
export async function probe(
    options: { launch: Launch; patience: Patience; path: string; way: Way },
    signal: AbortSignal,
): Promise<Findings | Failed> {
    const { launch, patience, path, way } = options;
    try {
        await using worker = await Worker.start(launch, patience, signal);
        const load = { type: 'load', path, ...way, contextTokens: 512, threads: 1, prefixes: null } as const;
        const loaded = await worker.carryOut(load, () => undefined, signal);
        signal.throwIfAborted();
        if (loaded.type !== 'loaded') return failed(loaded);
        let text = '';
        const write = { temperature: 0, seed: null, maxTokens: 24 } as const;
        const done = await worker.carryOut(
            { type: 'complete', prompt: sentence, ...write },
            report => {
                if (report.type === 'text') text += report.text;
            },
            signal,
        );
        signal.throwIfAborted();
        if (done.type !== 'done') return failed(done);
        let vector: number[] = [];
        const embedded = await worker.carryOut(
            { type: 'embed', texts: [longText] },
            report => {
                if (report.type === 'vector') vector = report.values;
            },
            signal,
        );
        signal.throwIfAborted();
        return embedded.type === 'embedded' ? { devices: loaded.devices, text, vector } : failed(embedded);
    } catch (error) {
        if (error instanceof WorkerEnded) return { problem: error.ending.detail, isMissing: false };
        throw error;
    }
}

/** Whether two results are equal but for rounding. */
export function agree(one: Findings, other: Findings): boolean {
    if (one.text !== other.text) return false;
    const cosine = one.vector.reduce((sum, value, index) => sum + value * (other.vector[index] ?? 0), 0);
    return Math.abs(1 - cosine) <= tolerance;
}

function failed(outcome: { type: string; failure?: string; detail?: string }): Failed {
    return { problem: outcome.detail ?? outcome.type, isMissing: outcome.failure === 'not-installed' };
}
