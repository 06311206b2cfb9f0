import { decodeCatalogue, decodeModels } from '../../../extension/remote/models.ts';

describe('What comes over the bus about models', () => {
    it('is translated from its numbers', () => {
        const models = decodeModels({
            Installed: [{ id: 'a', name: 'A', size: 5 }],
            Quick: 'a',
            Transfers: [{ id: '', name: 'b.gguf', kind: 1, received: 3, total: 4, step: 'Reading', running: true }],
            Computing: { accelerator: 'cpu', tried: [{ accelerator: 'cuda', works: false, detail: 'no card' }] },
        });
        expect(models.installed.map(({ id, size }) => ({ id, size }))).toEqual([{ id: 'a', size: 5 }]);
        expect(models.transfers).toEqual([
            { id: '', name: 'b.gguf', kind: 'import', received: 3, total: 4, step: 'Reading', running: true },
        ]);
        expect(models.computing.tried).toEqual([{ accelerator: 'cuda', works: false, device: '', detail: 'no card' }]);
    });

    it('may lack anything, and offers no model whose place is not understood', () => {
        expect(decodeModels({})).toEqual(
            jasmine.objectContaining({ installed: [], quick: '', hard: '', transfers: [] }),
        );
        expect(decodeModels({ Computing: {} }).computing.accelerator).toBe('');
        const places = decodeCatalogue([{ place: 0 }, { place: 3 }, { place: 9 }, {}]).map(({ place }) => place);
        expect(places).toEqual(['gpu', 'none', 'none', 'gpu']);
        expect(decodeCatalogue('nonsense')).toEqual([]);
    });
});
