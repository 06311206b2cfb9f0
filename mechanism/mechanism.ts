import { Actions } from '../service/actions/actions.ts';
import type { Surroundings } from '../service/actions/surroundings.ts';
import type { Connection } from '../service/dbus/connection.ts';
import type { Executor, Execution } from '../service/execution/executor.ts';
import { isForRoot, polkitActionOf, runDigest } from '../service/execution/rootPlan.ts';
import { _ } from '../service/i18n/i18n.ts';
import type { Plan, Step } from '../service/model/proposal.ts';
import { Contents } from '../service/store/contents.ts';
import { ReeveError } from '../service/util/errors.ts';
import { log } from '../service/util/log.ts';
import { isAuthorised } from './authority.ts';
import { confined } from './confined.ts';
import type { Transaction, Transactions } from './transactions.ts';

/** Who asks for a change. */
export type Client = { sender: string; uid: number; signal: AbortSignal; progress: (line: string) => void };
export type Asked = {
    action: string;
    parameters: string;
    language: string;
    contents: readonly Uint8Array[];
    digest: string;
};
type Run = Transaction['runs'][number];

const parametersLimit = 64 * 1024;
const languagePattern = /^(?:[a-z]{2,3}(?:_[A-Z]{2})?)?$/;
const digestPattern = /^[0-9a-f]{64}$/;

/**
 * Makes changes as root. Of what a caller sends it believes nothing: it works each plan out itself, has polkit ask the user with
 * that plan's title, and works it out once more when the password has come, since that may have taken a while.
 */
export class Mechanism {
    readonly #connection: Connection;
    readonly #surroundings: Surroundings;
    readonly #actions: Actions;
    readonly #executor: Executor;
    readonly #transactions: Transactions;
    readonly #speak: (language: string) => void;
    #last: Promise<unknown> = Promise.resolve();

    /** @param dependencies.speak has texts made in a language, by the name of its catalogue */
    constructor(dependencies: {
        connection: Connection;
        surroundings: Surroundings;
        executor: Executor;
        transactions: Transactions;
        speak: (language: string) => void;
    }) {
        this.#connection = dependencies.connection;
        this.#surroundings = dependencies.surroundings;
        this.#actions = new Actions({ ...dependencies.surroundings, asRoot: true });
        this.#executor = dependencies.executor;
        this.#transactions = dependencies.transactions;
        this.#speak = dependencies.speak;
    }

    /** Forgets what is too old to be undone. */
    async tidy(): Promise<void> {
        const hashes = (await this.#transactions.prune()).flatMap(({ plan }) =>
            [...plan.steps, ...(plan.undo?.steps ?? [])].flatMap(({ file }) => [file?.before, file?.after]),
        );
        await this.#surroundings.contents.sweep(new Set(hashes.filter(hash => typeof hash === 'string')));
    }

