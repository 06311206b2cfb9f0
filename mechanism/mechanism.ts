import { Actions, longTimeLimit } from '../service/actions/actions.ts';
import { partsAsked, partsOf, stepsOf } from '../service/actions/several.ts';
import type { Surroundings } from '../service/actions/surroundings.ts';
import { isUnitStep } from '../service/actions/units/unitPlan.ts';
import type { Connection } from '../service/dbus/connection.ts';
import type { Executor, Execution } from '../service/execution/executor.ts';
import { isForRoot, polkitAction, polkitActionOf, runDigest } from '../service/execution/rootPlan.ts';
import { standingOf, type Looked, type Standing } from '../service/execution/standing.ts';
import { _ } from '../service/i18n/i18n.ts';
import { grantTerms } from '../service/model/grant.ts';
import type { Plan, Step } from '../service/model/proposal.ts';
import { Contents } from '../service/store/contents.ts';
import { messageOf, ReeveError } from '../service/util/errors.ts';
import { log } from '../service/util/log.ts';
import { isAuthorised } from './authority.ts';
import { confined } from './confined.ts';
import type { Grants } from './grants.ts';
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
/** Of a question that a person can be expected to read: lines besides the title, characters in all. */
const linesLimit = 12;
const questionLimit = 2000;
const unitsAction = polkitAction('units');
/** The action whose plan is a standing grant: `Allow` makes it, and no other call. */
const allowing = 'grant.allow';
const digestPattern = /^[0-9a-f]{64}$/;

/**
 * Makes changes as root. It trusts nothing that a caller sends: it makes each plan itself, and polkit asks the user with the title
 * of that plan. It makes the plan again after the user has answered, as that may have taken a while.
 */
export class Mechanism {
    readonly #connection: Connection;
    readonly #surroundings: Surroundings;
    readonly #executor: Executor;
    readonly #transactions: Transactions;
    readonly #looked: Looked;
    readonly #grants: Grants;
    readonly #speak: (language: string) => void;
    #last: Promise<unknown> = Promise.resolve();

