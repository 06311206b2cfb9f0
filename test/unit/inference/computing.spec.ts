import type { Accelerator } from '../../../service/inference/backend.ts';
import { checkComputing } from '../../../service/lifecycle/checkComputing.ts';
import { describeComputing, type Computing } from '../../../service/inference/computing.ts';
import type { LocalComputing } from '../../../service/inference/local/localBackend.ts';
import type { Installed } from '../../../service/modelFiles/library.ts';

const model = { id: 'a', name: 'A', path: '/models/a' } as Installed;
const cpu: Accelerator = {
    name: 'cpu',
    title: 'Processor',
    reasons: ['There is no GPU that can be used.'],
    matrixUnits: true,
};
const local = (found: Partial<LocalComputing>): LocalComputing => ({
    accelerator: null,
    attempts: [],
    isGpuIdle: false,
    loaded: null,
    ...found,
});

describe('What computes', () => {
    const computingOf = (installed: Installed[], computing: LocalComputing | null, url = '') =>
        describeComputing({
            models: { list: () => installed },
            inference: {
                computing,
                serverUrl: url,
                serverModel: url === '' ? null : { kind: 'remote', name: 'Large' },
            },
        });

    it('is not known before anybody wanted to know', () => {
        expect(computingOf([model], null)).toEqual(
            jasmine.objectContaining({ accelerator: null, tried: [], loaded: null }),
        );
    });

    it('is a server only where no model is installed', () => {
        const server = 'http://127.0.0.1:8080/v1';
        expect(computingOf([], null, server)).toEqual(
            jasmine.objectContaining({ accelerator: 'remote', device: server, why: jasmine.stringContaining(server) }),
        );
        expect(computingOf([model], local({ accelerator: cpu }), server).accelerator).toBe('cpu');
    });

    it('is told with the reasons for nothing better, and the model by its id', () => {
        const loaded = {
            path: model.path,
            layers: { accelerated: 0, total: 3 },
            memory: { ram: 1, vram: 0 },
            contextTokens: 4096,
            threads: 2,
        };
        const computing = computingOf([model], local({ accelerator: cpu, loaded }));
        expect(computing.why).toBe('There is no GPU that can be used.');
        expect(computing.loaded).toEqual(jasmine.objectContaining({ id: 'a', context: 4096, threads: 2 }));
        expect(computingOf([], local({ accelerator: cpu, loaded })).loaded?.id)
            .withContext('removed')
            .toBe('');
    });

    it('is named as its driver does', () => {
        const vulkan: Accelerator = {
            name: 'vulkan',
            title: 'A card (Vulkan)',
            reasons: ['CUDA is not installed.'],
            matrixUnits: true,
        };
        const attempts = [{ name: 'vulkan' as const, works: true, device: 'A card', detail: '' }];
        const { device, why } = computingOf([model], local({ accelerator: vulkan, attempts }));
        expect(device).toBe('A card');
        expect(why).toMatch(/^It passed its test.*CUDA is not installed\.$/);
    });
});

describe('Doctor, of the language model', () => {
    const onProcessor: Computing = {
        accelerator: 'cpu',
        device: '',
        why: 'There is no GPU that can be used.',
        tried: [{ name: 'cpu', works: true, device: '', detail: '' }],
        isGpuIdle: false,
        loaded: null,
    };

    it('finds nothing wrong with none, nor with the processor where there is no graphics card', () => {
        expect(checkComputing(null)).toEqual(
            jasmine.objectContaining({ status: 'fine', detail: 'None: built-in answers only', remedy: '' }),
        );
        expect(checkComputing(onProcessor)).toEqual(
            jasmine.objectContaining({
                status: 'fine',
                detail: 'On the processor: There is no GPU that can be used.',
                remedy: '',
            }),
        );
    });

    it('names the graphics card that is used', () => {
        const onCard: Computing = { ...onProcessor, accelerator: 'vulkan', device: 'A card', why: 'It passed.' };
        expect(checkComputing(onCard)).toEqual(
            jasmine.objectContaining({ status: 'fine', detail: 'A card: It passed.' }),
        );
    });

    it('notes a graphics card that should help and does not, with the reason and what can be done', () => {
        const why = 'No Vulkan driver for the AMD GPU.';
        expect(checkComputing({ ...onProcessor, why, isGpuIdle: true })).toEqual(
            jasmine.objectContaining({
                status: 'note',
                detail: why,
                remedy: 'Fix its driver, then run: reeve models probe',
            }),
        );
    });

    it('finds a problem when not even the processor can run one', () => {
        const detail = 'The processor failed its test: SIGILL';
        const tried = [{ name: 'cpu' as const, works: false, device: '', detail }];
        expect(checkComputing({ ...onProcessor, tried })).toEqual(
            jasmine.objectContaining({
                status: 'problem',
                detail,
                remedy: jasmine.stringContaining('Reinstall Reeve'),
            }),
        );
    });
});