    /**
     * Makes the change of a plan.
     *
     * @throws ReeveError InvalidArgument, TooLarge; PlanChanged when the plan is another by now; InvalidState when it is
     * impossible, or is not for root
     */
    async apply(asked: Asked, client: Client): Promise<Execution> {
        const parameters = parse(asked);
        if (polkitActionOf(asked.action) === null) throw notForRoot();
        const { language, digest } = asked;
        const { uid, signal } = client;
        const plan = await this.#alone(language, async () => {
            await this.#keep(asked);
            return await this.#plan(asked, parameters, signal);
        });
        if (!(await this.#mayRun(plan, plan.title, client))) return notMade(signal);
        return await this.#alone(language, async () => {
            // Whoever types a password takes seconds, in which the system may have become another.
            const again = await this.#plan(asked, parameters, signal);
            const steps = again.steps.map((_step, index) => index);
            const run: Run = { kind: 'apply', steps, done: 0, state: 'under way' };
            const begun = Date.now() * 1000;
            const transaction = { version: 1 as const, begun, uid, digest, language, plan: again, runs: [run] };
            return await this.#carryOut(transaction, run, client);
        });
    }

    /**
     * Does what is left of a recorded change of this user, or takes it back.
     *
     * @throws ReeveError InvalidArgument; NotFound
     */
    async continue(
        { digest, what, steps }: { digest: string; what: string; steps: readonly number[] },
        client: Client,
    ): Promise<Execution> {
        if (what !== 'finish' && what !== 'undo') throw invalid('what');
        const found = digestPattern.test(digest) ? await this.#transactions.newest(client.uid, digest) : null;
        if (found === null) throw new ReeveError('NotFound', 'No such change of this user is recorded');
        const all = stepsOf(found.plan, what);
        const isInOrder = steps.every((step, index) => step < all.length && step > (steps[index - 1] ?? -1));
        if (steps.length === 0 || !isInOrder) throw invalid('steps');
        const { title } = found.plan;
        const message = await this.#alone(found.language, () =>
            Promise.resolve(what === 'undo' ? _('Undo: {title}', { title }) : _('Finish: {title}', { title })),
        );
        if (!(await this.#mayRun(found.plan, message, client))) return notMade(client.signal);
        return await this.#alone(found.language, async () => {
            const run: Run = { kind: what, steps: [...steps], done: 0, state: 'under way' };
            return await this.#carryOut({ ...found, runs: [...found.runs, run] }, run, client);
        });
    }

    /**
     * One change after the other, and one language at a time. A question to a user is outside of it: whoever leaves a dialog open
     * must not keep others waiting.
     */
    async #alone<T>(language: string, body: () => Promise<T>): Promise<T> {
        const before = this.#last;
        const { promise, resolve } = Promise.withResolvers<undefined>();
        this.#last = promise;
        await before;
        try {
            this.#speak(language);
            return await body();
        } finally {
            resolve(undefined);
        }
    }

    /** Keeps earlier contents of files, if the parameters name them. */
    async #keep({ contents, parameters }: Asked): Promise<void> {
        for (const bytes of contents) {
            if (!parameters.includes(`"${Contents.hashOf(bytes)}"`)) throw invalid('contents');
            if ((await this.#surroundings.contents.putWithinLimit(bytes)) === null)
                throw new ReeveError('Unavailable', 'Too many earlier contents are kept already');
        }
    }

    async #plan(asked: Asked, parameters: Record<string, unknown>, signal: AbortSignal): Promise<Plan> {
        const plan = await this.#actions.plan({ action: asked.action, parameters, explanation: '' }, signal);
        if (!isForRoot(plan)) throw notForRoot();
        if (runDigest(plan) !== asked.digest)
            throw new ReeveError('PlanChanged', _('The system has changed since this was offered'));
        return plan;
    }

    async #mayRun({ action, steps }: Plan, title: string, { sender, signal }: Client): Promise<boolean> {
        const of = polkitActionOf(action);
        if (of === null) return false;
        // A title names a file without its folder.
        const paths = new Set(steps.flatMap(({ file, permissions }) => file?.path ?? permissions?.path ?? []));
        const message = [title, ...paths].join('\n');
        try {
            return await isAuthorised(this.#connection, { sender, action: of, message, signal });
        } catch (error) {
            if (signal.aborted) return false;
            throw error;
        }
    }

    async #carryOut(transaction: Transaction, run: Run, client: Client): Promise<Execution> {
        const { plan, uid, digest } = transaction;
        const about = { kind: run.kind, action: plan.action, title: plan.title, uid, digest };
        log('notice', 'Approved', about);
        const steps = run.steps.flatMap(index => stepsOf(plan, run.kind)[index] ?? []);
        let begun = false;
        let last: Execution | null = null;
        for (const step of steps) {
            await this.#transactions.write(transaction);
            last = await this.#executor.run([confined(step)], client);
            begun ||= last.begun;
            if (last.result !== 'done') break;
            run.done += 1;
        }
        const result = last?.result ?? 'failed';
        run.state = result === 'refused' ? 'failed' : result;
        await this.#transactions.write(transaction);
        log('notice', 'Ended', { ...about, result, done: run.done, of: steps.length });
        return { result, begun, done: run.done, detail: last?.detail ?? '' };
    }
}

function stepsOf(plan: Plan, kind: Run['kind']): readonly Step[] {
    return kind === 'undo' ? (plan.undo?.steps ?? []) : plan.steps;
}

/** @throws ReeveError InvalidArgument, TooLarge */
function parse({ parameters, language, digest }: Asked): Record<string, unknown> {
    if (parameters.length > parametersLimit) throw new ReeveError('TooLarge', 'parameters: more than 64 KiB');
    if (!languagePattern.test(language)) throw invalid('language');
    if (!digestPattern.test(digest)) throw invalid('digest');
    try {
        const parsed: unknown = JSON.parse(parameters);
        if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
            return parsed as Record<string, unknown>;
    } catch {
        // Not JSON.
    }
    throw invalid('parameters');
}

function invalid(field: string): ReeveError {
    return new ReeveError('InvalidArgument', `${field}: not a value that is documented`);
}

function notForRoot(): ReeveError {
    return new ReeveError('InvalidState', 'This change does not need root, or not only root');
}

/** What was asked, and not allowed or withdrawn. */
function notMade(signal: AbortSignal): Execution {
    return signal.aborted
        ? { result: 'cancelled', begun: false, done: 0, detail: _('Cancelled before anything was changed') }
        : {
              result: 'refused',
              begun: false,
              done: 0,
              detail: _('The password was not entered, or you are not allowed to do this'),
          };
}
