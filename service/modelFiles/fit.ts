/** How much memory a model takes, and which memory of this computer has it. docs/models.md explains the figures. */
import type { ModelFacts } from './gguf/facts.ts';
import type { Survey } from './survey.ts';

/** Bytes. */
export type Need = { weights: number; cache: number; buffers: number; total: number };

/**
 * - `gpu`: all of it on the graphics card
 * - `split`: partly there, the rest in memory
 * - `cpu`: in memory
 * - `none`: nowhere
 */
export type Place = 'gpu' | 'split' | 'cpu' | 'none';

/** The planned context in tokens, if the model has as many: some pages of log and a long conversation. */
const plannedContext = 8192;

const mebibyte = 1_048_576;
const gibibyte = 1024 * mebibyte;

/** Tokens that llama.cpp computes at a time (n_ubatch of common/common.h); for each it makes room for all of the vocabulary. */
const batch = 512;

export function needOf(facts: Pick<ModelFacts, 'weights' | 'cachePerToken' | 'vocabulary' | 'context'>): Need {
    const context = Math.min(plannedContext, facts.context ?? plannedContext);
    return sum(facts.weights, facts.cachePerToken * context, facts.vocabulary * batch * 4 + 128 * mebibyte);
}

function sum(weights: number, cache: number, buffers: number): Need {
    return { weights, cache, buffers, total: weights + cache + buffers };
}

/** Memory reserved for the rest of the desktop, in any case. */
export function budget({ memory, gpus }: Pick<Survey, 'memory' | 'gpus'>): { ram: number; vram: number } {
    const largest = Math.max(0, ...gpus.map(gpu => gpu.memory ?? 0));
    return {
        ram: Math.max(0, memory - Math.max(2 * gibibyte, memory / 4)),
        vram: Math.max(0, largest - Math.max(512 * mebibyte, largest / 10)),
    };
}

export function placeOf(need: Need, survey: Pick<Survey, 'memory' | 'gpus'>): Place {
    const { ram, vram } = budget(survey);
    if (need.total <= vram) return 'gpu';
    // The memory that processors' graphics set aside is too small to be worth moving anything to.
    const isWorthwhile = vram >= 2 * gibibyte;
    if (isWorthwhile && need.total <= vram + ram) return 'split';
    return need.total <= ram ? 'cpu' : 'none';
}
