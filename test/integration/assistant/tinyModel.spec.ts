// The assistant with a model of random weights, run by the real worker: whatever noise it makes, its calls are valid, its steps
// are bounded, and it comes to an end.
import type { ProposedFix } from '../../../service/actions/action.ts';
import { proposableFor } from '../../../service/actions/everyAction.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { Assistant } from '../../../service/assistant/assistant.ts';
import type { AnswerResult } from '../../../service/assistant/assistant.ts';
import type { Step } from '../../../service/assistant/conversation/step.ts';
import { planByModel } from '../../../service/assistant/conversation/proposeChange.ts';
import { proposeFixName } from '../../../service/assistant/conversation/proposeFix.ts';
import type { Backend, ChatRequest, Generated, Model } from '../../../service/inference/backend.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { definitions } from '../../../service/assistant/tools/definitions/index.ts';
import { ReeveError } from '../../../service/util/errors.ts';
import { recordedMachine } from '../../support/recordedMachine.ts';
import { openRig, slowest } from '../inference/support.ts';
import type { Rig } from '../inference/support.ts';

type Call = Extract<Generated, { type: 'call' }>['call'];

/** The same backend, in which the model has to call something at first, and all that it calls is written down. */
function eager(backend: Backend, calls: Call[], seed: number, maxTokens = 200): Backend {
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
                const noisy = { ...request, toolChoice, temperature: 1.5, seed: seed + asked, maxTokens } as const;
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
                    guides: { steps: () => [] },
                    diagnosis: { isLooking: () => false },
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

    it(
        'chooses an action that a model may propose, with parameters of its schema, or none',
        async () => {
            const names = new Set(['none', ...proposableFor('task').map(({ name }) => name)]);
            const chosen: ProposedFix[] = [];
            const actions = {
                plan: (fix: ProposedFix) => {
                    chosen.push(fix);
                    return Promise.reject(new ReeveError('InvalidState', 'not here'));
                },
            };
            const ask = () => {
                throw new Error('nothing can be planned here');
            };
            const parts = { actions, proposals: { ask }, surroundings: {} as Surroundings };
            const asked = { client: '', actor: 'other', signal: new AbortController().signal };
            const calls: Call[] = [];
            for (const seed of [1, 2, 3]) {
                const thinker = { backend: eager(rig.backend, calls, 100 * seed, 600), model };
                expect(await planByModel('make it nicer', thinker, parts, asked)).toBeNull();
            }
            expect(calls.length).toBeGreaterThan(0);
            for (const { name, arguments: values } of calls) {
                expect(name).toBe('propose_change');
                const { change } = values as { change: { action: string } };
                expect(names).toContain(change.action);
            }
            const known = new Map(proposableFor('task').map(({ name, parameters }) => [name, parameters]));
            for (const { action, parameters } of chosen) {
                const parsed = known.get(action)?.safeParse(parameters);
                // What a grammar cannot bind the action refuses: ranges, patterns, and its own conditions.
                for (const { code } of parsed?.error?.issues ?? [])
                    expect(['too_small', 'too_big', 'invalid_format', 'custom'])
                        .withContext(JSON.stringify([action, parameters]))
                        .toContain(code);
            }
        },
        slowest,
    );
});
