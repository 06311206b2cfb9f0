import { copyFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '../../../service/inference/backend.ts';
import type { InferenceError } from '../../../service/inference/errors.ts';
import { hear, openRig, question, slowest, until } from './support.ts';

const problem = (name: InferenceError['problem']) => jasmine.objectContaining({ problem: name });

const listUnits: Tool = {
    name: 'list_units',
    description: 'Lists units',
    parameters: {
        type: 'object',
        properties: {
            state: { type: 'string', enum: ['failed', 'active'] },
            limit: { type: 'integer', minimum: 1, maximum: 20 },
            name: { type: 'string', maxLength: 12 },
        },
        required: ['state'],
    },
};

describe('A model on this machine', () => {
    it(
        'is loaded by the first question, answers the same to the same, and says what runs it',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();

            const first = await hear(rig.backend.chat(question(model)));
            const second = await hear(rig.backend.chat(question(model)));

            expect(first.text).not.toBe('');
            expect(second.text).toBe(first.text);
            expect(second.end.usage.cachedTokens).toBeGreaterThan(first.end.usage.cachedTokens);
            expect(rig.backend.status).toEqual(
                jasmine.objectContaining({
                    state: 'ready',
                    model: 'tiny',
                    leavesMachine: false,
                    problem: null,
                    accelerator: {
                        name: 'cpu',
                        title: 'Processor',
                        reasons: ['The configuration requires the processor.'],
                        matrixUnits: true,
                    },
                    context: { size: 4096, used: second.end.usage.promptTokens + second.end.usage.completionTokens },
                }),
            );
        },
        slowest,
    );

    it(
        'ends with a limit, with its own end, or when the context is full',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel({ contextTokens: 512 });

            const words = { type: 'string', minLength: 8, maxLength: 8 };
            const endless = { type: 'array', items: words, minItems: 128 };

            const limited = await hear(rig.backend.chat(question(model, { maxTokens: 5 })));
            const full = await hear(rig.backend.chat(question(model, { maxTokens: 100_000, schema: endless })));
            const stopped = await hear(rig.backend.chat(question(model, { schema: { enum: ['yes', 'no'] } })));

            expect(limited.end.reason).toBe('limit');
            expect(limited.end.usage.completionTokens).toBe(5);
            expect(full.end.reason).toBe('context');
            expect(stopped.end.reason).toBe('stop');
            expect(['"yes"', '"no"']).toContain(stopped.text);
        },
        slowest,
    );

    it(
        'calls a tool, goes on with its result, and leaves out what it need not say',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const request = question(model, { tools: [listUnits], maxTokens: 600 });

            const asked = await hear(rig.backend.chat({ ...request, toolChoice: 'required' }));
            const [call] = asked.calls;
            if (call === undefined) throw new Error('There was no call');
            const answered = await hear(
                rig.backend.chat({
                    ...request,
                    maxTokens: 20,
                    messages: [
                        ...request.messages,
                        { role: 'assistant', text: asked.text, calls: [call] },
                        { role: 'tool', callId: call.id, name: call.name, text: 'ssh.service' },
                    ],
                }),
            );

            expect(asked.end.reason).toBe('calls');
            expect(call.name).toBe('list_units');
            expect(JSON.stringify(call.arguments.state)).toMatch(/^"(failed|active)"$/);
            expect(Object.values(call.arguments).includes(null)).toBeFalse();
            // The system message and the tools, and the question, are still known.
            expect(answered.end.usage.cachedTokens).toBeGreaterThan(asked.end.usage.promptTokens - 8);
        },
        slowest,
    );

    it(
        'writes an answer that fits a schema',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const schema = {
                type: 'object',
                properties: { severity: { enum: ['low', 'high'] }, cause: { type: 'string', maxLength: 20 } },
                required: ['severity', 'cause'],
            };

            const { text } = await hear(rig.backend.chat(question(model, { schema, maxTokens: 300 })));

            expect(JSON.parse(text)).toEqual({
                severity: jasmine.stringMatching(/^(low|high)$/),
                cause: jasmine.any(String),
            });
        },
        slowest,
    );

    it(
        'refuses what cannot be done, in words',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel({ contextTokens: 512 });
            const long = 'What failed? '.repeat(1000);

            await expectAsync(
                hear(rig.backend.chat(question(model, { messages: [{ role: 'user', text: long }] }))),
            ).toBeRejectedWith(problem('ContextFull'));
            await expectAsync(hear(rig.backend.chat(question(model, { schema: { enum: [] } })))).toBeRejectedWith(
                problem('BadRequest'),
            );
            await expectAsync(hear(rig.backend.chat(question({ kind: 'remote', name: 'gpt' })))).toBeRejectedWith(
                problem('BadRequest'),
            );
            await expectAsync(
                hear(rig.backend.chat(question({ ...model, path: '/nonexistent/model.gguf' }))),
            ).toBeRejectedWith(problem('NoModel'));

            const after = await hear(rig.backend.chat(question(model)));

            expect(after.text).not.toBe('');
        },
        slowest,
    );

    it(
        'says that a damaged file, or one that is no model, is at fault',
        async () => {
            await using rig = await openRig();
            const cut = await rig.writeModel({}, 'cut');
            await truncate(cut.path, 200_000);
            const other = { ...cut, name: 'other', path: join(rig.folder, 'other.gguf') };
            await writeFile(other.path, 'Once upon a time there was no model.'.repeat(1000));

            for (const model of [cut, other])
                await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('ModelFileBad'));

            expect(rig.backend.status.state).toBe('failed');
            expect(rig.backend.status.problem).toContain('other cannot be loaded');
        },
        slowest,
    );

    it(
        'keeps evaluated system messages on disk, for the model that they are of',
        async () => {
            await using rig = await openRig();
            const model = { ...(await rig.writeModel()), sha256: 'a'.repeat(64) };
            const messages = [
                { role: 'system' as const, text: 'You answer questions about this computer, shortly. '.repeat(5) },
                { role: 'user' as const, text: 'What failed?' },
            ];
            const cold = await hear(rig.backend.chat(question(model, { messages })));
            await rig.backend.unload('asked');
            const warm = await hear(rig.backend.chat(question(model, { messages })));
            const other = { ...(await rig.writeModel({ seed: 2 }, 'other')), sha256: 'b'.repeat(64) };
            const foreign = await hear(rig.backend.chat(question(other, { messages })));

            expect(cold.end.usage.cachedTokens).toBe(0);
            expect(warm.end.usage.cachedTokens).toBeGreaterThan(warm.end.usage.promptTokens / 2);
            expect(warm.text).toBe(cold.text);
            expect(foreign.end.usage.cachedTokens).toBe(0);
        },
        slowest,
    );

    it(
        'answers also where system messages cannot be kept',
        async () => {
            await using rig = await openRig();
            const model = { ...(await rig.writeModel()), sha256: 'a'.repeat(64) };
            await mkdir(join(rig.folder, 'state'), { recursive: true });
            await writeFile(join(rig.folder, 'state/prefixes'), 'This is where the folder should be.');
            const system = { role: 'system' as const, text: 'You answer questions about this computer. '.repeat(5) };
            const messages = [system, { role: 'user' as const, text: 'What failed?' }];

            expect((await hear(rig.backend.chat(question(model, { messages })))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'switches models between requests',
        async () => {
            await using rig = await openRig();
            const small = await rig.writeModel({ seed: 1 }, 'small');
            const large = await rig.writeModel({ seed: 2, layers: 3 }, 'large');

            const first = await hear(rig.backend.chat(question(small)));
            const other = await hear(rig.backend.chat(question(large)));
            const again = await hear(rig.backend.chat(question(small)));

            expect(other.text).not.toBe(first.text);
            expect(again.text).toBe(first.text);
            expect(rig.backend.status.model).toBe('small');
        },
        slowest,
    );
});

describe('The life of a model in memory', () => {
    it(
        'ends when nobody has asked for a while',
        async () => {
            await using rig = await openRig({ idleAfter: 50 });
            const model = await rig.writeModel();
            let pid = 0;
            for await (const generated of rig.backend.chat(question(model)))
                if (generated.type === 'text') pid = rig.backend.workerPid ?? 0;
            expect(pid).toBeGreaterThan(0);

            await until(rig.backend, () => rig.backend.status.state === 'idle');

            expect(() => process.kill(pid, 0)).toThrowError(/ESRCH/);
            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'ends, and the answer with it, before a suspend',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const answer = hear(rig.backend.chat(question(model, { maxTokens: 4000 })));
            await until(rig.backend, () => rig.backend.status.state === 'generating');

            const ending = expectAsync(answer).toBeRejectedWith(problem('Unloaded'));
            await rig.backend.unload('suspend');

            await ending;
            expect(rig.backend.status.state).toBe('idle');
            expect(rig.backend.workerPid).toBeNull();
        },
        slowest,
    );

    it(
        'does not begin again before a suspend for those who wait',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const answers = [':1.1', ':1.2', ':1.3'].map(client =>
                hear(rig.backend.chat(question(model, { client, maxTokens: 4000 }))),
            );
            const ends = answers.map(answer => expectAsync(answer).toBeRejectedWith(problem('Unloaded')));
            await until(rig.backend, () => rig.backend.status.state === 'generating');

            await rig.backend.unload('suspend');
            await Promise.all(ends);

            expect(rig.backend.status).toEqual(jasmine.objectContaining({ state: 'idle', waiting: 0 }));
            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'ends while it still begins, when memory is needed',
        async () => {
            await using rig = await openRig({ fault: 'hang-at-load' });
            const model = await rig.writeModel();
            const answer = expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('Unloaded'));
            await until(rig.backend, () => rig.backend.status.state === 'loading');

            await rig.backend.unload('memory-pressure');

            await answer;
            expect(rig.backend.status.state).toBe('idle');
        },
        slowest,
    );

    it(
        'does not begin while memory is needed',
        async () => {
            const started: string[] = [];
            await using rig = await openRig({
                // Nothing that could run a model: it is not even tried.
                program: { node: '/nonexistent', script: import.meta.filename },
                watchConditions: unload => {
                    started.push('watching');
                    void unload('game');
                    return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() });
                },
            });
            const model = await rig.writeModel();

            await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('Unloaded'));

            expect(started).toEqual(['watching']);
        },
        slowest,
    );

    it(
        'starts over when the file has been replaced',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel({ seed: 1 });
            const replacement = await rig.writeModel({ seed: 2 }, 'replacement');
            const first = await hear(rig.backend.chat(question(model)));

            await rename(replacement.path, model.path);
            const second = await hear(rig.backend.chat(question(model)));

            expect(second.text).not.toBe(first.text);
        },
        slowest,
    );

    it(
        'survives that the file is emptied while it is in use',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const spare = join(rig.folder, 'spare.gguf');
            await copyFile(model.path, spare);
            const generation = rig.backend.chat(question(model, { maxTokens: 4000 }))[Symbol.asyncIterator]();
            await generation.next();

            await truncate(model.path, 0);
            const failure = await (async () => {
                for (let step = await generation.next(); !step.done; step = await generation.next());
            })().then(
                () => null,
                (error: unknown) => error,
            );
            await expectAsync(hear(rig.backend.chat(question(model)))).toBeRejectedWith(problem('ModelFileBad'));
            await rm(model.path);
            await rename(spare, model.path);

            // llama.cpp may have read all that it needs by then; if not, the kernel kills the worker.
            if (failure !== null) expect(failure).toEqual(problem('ModelFileChanged'));
            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
        },
        slowest,
    );
});

