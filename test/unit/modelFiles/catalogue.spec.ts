import { readFileSync } from 'node:fs';

import { architectures } from '../../../service/modelFiles/gguf/architectures.ts';
import { catalogue, findEntry, sizeOf } from '../../../service/modelFiles/catalogue.ts';

describe('The catalogue', () => {
    it('is what its schema says, and names each model and file once', () => {
        const entries = catalogue();
        expect(entries.length).toBeGreaterThan(15);
        for (const key of ['id', 'name', 'sha256'] as const) {
            const values = entries.map(entry => entry[key]).filter(value => value !== null);
            expect(new Set(values).size).withContext(key).toBe(values.length);
        }
    });

    it('spans small and large ones, from the weakest to the strongest', () => {
        const sizes = catalogue().map(({ parameters }) => parameters);
        expect(Math.min(...sizes)).toBeLessThan(1);
        expect(Math.max(...sizes)).toBeGreaterThan(20);
        const active = catalogue().map(entry => entry.activeParameters);
        expect(catalogue().every((entry, index) => (active[index] ?? 0) <= entry.parameters)).toBeTrue();
    });

    it('states sizes that go with the number of parameters', () => {
        for (const entry of catalogue().filter(({ size }) => size !== null)) {
            const estimate = sizeOf({ ...entry, size: null });
            const ratio = sizeOf(entry) / estimate;
            // Vocabularies weigh more in small models, names round the number of parameters.
            expect(ratio).withContext(`${entry.id}: ${ratio}`).toBeGreaterThan(0.8);
            expect(ratio).withContext(`${entry.id}: ${ratio}`).toBeLessThan(1.4);
        }
    });

    it('finds what is there and nothing else', () => {
        expect(findEntry('qwen3-0.6b')?.file).toBe('Qwen3-0.6B-Q8_0.gguf');
        expect(findEntry('__proto__')).toBeUndefined();
    });
});

describe('The kinds of models that can be run', () => {
    /** Embedding and encoding; images; speech; drafts for another model; text that is not written from left to right. */
    const others = [
        ...[
            'bert',
            'modern-bert',
            'nomic-bert',
            'nomic-bert-moe',
            'neo-bert',
            'jina-bert-v2',
            'jina-bert-v3',
            'eurobert',
        ],
        ...['gemma-embedding', 'llama-embed', 't5', 't5encoder'],
        ...['clip', 'deepseek2-ocr', 'paddleocr'],
        ...['wavtokenizer-dec', 'qwen3tts'],
        ...['gemma4-assistant', 'eagle3', 'dflash'],
        ...['dream', 'llada', 'llada-moe', 'rnd1'],
        '(unknown)',
    ];

    it('are those of the inference library that can hold a conversation', () => {
        const types = readFileSync('node_modules/node-llama-cpp/dist/gguf/types/GgufMetadataTypes.d.ts', 'utf8');
        const [, listed = ''] = /enum GgufArchitectureType \{([^}]*)\}/.exec(types) ?? [];
        const known = Array.from(listed.matchAll(/"([^"]+)"/g), ([, name = '']) => name);
        expect(known.length).toBeGreaterThan(100);
        expect([...architectures, ...others].sort()).toEqual(known.sort());
    });
});