    /**
     * @param dependencies.looked at to find out how far a change got
     * @param dependencies.speak has texts made in a language, by the name of its catalogue
     */
    constructor(dependencies: {
        connection: Connection;
        surroundings: Surroundings;
        executor: Executor;
        transactions: Transactions;
        looked: Looked;
        grants: Grants;
        speak: (language: string) => void;
    }) {
        this.#connection = dependencies.connection;
        this.#surroundings = dependencies.surroundings;
        this.#executor = dependencies.executor;
        this.#transactions = dependencies.transactions;
        this.#looked = dependencies.looked;
        this.#grants = dependencies.grants;
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
     * @throws ReeveError InvalidArgument, TooLarge; PlanChanged when the plan is another by now, or is impossible; InvalidState when
     * it is too long for a question
     */
    async apply(asked: Asked, client: Client): Promise<Execution> {
        const parameters = parse(asked);
        const changes = partsAsked({ action: asked.action, parameters });
        if (changes.some(({ action }) => action === allowing || polkitActionOf(action) === null)) throw notForRoot();
        const { language, digest } = asked;
        const { uid, signal } = client;
        const given = givenContents(asked);
        const plan = await this.#alone(language, () => this.#planUnasked(asked, parameters, given, signal));
        if (plan === null) return await this.#notMade(client, language);
        if (!(await this.#mayRun(plan, plan.steps, question(plan.title, plan.steps), client)))
            return await this.#notMade(client, language);
        return await this.#alone(language, async () => {
            const { contents } = this.#surroundings;
            for (const bytes of given.values()) await contents.put(bytes);
            // Typing a password takes seconds. The system may have changed since.
            const again = await this.#plan(asked, parameters, contents, signal);
            return await this.#carryOutAll(again, { uid, digest, language }, client);
        });
    }

    /**
     * Makes a standing grant of a user.
     *
     * @throws ReeveError InvalidArgument, TooLarge, PlanChanged, InvalidState
     */
    async allow(
        asked: Omit<Asked, 'action' | 'contents'>,
        client: Client,
    ): Promise<{ result: string; detail: string }> {
        const whole = { ...asked, action: allowing, contents: [] };
        const parameters = parse(whole);
        const { language } = asked;
        const { uid, signal } = client;
        const plan = await this.#alone(language, () => this.#planUnasked(whole, parameters, new Map(), signal));
        if (plan === null || !(await this.#mayRun(plan, plan.steps, question(plan.title, plan.steps), client)))
            return await this.#notMade(client, language);
        // What it allows follows from the parameters alone, which the digest covers.
        await this.#alone(language, () => this.#grants.add(uid, grantTerms().parse(plan.parameters)));
        return { result: 'done', detail: '' };
    }

    /**
     * Makes the change of a plan that a standing grant allows.
     *
     * @throws ReeveError as `apply`; NotAuthorized when the grant does not allow it
     */
    async use({ grant, ...asked }: Omit<Asked, 'contents'> & { grant: string }, client: Client): Promise<Execution> {
        const whole = { ...asked, contents: [] };
        const parameters = parse(whole);
        const { language, digest } = asked;
        const { uid, signal } = client;
        return await this.#alone(language, async () => {
            const plan = await this.#planUnasked(whole, parameters, new Map(), signal);
            if (plan === null) return cancelledBefore();
            await this.#grants.use(uid, grant, plan);
            return await this.#carryOutAll(plan, { uid, digest, language }, client);
        });
    }

    /** Ends a grant of a user. @throws ReeveError InvalidArgument */
    async disallow(grant: string, uid: number): Promise<void> {
        await this.#grants.remove(uid, grant);
    }

    /**
     * Does what is left of a recorded change of this user, or takes it back.
     *
     * @throws ReeveError InvalidArgument; NotFound; InvalidState when it was done already, or never; PlanChanged
     */
    async continue(
        { digest, what, steps }: { digest: string; what: string; steps: readonly number[] },
        client: Client,
    ): Promise<Execution> {
        if (what !== 'finish' && what !== 'undo') throw invalid('what');
        const read = () => (digestPattern.test(digest) ? this.#transactions.newest(client.uid, digest) : null);
        const found = await read();
        if (found === null) throw new ReeveError('NotFound', 'No such change of this user is recorded');
        const { language, plan } = found;
        const chosen = requireLeft(found, what, steps);
        const message = await this.#alone(language, () => {
            const { title } = plan;
            const named = what === 'undo' ? _('Undo: {title}', { title }) : _('Finish: {title}', { title });
            return Promise.resolve(question(named, chosen));
        });
        if (!(await this.#mayRun(plan, chosen, message, client))) return await this.#notMade(client, language);
        return await this.#alone(language, async () => {
            // Another call may have done it meanwhile.
            const now = await read();
            if (now?.begun !== found.begun) throw new ReeveError('PlanChanged', changedText());
            requireLeft(now, what, steps);
            const begun = Date.now() * 1000;
            const run: Run = { kind: what, begun, steps: [...steps], done: 0, state: 'under way' };
            return await this.#carryOut({ ...now, runs: [...now.runs, run] }, run, client);
        });
    }

