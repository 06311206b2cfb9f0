import type { BackendStatus, Model } from '../../../service/inference/backend.ts';
import type { Inference } from '../../../service/inference/inference.ts';
import { makeThinkers } from '../../../service/inference/thinkers.ts';
import type { ModelFile } from '../../../service/models/models.ts';

const file = (name: string): ModelFile => ({
    kind: 'file',
    name,
    path: `/models/${name}`,
    sha256: '',
    contextTokens: null,
});
const server: Model = { kind: 'remote', name: 'elsewhere' };

async function answering(
    effort: 'quick' | 'hard',
    chosen: { quick?: ModelFile; hard?: ModelFile },
    inMemory: string | null = null,
): Promise<string | undefined> {
    const status = inMemory === null ? null : ({ kind: 'local', state: 'ready', model: inMemory } as BackendStatus);
    const models = { list: () => [], fileFor: (role: 'quick' | 'hard') => chosen[role] ?? null };
    const inference = { status, serverModel: server, backendFor: () => Promise.resolve({}) } as unknown as Inference;
    return (await makeThinkers({ models, inference }).forQuestion(null, effort))?.model.name;
}

describe('Of the chosen models', () => {
    const both = { quick: file('small'), hard: file('large') };

    it('each answers what it was chosen for', async () => {
        expect(await answering('quick', both)).toBe('small');
        expect(await answering('hard', both)).toBe('large');
    });

    it('the large one answers quick questions while it is in memory, and the small one no hard ones', async () => {
        expect(await answering('quick', both, 'large')).toBe('large');
        expect(await answering('hard', both, 'small')).toBe('large');
    });

    it('none is chosen: the server answers', async () => {
        expect(await answering('quick', {})).toBe('elsewhere');
        expect(await answering('hard', {})).toBe('elsewhere');
    });
});
