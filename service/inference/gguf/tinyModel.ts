import { randomModel } from './randomModel.ts';

/** The properties of a tiny model. The defaults make one of about half a megabyte. */
export type TinyModelOptions = {
    /** The same seed gives the same file, byte by byte. */
    seed?: number;
    /** Tokens of the context that it claims to have been trained for. */
    contextTokens?: number;
    layers?: number;
    /** Width of the embedding, a multiple of 32. */
    width?: number;
};

/**
 * A model that loads, computes and writes noise within milliseconds, on every accelerator. The probe of an accelerator runs
 * it, and so do the tests; nothing has to be downloaded.
 */
export function tinyModel({
    seed = 1,
    contextTokens = 4096,
    layers = 2,
    width = 64,
}: TinyModelOptions = {}): Uint8Array {
    return randomModel({
        seed,
        contextTokens,
        layers,
        width,
        hidden: width * 2,
        heads: 4,
        keyValueHeads: 4,
        words: 0,
        weights: 'f32',
    });
}
