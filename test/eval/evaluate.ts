import { converse } from '../../service/assistant/conversation/dialogue.ts';
import type { Toolbox } from '../../service/assistant/conversation/dialogue.ts';
import { questionText, systemMessage } from '../../service/assistant/conversation/prompt.ts';
import { proposeFixName, proposeFixTool } from '../../service/assistant/conversation/proposeFix.ts';
import type { Thinker } from '../../service/inference/thinker.ts';
import { definitions } from '../../service/assistant/tools/definitions/index.ts';
import { describeTools } from '../../service/assistant/tools/registry.ts';
import type { Json } from '../../service/util/canonicalJson.ts';
import type { EvalCase, EvalState } from './evalCase.ts';
import { judge } from './judge.ts';
import type { Attempt, Verdict } from './judge.ts';
import { outputOf } from './load.ts';
import { messageOf } from '../../service/util/errors.ts';

export type CaseResult = { case: EvalCase; attempt: Attempt; verdict: Verdict; /** Milliseconds. */ took: number };

/** All questions are asked at this moment, so that two runs of one model say the same. */
const now = Date.UTC(2026, 10, 21, 12) * 1000;
const stepsAllowed = 6;

/** Asks a model one case after the other, exactly as the service would, of recorded systems. */
export async function* evaluate(
    thinker: Thinker,
    {
        cases,
        states,
        signal,
    }: { cases: readonly EvalCase[]; states: ReadonlyMap<string, EvalState>; signal: AbortSignal },
): AsyncGenerator<CaseResult, void> {
    for (const wanted of cases) {
        signal.throwIfAborted();
        const started = performance.now();
        const attempt = await attemptCase(thinker, wanted, states, signal);
        yield { case: wanted, attempt, verdict: judge(wanted, attempt), took: performance.now() - started };
    }
}

async function attemptCase(
    thinker: Thinker,
    wanted: EvalCase,
    states: ReadonlyMap<string, EvalState>,
    signal: AbortSignal,
): Promise<Attempt> {
    const attempt: Attempt = { calls: [], hasMetState: false, answer: '', error: null };
    const toolbox: Toolbox = {
        descriptions: [...describeTools(), proposeFixTool()],
        run: (name, values) => {
            const result = (text: string, failed = false) =>
                Promise.resolve({ text, failed, evidence: [], touched: [], touchedMore: 0 });
            const definition = definitions.find(tool => tool.name === name);
            if (definition?.parameters.safeParse(values).success === false) return result('Invalid arguments.', true);
            attempt.calls.push({ name, arguments: values as Record<string, unknown> });
            if (name === proposeFixName) return result('Proposed to the user.');
            const output = outputOf(states, wanted.state, name, values as Json);
            if (output === null) return result(`Not available: not installed or not running: ${name}`, true);
            attempt.hasMetState ||= output.isOwn;
            return result(output.text);
        },
    };
    const question = questionText(wanted.question, { attachments: [], incident: null, now });
    try {
        const dialogue = converse(thinker, {
            messages: [systemMessage, { role: 'user', text: question }],
            toolbox,
            steps: stepsAllowed,
            client: 'eval',
            signal,
        });
        for (;;) {
            const { value, done } = await dialogue.next();
            if (done === true) return { ...attempt, answer: value.text };
        }
    } catch (error) {
        signal.throwIfAborted();
        return { ...attempt, error: messageOf(error) };
    }
}
