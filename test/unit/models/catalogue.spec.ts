import { architectures } from '../../../service/models/gguf/architectures.ts';
import { catalogue, findEntry, sizeOf } from '../../../service/models/catalogue.ts';

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
    it('do not include what cannot converse', () => {
        expect(architectures.has('llama')).toBeTrue();
        for (const other of ['bert', 'clip', 't5encoder', 'gemma-embedding', 'wavtokenizer-dec'])
            expect(architectures.has(other)).withContext(other).toBeFalse();
    });
});
