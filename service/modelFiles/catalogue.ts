/**
 * Well-known models that follow instructions, from the weakest to the strongest. That order is our judgement, by size
 * and generation. Each entry names where its facts come from; unconfirmed facts are null, and the download asks the hub
 * for them. docs/models.md says how to add one.
 */
import * as z from 'zod';

import data from './catalogue.json' with { type: 'json' };
import { fileName, modelId, repositoryName, sha256 } from './names.ts';

const entry = z.strictObject({
    id: modelId,
    name: z.string().min(1).max(64),
    family: z.string().min(1).max(64),
    /** In billions; of a mixture of experts, all of them, and those that work on one token. */
    parameters: z.number().positive(),
    activeParameters: z.number().positive(),
    quantisation: z.string().min(1).max(16),
    /** An SPDX identifier where there is one. */
    licence: z.string().min(1).max(64),
    repository: repositoryName,
    file: fileName,
    /** The commit of the repository in which the file is; null for its newest. */
    revision: z
        .string()
        .regex(/^[0-9a-f]{40}$/)
        .nullable(),
    /** In bytes. */
    size: z.int().positive().nullable(),
    sha256: sha256.nullable(),
    /** Tokens. */
    context: z.int().positive().nullable(),
    /** How the model was trained to write a call: see docs/models.md. */
    toolCalls: z.enum(['hermes', 'qwen3.5', 'llama3', 'mistral', 'harmony', 'gemma4', 'generic']).nullable(),
    /** Where these facts can be looked up. */
    source: z.string().min(1).max(300),
});
export type CatalogueEntry = z.output<typeof entry>;

let parsed: readonly CatalogueEntry[] | undefined;

export function catalogue(): readonly CatalogueEntry[] {
    parsed ??= z.array(entry).parse(data);
    return parsed;
}

export function findEntry(id: string): CatalogueEntry | undefined {
    return catalogue().find(known => known.id === id);
}

/** Bits that each parameter takes; llama.cpp's tools/quantize/README.md, measured on Llama 3.1 8B; MXFP4 by its definition. */
const bitsPerParameter: Readonly<Record<string, number>> = { Q4_K_M: 4.8944, Q8_0: 8.5008, MXFP4: 4.25 };

/** Bytes of the file; estimated from the number of parameters where the size is not known. */
export function sizeOf({ size, parameters, quantisation }: CatalogueEntry): number {
    return size ?? Math.round((parameters * 1e9 * (bitsPerParameter[quantisation] ?? 16)) / 8);
}