    /**
     * How far a change of this user got, after what is under way has ended.
     *
     * @param asked.since when it was approved: an earlier one does not count
     * @throws ReeveError NotFound when none was begun
     */
    async standing(
        { digest, what, since }: { digest: string; what: string; since: number | bigint },
        { uid, signal }: Client,
    ): Promise<Standing> {
        return await this.#alone('', async () => {
            const found = digestPattern.test(digest) ? await this.#transactions.newest(uid, digest) : null;
            const run = found?.runs.at(-1);
            if (found === null || run?.kind !== what || BigInt(run.begun ?? found.begun) < BigInt(since))
                throw new ReeveError('NotFound', 'No such change of this user was begun');
            const [next] = stepsToRun(found, run).slice(run.done);
            if (run.state !== 'under way' || next === undefined) return { done: run.done, isUnsure: false };
            // An earlier mechanism was killed in the middle of this step.
            const { done, isUnsure } = await standingOf([next], Number(since), this.#looked, signal);
            if (isUnsure) return { done: run.done, isUnsure };
            run.done += done;
            run.state = run.done === run.steps.length ? 'done' : 'failed';
            await this.#transactions.write(found);
            return { done: run.done, isUnsure };
        });
    }

    /**
     * Makes one change at a time, in one language. Never ask a user in here: an open dialog must not keep other changes waiting.
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

    /**
     * Works a plan out before anybody was asked: it keeps nothing, and why it is impossible is no caller's business, who may not read
     * what root can.
     *
     * @returns null when the caller has given up
     */
    async #planUnasked(
        asked: Asked,
        parameters: Record<string, unknown>,
        given: ReadonlyMap<string, Uint8Array>,
        signal: AbortSignal,
    ): Promise<Plan | null> {
        const contents = new UnkeptContents(this.#surroundings.contents, given);
        try {
            return await this.#plan(asked, parameters, contents, signal);
        } catch (error) {
            if (signal.aborted) return null;
            if (!(error instanceof ReeveError)) throw error;
            log('info', 'Planned no change', { action: asked.action, reason: error.message });
            throw new ReeveError('PlanChanged', changedText());
        }
    }

    /** @throws ReeveError */
    async #plan(
        asked: Asked,
        parameters: Record<string, unknown>,
        contents: Contents,
        signal: AbortSignal,
    ): Promise<Plan> {
        const actions = new Actions({ ...this.#surroundings, contents, asRoot: true });
        const plan = await actions.plan({ action: asked.action, parameters, explanation: '' }, signal, longTimeLimit);
        const isOurs = asked.action === allowing ? plan.authentication : isForRoot(plan);
        if (!isOurs || runDigest(plan) !== asked.digest) throw new ReeveError('PlanChanged', changedText());
        return plan;
    }

    /** A rule of the administrator that permits one sort of change does not permit to start units with it. */
    async #mayRun(plan: Plan, steps: readonly Step[], message: string, { sender, signal }: Client): Promise<boolean> {
        const needed = new Set([
            ...partsOf(plan).map(({ action }) => polkitActionOf(action)),
            ...(steps.some(isUnitStep) ? [unitsAction] : []),
        ]);
        try {
            for (const of of needed) {
                if (of === null) return false;
                const about = { sender, action: of, message, signal };
                if (await isAuthorised(this.#connection, { ...about, mayAsk: false })) continue;
                // Who gives an administrator's password has read all of it.
                return await isAuthorised(this.#connection, { ...about, mayAsk: true });
            }
            return true;
        } catch (error) {
            if (signal.aborted) return false;
            throw error;
        }
    }

    /** What was not allowed, or withdrawn. */
    async #notMade({ signal }: Client, language: string): Promise<Execution> {
        const nothing = { begun: false, done: 0 };
        return await this.#alone(language, () =>
            Promise.resolve<Execution>(
                signal.aborted
                    ? cancelledBefore()
                    : {
                          ...nothing,
                          result: 'refused',
                          detail: _('The password was not entered, or you are not allowed to do this'),
                      },
            ),
        );
    }

    async #carryOutAll(
        plan: Plan,
        about: Pick<Transaction, 'uid' | 'digest' | 'language'>,
        client: Client,
    ): Promise<Execution> {
        const steps = plan.steps.map((_step, index) => index);
        const begun = Date.now() * 1000;
        const run: Run = { kind: 'apply', begun, steps, done: 0, state: 'under way' };
        const transaction = { version: 1 as const, begun, ...about, plan, runs: [run] };
        return await this.#carryOut(transaction, run, client);
    }

    async #carryOut(transaction: Transaction, run: Run, client: Client): Promise<Execution> {
        const { plan, uid, digest } = transaction;
        const about = { kind: run.kind, action: plan.action, title: plan.title, uid, digest };
        log('notice', 'Approved', about);
        const steps = stepsToRun(transaction, run);
        let begun = false;
        let last: Execution | null = null;
        for (const step of steps) {
            if (client.signal.aborted) {
                last = { result: 'cancelled', begun, done: 0, detail: '' };
                break;
            }
            try {
                await this.#transactions.write(transaction);
            } catch (error) {
                if (!begun) throw error;
                last = { result: 'failed', begun, done: 0, detail: messageOf(error) };
                break;
            }
            // Programs would go on when their job is cancelled, beside whatever comes next.
            const signal = step.call.member === 'StartTransientUnit' ? never : client.signal;
            last = await this.#executor.run([confined(step)], { ...client, signal });
            begun ||= last.begun;
            if (last.result !== 'done') break;
            run.done += 1;
        }
        const result = last?.result ?? 'failed';
        run.state = result === 'refused' ? 'failed' : result;
        await this.#transactions.write(transaction).catch((error: unknown) => {
            log('error', 'Could not record how a change ended', { reason: messageOf(error) });
        });
        log('notice', 'Ended', { ...about, result, done: run.done, of: steps.length });
        const detail = result === 'cancelled' && begun ? _('Cancelled while in progress') : (last?.detail ?? '');
        return { result, begun, done: run.done, detail };
    }
}

