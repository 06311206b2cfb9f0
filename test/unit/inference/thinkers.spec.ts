import type { BackendStatus, Model } from '../../../service/inference/backend.ts';
import type { Inference } from '../../../service/inference/inference.ts';
import { isLoopback } from '../../../service/inference/remote/loopback.ts';
import { describeAnswerer, makeThinkers } from '../../../service/inference/thinkers.ts';
import type { ModelFile } from '../../../service/modelFiles/models.ts';

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

describe('Of a server', () => {
    it('the status line says before the first question whether questions leave this computer', () => {
        const models = { list: () => [], fileFor: () => null };
        const say = (serverIsElsewhere: boolean) => {
            const inference = { status: null, serverModel: server, serverIsElsewhere } as unknown as Inference;
            return describeAnswerer({ models, inference });
        };

        expect(say(false)).toBe('elsewhere on a server on this computer');
        expect(say(true)).toBe('elsewhere on a server: questions leave this computer');
    });

    it('only loopback addresses are of this computer', () => {
        for (const host of ['127.0.0.1', '127.8.9.10', '[::1]', 'localhost', '127.1', 'LOCALHOST'])
            expect(isLoopback(`http://${host}:8080/v1`))
                .withContext(host)
                .toBeTrue();
        for (const host of ['127.0.0.1.example.org', 'localhost.example.org', '10.0.0.1', '[::2]', '0.0.0.0'])
            expect(isLoopback(`http://${host}:8080/v1`))
                .withContext(host)
                .toBeFalse();
    });
});
