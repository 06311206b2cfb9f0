import { openGpuRig } from './gpuRig.ts';
import { hear, openRig, question, slowest } from './support.ts';

const asked = () => ({ client: ':1.1', signal: new AbortController().signal });

describe('Accelerators', () => {
    it(
        'that failed are tried again only when somebody asks, and then used',
        async () => {
            const environment = { ...process.env, REEVE_TEST_FAULT: 'gpu-abort-at-probe' };
            await using gpu = await openGpuRig('gpu-abort-at-probe', { environment });
            const { backend } = gpu.rig;
            const model = await gpu.rig.writeModel();
            expect(backend.computing).toEqual({ accelerator: null, attempts: [], isGpuIdle: false, loaded: null });
            await hear(backend.chat(question(model)));
            expect(backend.computing.isGpuIdle).toBeTrue();
            const [, vulkan] = backend.computing.attempts;
            expect(vulkan).toEqual({
                name: 'vulkan',
                works: false,
                device: '',
                detail: jasmine.stringMatching(/^Vulkan failed its test: /),
            });

            environment.REEVE_TEST_FAULT = 'none';
            await backend.unload('asked');
            await hear(backend.chat(question(model)));
            expect(backend.computing.accelerator?.name).withContext('nobody has asked').toBe('cpu');

            const told: string[] = [];
            await backend.tryAccelerators(asked(), name => told.push(name));

            expect(told).toEqual(['cpu', 'vulkan']);
            expect(backend.computing).toEqual({
                accelerator: { name: 'vulkan', title: 'Test GPU (Vulkan)', reasons: [], matrixUnits: true },
                attempts: [
                    { name: 'cuda', works: false, device: '', detail: 'CUDA needs an NVIDIA GPU, and there is none.' },
                    { name: 'vulkan', works: true, device: 'Test GPU', detail: '' },
                    { name: 'cpu', works: true, device: '', detail: '' },
                ],
                isGpuIdle: false,
                // It was loaded for the processor.
                loaded: null,
            });
            await hear(backend.chat(question(model)));
            expect(backend.computing.loaded?.path).toBe(model.path);
        },
        2 * slowest,
    );

    it(
        'leave a model in memory that they would run as before',
        async () => {
            await using gpu = await openGpuRig('none');
            const { backend } = gpu.rig;
            await backend.load(question(await gpu.rig.writeModel()));
            const worker = backend.workerPid;

            await backend.tryAccelerators(asked(), () => undefined);

            expect(backend.workerPid).toBe(worker);
            expect(backend.computing.loaded?.layers.total).toBeGreaterThan(0);
        },
        slowest,
    );

    it(
        'are no longer tried when that is cancelled, and questions are answered',
        async () => {
            await using rig = await openRig();
            const cancellation = new AbortController();
            const trying = rig.backend.tryAccelerators({ client: ':1.1', signal: cancellation.signal }, () => {
                cancellation.abort();
            });

            await expectAsync(trying).toBeRejectedWith(jasmine.objectContaining({ problem: 'Aborted' }));
            expect((await hear(rig.backend.chat(question(await rig.writeModel())))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'that do not work at all are reported, the processor too',
        async () => {
            await using rig = await openRig({ fault: 'abort-at-probe' });

            await rig.backend.tryAccelerators(asked(), () => undefined);

            const processor = rig.backend.computing.attempts.find(({ name }) => name === 'cpu');
            expect(processor?.works).toBeFalse();
            expect(processor?.detail).toMatch(/^The processor failed its test: SIGABRT/);
        },
        slowest,
    );
});