function cancelledBefore(): Execution {
    return { result: 'cancelled', begun: false, done: 0, detail: _('Cancelled before anything was changed') };
}

const never = new AbortController().signal;

function stepsToRun({ plan }: Transaction, { kind, steps }: Run): Step[] {
    return steps.flatMap(index => stepsOf(plan, kind)[index] ?? []);
}

/** Reads what root keeps, and what a caller gave; keeps nothing. */
class UnkeptContents extends Contents {
    readonly #kept: Contents;
    readonly #given: ReadonlyMap<string, Uint8Array>;

    constructor(kept: Contents, given: ReadonlyMap<string, Uint8Array>) {
        super('/nonexistent');
        this.#kept = kept;
        this.#given = given;
    }

    override put(bytes: Uint8Array): Promise<string> {
        return Promise.resolve(Contents.hashOf(bytes));
    }

    override async get(hash: string): Promise<Buffer | null> {
        const given = this.#given.get(hash);
        return given === undefined ? await this.#kept.get(hash) : Buffer.from(given);
    }

    override path(hash: string): string {
        return this.#kept.path(hash);
    }
}

/**
 * What the dialog says: the title, then each step, since a title names neither all files nor all units.
 *
 * @throws ReeveError InvalidState when nobody could read it
 */
function question(title: string, steps: readonly Step[]): string {
    const lines = steps.map(({ description }) => description).filter(line => line !== title);
    const text = lines.length === 0 ? title : [title, '', ...lines.map(line => `• ${line}`)].join('\n');
    if (lines.length > linesLimit || text.length > questionLimit)
        throw new ReeveError('InvalidState', _('This is too much for a single question'));
    return text;
}

/**
 * The steps that are chosen, if they are left to do.
 *
 * @throws ReeveError InvalidArgument; InvalidState when one of them was done already, or never
 */
function requireLeft({ plan, runs }: Transaction, what: 'finish' | 'undo', steps: readonly number[]): Step[] {
    const done = (kind: 'made' | 'undone', andBegun: boolean) =>
        new Set(
            runs
                .filter(run => (run.kind === 'undo') === (kind === 'undone'))
                .flatMap(run => run.steps.slice(0, run.done + (andBegun && run.state !== 'done' ? 1 : 0))),
        );
    const all = stepsOf(plan, what);
    const isInOrder = steps.every((step, index) => step < all.length && step > (steps[index - 1] ?? -1));
    if (steps.length === 0 || !isInOrder) throw invalid('steps');
    const undone = done('undone', false);
    const made = done('made', what === 'undo');
    const isLeft = (index: number) =>
        what === 'finish'
            ? undone.size === 0 && !made.has(index)
            : !undone.has(index) && made.has(plan.undo?.steps[index]?.undoes ?? 0);
    if (!steps.every(isLeft)) throw new ReeveError('InvalidState', _('Nothing of this plan is left to do'));
    return steps.flatMap(index => all[index] ?? []);
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
    return new ReeveError('InvalidArgument', 'action: not one that root makes');
}

function changedText(): string {
    return _('The system has changed since this was offered');
}

/** @throws ReeveError InvalidArgument for what the parameters do not name */
function givenContents({ contents, parameters }: Asked): Map<string, Uint8Array> {
    const given = new Map(contents.map(bytes => [Contents.hashOf(bytes), bytes]));
    for (const hash of given.keys()) if (!parameters.includes(`"${hash}"`)) throw invalid('contents');
    return given;
}
