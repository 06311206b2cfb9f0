import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceError } from '../../../service/inference/errors.ts';
import { openGpuRig, pretendSleep, withGpu } from './gpuRig.ts';
import { hear, killWorker, openRig, patience, question, slowest, until } from './support.ts';

const problem = (name: InferenceError['problem']) => jasmine.objectContaining({ problem: name });

describe('A worker', () => {
    it(
        'that is killed in the middle of an answer fails that answer only',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const generation = rig.backend.chat(question(model, { maxTokens: 4000 }));
            const answer = (async () => {
                let isKilled = false;
                for await (const generated of generation) {
                    // What it wrote before its end may come after that.
                    if (generated.type !== 'text' || isKilled) continue;
                    killWorker(rig);
                    isKilled = true;
                }
            })();

            await expectAsync(answer).toBeRejectedWith(problem('WorkerCrashed'));
            expect(rig.backend.status.state).toBe('failed');
            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
            expect(rig.backend.status.problem).toBeNull();
        },
        slowest,
    );

    it(
        'that is killed while it is idle is started again',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            await hear(rig.backend.chat(question(model)));

            killWorker(rig);
            await until(rig.backend, () => rig.backend.status.state === 'idle');

            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
        },
        slowest,
    );

    for (const fault of ['abort-at-load', 'abort-at-first-token', 'abort-at-fourth-piece'])
        it(
            `that aborts (${fault}) gives a clear error, and is left alone for a while when it goes on so`,
            async () => {
                await using rig = await openRig({ fault });
                const model = await rig.writeModel();
                const ask = () => hear(rig.backend.chat(question(model)));

                await expectAsync(ask()).toBeRejectedWith(problem('WorkerCrashed'));
                await expectAsync(ask()).toBeRejectedWith(problem('WorkerCrashed'));
                await expectAsync(ask()).toBeRejectedWith(problem('WorkerResting'));
                // Another one is not, and would answer if it could.
                const other = await rig.writeModel({ seed: 2 }, 'other');
                await expectAsync(hear(rig.backend.chat(question(other)))).toBeRejectedWith(problem('WorkerCrashed'));
            },
            slowest,
        );

    for (const fault of ['hang-at-load', 'hang-at-first-token'])
        it(
            `that hangs (${fault}) is killed`,
            async () => {
                await using rig = await openRig({ fault, patience: { ...patience, silence: 3000 } });
                const model = await rig.writeModel();

                await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('WorkerHung'));
            },
            slowest,
        );

    it(
        'that does not stop when told to is killed, and the next request served',
        async () => {
            await using rig = await openRig({ fault: 'deaf', patience: { ...patience, abort: 200 } });
            const model = await rig.writeModel();
            for await (const generated of rig.backend.chat(question(model, { maxTokens: 4000 })))
                if (generated.type === 'text') break;

            // What runs is ended by force, or has ended by itself.
            const next = await hear(rig.backend.chat(question(model))).catch(() =>
                hear(rig.backend.chat(question(model))),
            );

            expect(next.text).not.toBe('');
        },
        slowest,
    );

    it(
        'dies before any other process and leaves no memory in a core dump',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            await hear(rig.backend.chat(question(model)));
            const of = async (file: string) =>
                (await readFile(`/proc/${rig.backend.workerPid ?? 0}/${file}`, 'utf8')).trim();

            expect(await of('oom_score_adj')).toBe('1000');
            expect(await of('coredump_filter')).toBe('00000000');
        },
        slowest,
    );
});

