import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { plan } from '../service/model/proposal.ts';
import { log } from '../service/util/log.ts';
import { messageOf } from '../service/util/errors.ts';
import { writeAtomically } from '../service/util/durableFiles.ts';

/** One approval: which steps root was to do, and how far it got. */
const run = z.object({
    kind: z.enum(['apply', 'finish', 'undo']),
    /** Microseconds since the Unix epoch; absent in a record of an earlier release. */
    begun: z.int().positive().optional(),
    steps: z.array(z.int().nonnegative()),
    /** How many of them ended well. */
    done: z.int().nonnegative(),
    /** under way: also after a crash or a power cut, when nobody knows about the step after those that are done. */
    state: z.enum(['under way', 'done', 'failed', 'cancelled']),
});

const transaction = z.object({
    version: z.literal(1),
    /** Microseconds since the Unix epoch. */
    begun: z.int().positive(),
    /** Whose change it is. */
    uid: z.int().nonnegative(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    language: z.string(),
    plan: plan(),
    runs: z.array(run),
});
export type Transaction = z.infer<typeof transaction>;

/** More of a user are not kept; a change that is older can no longer be undone by the mechanism. */
const kept = 100;
const namePattern = /^(\d+)-(\d+)-([0-9a-f]{64})\.json$/;

/**
 * What root has done, in files that only root can write: undo follows from these alone. Each step is on disk before it begins and
 * after it has ended.
 */
export class Transactions {
    readonly #folder: string;

    /** @param directory of root's alone */
    constructor(directory: string) {
        this.#folder = join(directory, 'transactions');
    }

    /** The last change of a user with this digest. */
    async newest(uid: number, digest: string): Promise<Transaction | null> {
        for (const name of (await this.#names()).toReversed()) {
            const [, , owner, of] = namePattern.exec(name) ?? [];
            if (Number(owner) !== uid || of !== digest) continue;
            const found = await this.#read(name);
            if (found !== null) return found;
        }
        return null;
    }

    /** @returns all that are kept, which other data of ours may refer to; older ones are gone */
    async prune(): Promise<Transaction[]> {
        const found: Transaction[] = [];
        const byUser = Map.groupBy(await this.#names(), name => namePattern.exec(name)?.[2]);
        for (const names of byUser.values()) {
            for (const name of names.slice(0, -kept)) await rm(join(this.#folder, name), { force: true });
            for (const name of names.slice(-kept)) {
                const one = await this.#read(name);
                if (one !== null) found.push(one);
            }
        }
        return found;
    }

    /** On disk when it resolves: the file, its content and its name. */
    async write(written: Transaction): Promise<void> {
        const { begun, uid, digest } = written;
        const path = join(this.#folder, `${begun}-${uid}-${digest}.json`);
        await writeAtomically(path, `${JSON.stringify(written)}\n`);
    }

    async #read(name: string): Promise<Transaction | null> {
        try {
            return transaction.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8')));
        } catch (error) {
            log('error', 'Cannot read the record of a change', { name, reason: messageOf(error) });
            return null;
        }
    }

    /** Oldest first. */
    async #names(): Promise<string[]> {
        const names = await readdir(this.#folder).catch((error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
            throw error;
        });
        const time = (name: string) => Number(namePattern.exec(name)?.[1]);
        return names.filter(name => namePattern.test(name)).sort((one, other) => time(one) - time(other));
    }
}