describe('Requests to a model', () => {
    it(
        'can be cancelled at any moment, and the next one is served',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const cancel = new AbortController();
            const early = AbortSignal.abort();
            const generation = rig.backend.chat(question(model, { signal: cancel.signal, maxTokens: 4000 }));
            const whileItRuns = (async () => {
                for await (const generated of generation) if (generated.type === 'text') cancel.abort();
            })();

            await expectAsync(whileItRuns).toBeRejectedWith(problem('Aborted'));
            await expectAsync(hear(rig.backend.chat(question(model, { signal: early })))).toBeRejectedWith(
                problem('Aborted'),
            );

            expect((await hear(rig.backend.chat(question(model)))).end.reason).toBeDefined();
            expect(rig.backend.status.problem).toBeNull();
        },
        slowest,
    );

    it(
        'can be cancelled while the model is loaded',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const cancel = new AbortController();
            const answer = hear(rig.backend.chat(question(model, { signal: cancel.signal })));
            await until(rig.backend, () => rig.backend.status.state === 'loading');

            cancel.abort();

            await expectAsync(answer).toBeRejectedWith(problem('Aborted'));
            expect((await hear(rig.backend.chat(question(model)))).text).not.toBe('');
        },
        slowest,
    );

    it(
        'are given up when who iterates leaves',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            for await (const generated of rig.backend.chat(question(model, { maxTokens: 4000 })))
                if (generated.type === 'text') break;

            const next = await hear(rig.backend.chat(question(model, { maxTokens: 5 })));

            expect(next.end.usage.completionTokens).toBe(5);
        },
        slowest,
    );

    it(
        'end at their deadline',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();

            await expectAsync(hear(rig.backend.chat(question(model, { timeout: 1 })))).toBeRejectedWith(
                problem('TimedOut'),
            );
        },
        slowest,
    );

    it(
        'of two clients are both answered, in turn',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const order: string[] = [];
            const ask = async (client: string, name: string) => {
                await hear(rig.backend.chat(question(model, { client, maxTokens: 10 })));
                order.push(name);
            };

            await Promise.all([ask(':1.1', 'a1'), ask(':1.1', 'a2'), ask(':1.1', 'a3'), ask(':1.2', 'b1')]);

            expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
        },
        slowest,
    );

    it(
        'of a client that vanishes hold up nobody',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const vanishing = new AbortController();
            const running = hear(rig.backend.chat(question(model, { signal: vanishing.signal, maxTokens: 4000 })));
            const waiting = hear(rig.backend.chat(question(model, { signal: vanishing.signal })));
            const other = hear(rig.backend.chat(question(model, { client: ':1.2' })));
            await until(rig.backend, () => rig.backend.status.state === 'generating');

            const ended = [running, waiting].map(answer => expectAsync(answer).toBeRejectedWith(problem('Aborted')));
            vanishing.abort();

            await Promise.all(ended);
            expect((await other).text).not.toBe('');
            expect(rig.backend.status.waiting).toBe(0);
        },
        slowest,
    );

    it(
        'are refused when too many wait',
        async () => {
            await using rig = await openRig();
            const model = await rig.writeModel();
            const cancel = new AbortController();
            const many = Array.from({ length: 40 }, () =>
                hear(rig.backend.chat(question(model, { signal: cancel.signal }))).catch((error: unknown) => error),
            );
            await until(rig.backend, () => rig.backend.status.state === 'loading');
            cancel.abort();

            const outcomes = await Promise.all(many);

            expect(outcomes).toContain(problem('Busy'));
            expect(outcomes).toContain(problem('Aborted'));
        },
        slowest,
    );
});
