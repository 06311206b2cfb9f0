import * as z from 'zod';

import { ReeveError, messageOf } from '../util/errors.ts';
import { _, language } from '../i18n/i18n.ts';
import { BusError, type Connection } from '../dbus/connection.ts';
import { partsOf, stepsOf, type Change } from '../actions/several.ts';
import type { BusCall, Plan } from '../model/proposal.ts';
import type { Contents } from '../store/contents.ts';
import { log } from '../util/log.ts';
import { mechanismName, mechanismPath } from '../util/names.ts';
import { version } from '../util/version.ts';
import type { Execution, RunOptions } from './executor.ts';
import { isForRoot, runDigest } from './rootPlan.ts';
import type { Standing } from './standing.ts';

const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };
const target = { destination: mechanismName, path: mechanismPath, interface: mechanismName };

/** Less than a message to the bus may be long. Bytes. */
const contentsLimit = 900 * 1024;
const hashPattern = /^[0-9a-f]{64}$/;

const stood = z.tuple([z.int().nonnegative(), z.boolean()]);
const answered = z.tuple([z.enum(['done', 'failed', 'refused', 'cancelled']), z.boolean(), z.int(), z.string()]);

const allowed = z.tuple([z.string(), z.string()]);

/** The errors of the mechanism itself: nothing was begun. */
const errorPrefix = 'org.reevedesktop.Reeve1.Error.';

/**
 * The mechanism that makes changes as root, where an administrator has installed it: then polkit's dialog shows the title of the
 * plan, for each plan, and its permission is for nothing else.
 */
export class Mechanism {
    readonly #open: (bus: BusCall['bus']) => Promise<Connection>;
    readonly #contents: Contents;

    constructor(dependencies: { open: (bus: BusCall['bus']) => Promise<Connection>; contents: Contents }) {
        this.#open = dependencies.open;
        this.#contents = dependencies.contents;
    }

