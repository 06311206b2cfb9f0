import { Actions } from '../../../service/actions/actions.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import type { Computer } from './computer.ts';

const { signal } = new AbortController();

/** What wishes and actions come to on a made-up computer. @param computer that of the present spec */
export function wishingOn(computer: () => Computer) {
    const plan = async (action: string, parameters: Record<string, unknown>): Promise<Plan> =>
        await new Actions(computer().surroundings).plan({ action, parameters, explanation: '' });
    return {
        /** The actions that a wish may mean, each with its parameters. */
        wished: async (text: string) => {
            const ways = (await readWish(text, { ...computer().surroundings, signal })?.ways()) ?? [];
            return ways.map(({ action, parameters }) => [action, parameters]);
        },
        plan,
        /** Why there is no plan; empty where there is one. */
        refusal: async (action: string, parameters: Record<string, unknown>) =>
            await plan(action, parameters).then(
                () => '',
                (error: unknown) => (error as Error).message,
            ),
    };
}
