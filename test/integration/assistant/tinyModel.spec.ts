// The assistant with a model of random weights, run by the real worker: whatever noise it makes, its calls are valid, its steps
// are bounded, and it comes to an end.
import { Assistant } from '../../../service/assistant/assistant.ts';
import type { AnswerResult } from '../../../service/assistant/assistant.ts';
import type { Step } from '../../../service/assistant/conversation/step.ts';
import { proposeFixName } from '../../../service/assistant/conversation/proposeFix.ts';
import type { Backend, ChatRequest, Generated, Model } from '../../../service/inference/backend.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { definitions } from '../../../service/assistant/tools/definitions/index.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { openRig, slowest } from '../inference/support.ts';
import type { Rig } from '../inference/support.ts';

type Call = Extract<Generated, { type: 'call' }>['call'];

/** The same backend, in which the model has to call something at first, and all that it calls is written down. */
function eager(backend: Backend, calls: Call[], seed: number): Backend {
    let asked = 0;
    return new Proxy(backend, {
        get: (target, name) => {
            if (name !== 'chat') {
                const value: unknown = Reflect.get(target, name, target);
                return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            }
            return async function* (request: ChatRequest) {
                asked += 1;
                const toolChoice = asked <= 3 && request.toolChoice !== 'none' ? 'required' : 'none';
                const noisy = { ...request, toolChoice, temperature: 1.5, seed: seed + asked, maxTokens: 200 } as const;
                for await (const piece of target.chat(noisy)) {
                    if (piece.type === 'call') calls.push(piece.call);
                    yield piece;
                }
            };
        },
    });
}

describe('A model of noise', () => {
    let rig: Rig;
    let model: Model;

    beforeAll(async () => {
        rig = await openRig();
        model = await rig.writeModel({ contextTokens: 32_768 });
    }, slowest);

    afterAll(() => rig[Symbol.asyncDispose]());

    for (const seed of [1, 2, 3]) {
        it(
            `only makes calls that the tools accept, and comes to an end (seed ${seed})`,
            async () => {
                const calls: Call[] = [];
                const thinker = { backend: eager(rig.backend, calls, 100 * seed), model };
                const assistant = new Assistant({
                    machine: recordedMachine(),
                    systemd: new Systemd({ system: null, session: null }),
                    journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('system') },
                    incidents: { list: () => [] },
                    proposals: { list: () => [] },
                    timeline: { query: () => [] },
                    version: '0.1.0',
                    locale: 'en',
                    models: {
                        thinkers: { forQuestion: () => Promise.resolve(thinker) },
                        proposals: { propose: () => Promise.reject(new Error('there is no incident to propose for')) },
                    },
                });
                const answer = assistant.answer('compare the moods of two penguins', {
                    signal: new AbortController().signal,
                });
                const steps: Step[] = [];
                let result: AnswerResult | null = null;
                while (result === null) {
                    const { value, done } = await answer.next();
                    if (done === true) result = value;
                    else if (typeof value !== 'string') steps.push(value);
                }

                expect(result.answerer).toBe('tiny');
                expect(calls.length).toBeGreaterThan(0);
                for (const call of calls) {
                    if (call.name === proposeFixName) continue;
                    const definition = definitions.find(({ name }) => name === call.name);
                    expect(definition).withContext(call.name).toBeDefined();
                    const parsed = definition?.parameters.safeParse(call.arguments);
                    // Grammars bind names, types and choices; ranges and patterns are what the tool itself then refuses.
                    const codes = new Set(parsed?.error?.issues.map(({ code }) => code));
                    for (const code of codes)
                        expect(['too_small', 'too_big', 'invalid_format'])
                            .withContext(JSON.stringify(call))
                            .toContain(code);
                }
                expect(result.steps.length).toBeLessThanOrEqual(6);
                for (const { state } of result.steps) expect(['done', 'failed']).toContain(state);
                expect(steps.filter(({ state }) => state === 'begun').length).toBe(result.steps.length);
            },
            slowest,
        );
    }
});