    /**
     * @param options.grant the standing grant that allows it: then nobody is asked
     * @param options.begun when the change was approved, in microseconds since the Unix epoch
     * @returns null when there is no mechanism, or it does not make such changes; nothing has been changed then
     */
    async run(
        change: Change,
        { progress, signal, record, begun: since, grant }: RunOptions & { begun: number; grant?: string },
    ): Promise<Execution | null> {
        if (!isForRoot(change.plan)) return null;
        await using connection = await this.#connect();
        const digest = runDigest(change.plan);
        const call = connection && (await this.#call(change, digest, grant));
        if (connection === null || call === null) return null;
        // The connection ends with the change, and this with it.
        await connection.subscribe({ ...target, sender: mechanismName, member: 'Progress' }, ({ body }) => {
            const [about, line] = body;
            if (about === digest && typeof line === 'string') progress(line);
        });
        // From here on it has to be known what became of the change: it is not made in another way.
        if (signal.aborted) return null;
        const cancel = () => {
            connection
                .call({ ...target, member: 'Cancel', signature: 's', arguments: [digest] })
                .catch((error: unknown) => {
                    log('warning', 'Could not cancel a change', { reason: messageOf(error) });
                });
        };
        signal.addEventListener('abort', cancel, { once: true });
        record?.(0, change.steps.length);
        try {
            const reply = await connection.call({ ...target, ...call, interactive: true, timeout: Infinity });
            const [result, begun, done, detail] = answered.parse(reply);
            return { result, begun, done, detail };
        } catch (error) {
            return isUnknownThere(error) ? null : (refusalOf(error) ?? (await this.#broken(change, since, error)));
        } finally {
            signal.removeEventListener('abort', cancel);
        }
    }

    /**
     * How far the mechanism got with a change that somebody no longer saw the end of. It answers when it has ended what it is doing.
     *
     * @param since when it was approved, in microseconds since the Unix epoch
     * @returns null when it cannot be asked
     */
    async standing({ plan, kind }: Change, since: number): Promise<Standing | null> {
        if (!isForRoot(plan)) return null;
        await using connection = await this.#connect();
        if (connection === null) return null;
        const asked = { member: 'Standing', signature: 'sst', arguments: [runDigest(plan), kind, since] };
        try {
            const reply = await connection.call({ ...target, ...asked, interactive: true, timeout: Infinity });
            const [done, isUnsure] = stood.parse(reply);
            return { done, isUnsure };
        } catch (error) {
            if (!(error instanceof BusError)) throw error;
            if (isUnknownThere(error)) return { done: 0, isUnsure: false };
            log('error', 'The mechanism did not say how far a change got', { reason: error.message });
            return null;
        }
    }

    /** It ended in the middle of a change; the bus starts it again, and it knows how far it got. */
    async #broken(change: Change, since: number, error: unknown): Promise<Execution> {
        log('error', 'The mechanism did not answer', { reason: messageOf(error) });
        const { done, isUnsure } = (await this.standing(change, since)) ?? { done: 0, isUnsure: true };
        return {
            result: 'failed',
            begun: done > 0 || isUnsure,
            done,
            ...(isUnsure && { isUnsure }),
            detail: isUnsure
                ? _('What makes changes as root stopped, so it is not known how far this got')
                : _('What makes changes as root stopped'),
        };
    }

    /** Whether there is one that could be asked. */
    async isThere(): Promise<boolean> {
        await using connection = await this.#connect();
        return connection !== null;
    }

    /**
     * Has a standing grant made for what root does, which polkit asks the user about.
     *
     * @throws ReeveError NotAuthorized when it was refused; Unavailable where there is no mechanism
     */
    async allow(plan: Plan, signal: AbortSignal): Promise<void> {
        await using connection = await this.#connect();
        if (connection === null) throw new ReeveError('Unavailable', _('Reeve can no longer make changes as root'));
        const given = [JSON.stringify(plan.parameters), language(), runDigest(plan)];
        const call = { ...target, member: 'Allow', signature: 'sss', arguments: given };
        const reply = await connection.call({ ...call, interactive: true, timeout: Infinity, signal });
        const [result, detail] = allowed.parse(reply);
        if (result !== 'done') throw new ReeveError('NotAuthorized', detail);
    }

    /** Has a standing grant ended, where there is a mechanism that could keep one. */
    async disallow(id: string): Promise<void> {
        await using connection = await this.#connect();
        await connection?.call({ ...target, member: 'Disallow', signature: 's', arguments: [id], interactive: true });
    }

    /** null where there is no mechanism that could be asked. */
    async #connect(): Promise<Connection | null> {
        try {
            await using stack = new AsyncDisposableStack();
            const connection = stack.use(await this.#open('system'));
            if (!(await isInstalled(connection))) return null;
            stack.move();
            return connection;
        } catch (error) {
            if (!(error instanceof BusError) && !(error instanceof ReeveError)) throw error;
            log('warning', 'The mechanism cannot be asked', { reason: error.message });
            return null;
        }
    }

    /** null when the change does not fit into a message. */
    async #call({ plan, kind, steps }: Change, digest: string, grant?: string) {
        const named = [plan.action, JSON.stringify(plan.parameters), language()];
        if (grant !== undefined) return { member: 'Use', signature: 'sssss', arguments: [grant, ...named, digest] };
        if (kind !== 'apply') {
            const all = stepsOf(plan, kind);
            const indexes = steps.map(step => all.findIndex(other => JSON.stringify(other) === JSON.stringify(step)));
            return { member: 'Continue', signature: 'ssau', arguments: [digest, kind, indexes] };
        }
        const hashes = partsOf(plan)
            .flatMap(({ parameters }) => Object.values(parameters))
            .filter(value => typeof value === 'string' && hashPattern.test(value));
        const found = await Promise.all(hashes.map(hash => this.#contents.get(String(hash))));
        const contents = found.filter(bytes => bytes !== null);
        if (contents.reduce((sum, { length }) => sum + length, 0) > contentsLimit) return null;
        return {
            member: 'Apply',
            signature: 'sssaays',
            arguments: [...named, contents.map(bytes => new Uint8Array(bytes)), digest],
        };
    }
}

/** Whether there is a mechanism, and of this release: another may plan otherwise. */
async function isInstalled(connection: Connection): Promise<boolean> {
    const [names] = await connection.call({ ...bus, member: 'ListActivatableNames' });
    if (!Array.isArray(names) || !names.includes(mechanismName)) return false;
    const release = await connection.getProperty(mechanismName, mechanismPath, mechanismName, 'Release');
    if (release === version) return true;
    log('warning', 'The mechanism is of another release: install it again', { release: String(release), version });
    return false;
}

/** The mechanism has no record of the change, which was made without it. */
function isUnknownThere(error: unknown): boolean {
    return error instanceof BusError && error.errorName === `${errorPrefix}NotFound`;
}

/** null for an error that is not the mechanism's own. */
function refusalOf(error: unknown): Execution | null {
    if (!(error instanceof BusError)) throw error;
    if (!error.errorName.startsWith(errorPrefix)) return null;
    const isOutdated = ['PlanChanged', 'InvalidState'].some(code => error.errorName === errorPrefix + code);
    const nothing = { result: 'failed', begun: false, done: 0, detail: error.message } as const;
    return isOutdated ? { ...nothing, isOutdated } : nothing;
}
