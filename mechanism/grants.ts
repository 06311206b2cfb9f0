import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { allows, grantId, grantState, standingGrant, type GrantTerms } from '../service/model/grant.ts';
import type { Plan } from '../service/model/proposal.ts';
import { messageOf, ReeveError } from '../service/util/errors.ts';
import { log } from '../service/util/log.ts';
import { syncFolder, writeAtomically } from '../service/util/durableFiles.ts';

const kept = standingGrant().extend({
    version: z.literal(1),
    /** Whose grant it is. */
    uid: z.int().nonnegative(),
    /** It was needed too often. */
    isSuspended: z.boolean(),
});
type Kept = z.infer<typeof kept>;

const idPattern = /^[0-9a-f]{8}$/;
/** Of a user. */
const limit = 50;

/** What root may do for a user without asking, in files that only root can write. */
export class Grants {
    readonly #folder: string;

    /** @param directory of root's alone */
    constructor(directory: string) {
        this.#folder = join(directory, 'grants');
    }

    /** Keeps what an administrator has approved, in the place of an earlier grant for the same. @throws ReeveError InvalidState when there are too many */
    async add(uid: number, terms: GrantTerms): Promise<void> {
        const id = grantId(terms);
        const names = (await this.#names()).filter(name => name.startsWith(`${uid}-`));
        if (!names.includes(nameOf(uid, id)) && names.length >= limit)
            throw new ReeveError('InvalidState', 'Too many standing grants of this user');
        await this.#write({ version: 1, id, uid, made: Date.now() * 1000, terms, uses: [], isSuspended: false });
        log('notice', 'Made a standing grant', {
            id,
            uid,
            action: terms.action,
            parameters: JSON.stringify(terms.parameters),
        });
    }

    /**
     * Counts a use of a grant for a plan; on disk when it resolves.
     *
     * @throws ReeveError NotAuthorized when there is no such grant of this user, or it does not allow this now
     */
    async use(uid: number, id: string, plan: Plan): Promise<void> {
        const grant = await this.#read(uid, id);
        const now = Date.now() * 1000;
        const state = grant === null || grant.isSuspended ? null : grantState(grant, now);
        if (grant !== null && state === 'too-often') await this.#write({ ...grant, isSuspended: true });
        if (grant === null || state !== 'usable' || !allows(grant.terms, plan))
            throw new ReeveError('NotAuthorized', 'No standing grant of this user allows this now');
        await this.#write({ ...grant, uses: [...grant.uses, now] });
    }

    /** Ends a grant, if there is one. */
    async remove(uid: number, id: string): Promise<void> {
        if (!idPattern.test(id)) throw new ReeveError('InvalidArgument', 'grant: not a value that is documented');
        if (!(await this.#names()).includes(nameOf(uid, id))) return;
        await rm(join(this.#folder, nameOf(uid, id)), { force: true });
        await syncFolder(this.#folder);
        log('notice', 'Ended a standing grant', { id, uid });
    }

    async #write(grant: Kept): Promise<void> {
        await writeAtomically(join(this.#folder, nameOf(grant.uid, grant.id)), `${JSON.stringify(grant)}\n`);
    }

    /** null for one that is not there, or that cannot be read. */
    async #read(uid: number, id: string): Promise<Kept | null> {
        const name = nameOf(uid, id);
        if (!idPattern.test(id) || !(await this.#names()).includes(name)) return null;
        try {
            const grant = kept.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8')));
            return grant.uid === uid && grant.id === id ? grant : null;
        } catch (error) {
            log('error', 'Cannot read a standing grant', { name, reason: messageOf(error) });
            return null;
        }
    }

    async #names(): Promise<string[]> {
        const names = await readdir(this.#folder).catch((error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
            throw error;
        });
        // A crash may have left a draft.
        return names.filter(name => name.endsWith('.json'));
    }
}

function nameOf(uid: number, id: string): string {
    return `${uid}-${id}.json`;
}
