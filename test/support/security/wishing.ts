import { Actions } from '../../../service/actions/actions.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Plan } from '../../../service/model/proposal.ts';
import { pretendPrograms } from '../pretendPrograms.ts';
import { carryOut } from './changes.ts';
import { Computer, type State } from './computer.ts';

const { signal } = new AbortController();

/** What wishes and actions come to on a made-up computer. @param computer that of the present spec */
export function wishingOn(computer: () => Computer) {
    const plan = async (action: string, parameters: Record<string, unknown>): Promise<Plan> =>
        await new Actions(computer().surroundings).plan({ action, parameters, explanation: '' });
    const verified = async (planned: Plan) => await new Actions(computer().surroundings).verify(planned);
    return {
        /** Whether a plan that was carried out has reached its goal. */
        verified,
        /**
         * Carries a plan out and undoes it: it reaches its goal, and its undo restores what was there.
         *
         * @returns the computer as it was in between
         */
        applied: async (planned: Plan, check = verified) => {
            const before = computer().snapshot();
            carryOut(computer(), planned.steps);
            expect((await check(planned)).gone).toBeTrue();
            const changed = computer().snapshot();
            carryOut(computer(), planned.undo?.steps ?? []);
            if (planned.undo !== null) expect(computer().snapshot()).toEqual(before);
            return changed;
        },
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

/**
 * Gives each spec of a suite a made-up computer of its own.
 *
 * @param programs those that can be found meanwhile
 * @param options.isHome whether its root is the home directory, too
 */
export function onEachComputer(
    state: State,
    programs: readonly string[],
    started: (computer: Computer) => void,
    { isHome = false } = {},
): void {
    let found: Disposable;
    let computer: Computer;
    let home: string | undefined;
    beforeAll(() => {
        found = pretendPrograms(programs);
        home = process.env.HOME;
    });
    afterAll(() => {
        found[Symbol.dispose]();
        process.env.HOME = home;
    });
    beforeEach(async () => {
        computer = await Computer.start(state);
        if (isHome) process.env.HOME = computer.root;
        started(computer);
    });
    afterEach(async () => {
        await computer[Symbol.asyncDispose]();
    });
}