describe('A GPU', () => {
    it(
        'that passes its probe is used, and named',
        async () => {
            await using gpu = await openGpuRig('none');
            const model = await gpu.rig.writeModel();

            await hear(gpu.rig.backend.chat(question(model)));

            expect(gpu.rig.backend.status.accelerator).toEqual({
                name: 'vulkan',
                title: 'Test GPU (Vulkan)',
                reasons: [],
                matrixUnits: true,
            });
        },
        slowest,
    );

    it(
        'that fails its probe is not used, and the status says why',
        async () => {
            await using gpu = await openGpuRig('gpu-abort-at-probe');
            const model = await gpu.rig.writeModel();

            await hear(gpu.rig.backend.chat(question(model)));

            expect(gpu.rig.backend.status.accelerator).toEqual({
                name: 'cpu',
                title: 'Processor',
                reasons: [jasmine.stringMatching(/^Vulkan failed its test: SIGABRT/)],
                matrixUnits: true,
            });
        },
        slowest,
    );

    for (const fault of ['gpu-miscounts-with-matrix-units', 'gpu-abort-at-matrix-units'])
        it(
            `that computes rightly only without its matrix units (${fault}) is used so, and the status says it`,
            async () => {
                await using gpu = await openGpuRig(fault);
                const model = await gpu.rig.writeModel();

                await hear(gpu.rig.backend.chat(question(model)));

                expect(gpu.rig.backend.status.accelerator).toEqual({
                    name: 'vulkan',
                    title: 'Test GPU (Vulkan)',
                    reasons: ['Its matrix units failed the test, so they are not used.'],
                    matrixUnits: false,
                });
            },
            slowest,
        );

    it(
        'that writes the right text but makes something else of a long prompt is not used',
        async () => {
            await using gpu = await openGpuRig('gpu-miscounts');
            const model = await gpu.rig.writeModel();

            await hear(gpu.rig.backend.chat(question(model)));

            const { name, reasons } = gpu.rig.backend.status.accelerator ?? {};
            expect(name).toBe('cpu');
            expect(reasons).toEqual(['Vulkan failed its test: its results differ from those of the processor']);
        },
        slowest,
    );

    for (const fault of ['gpu-abort-at-load', 'gpu-abort-at-first-token'])
        it(
            `that fails later (${fault}) costs nobody an answer, and is not used again`,
            async () => {
                await using gpu = await openGpuRig(fault);
                const model = await gpu.rig.writeModel();

                const answer = await hear(gpu.rig.backend.chat(question(model)));

                expect(answer.text).not.toBe('');
                expect(gpu.rig.backend.status.accelerator?.name).toBe('cpu');
                expect(gpu.rig.backend.status.accelerator?.reasons[0]).toMatch(
                    /^Vulkan failed while running a model: /,
                );
            },
            slowest,
        );

    for (const fault of ['gpu-killed-at-load', 'gpu-killed-at-first-token'])
        it(
            `is not to blame when somebody kills the worker (${fault})`,
            async () => {
                await using gpu = await openGpuRig(fault);
                const model = await gpu.rig.writeModel();

                await expectAsync(hear(gpu.rig.backend.chat(question(model)))).toBeRejectedWith(
                    problem('WorkerCrashed'),
                );

                expect(gpu.rig.backend.status.accelerator?.name).toBe('vulkan');
            },
            slowest,
        );

    it(
        'is tried again after a suspend',
        async () => {
            await using gpu = await openGpuRig('gpu-abort-at-first-token');
            const { backend } = gpu.rig;
            const model = await gpu.rig.writeModel();
            const used: (string | undefined)[] = [];
            backend.on('changed', () => used.push(backend.status.accelerator?.name));
            const askAnew = async () => {
                await backend.unload('suspend');
                used.length = 0;
                await hear(backend.chat(question(model)));
                return [...used];
            };

            expect(await askAnew()).toContain('vulkan');
            expect(await askAnew()).not.toContain('vulkan');
            await pretendSleep(gpu.root, 100);
            expect(await askAnew()).toContain('vulkan');
            expect(backend.status.accelerator?.name).toBe('cpu');
        },
        slowest,
    );

    it(
        'without a driver is named in the reason',
        async () => {
            await using outer = await openRig();
            const root = await withGpu(outer);
            await rm(join(root, 'usr/share/vulkan'), { recursive: true });
            await using rig = await openRig({ root, accelerator: 'auto' });
            const model = await rig.writeModel();

            await rig.backend.load(question(model));

            expect(rig.backend.status.accelerator?.reasons).toEqual(['No Vulkan driver for the AMD GPU.']);
        },
        slowest,
    );
});
