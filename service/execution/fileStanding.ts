import { heldHash, heldPermissions } from '../actions/files/heldFile.ts';
import type { Step } from '../model/proposal.ts';

/**
 * What the file of a step holds now: what it held before, what the step leaves, some of both, or what somebody else has written or
 * set. null for a step that changes no file.
 */
export type FileStanding = 'before' | 'after' | 'between' | 'other' | null;

export async function fileStanding({ file, permissions }: Step): Promise<FileStanding> {
    const change = file ?? permissions;
    if (change === undefined) return null;
    const held = file === undefined ? (await heldPermissions(change.path))?.permissions : await heldHash(change.path);
    if (held === change.after) return 'after';
    if (held === change.before) return 'before';
    return permissions !== undefined && isPartOf(permissions, held) ? 'between' : 'other';
}

/** Owner and mode are set one after the other: each may be old or new, but nothing that somebody else has set. */
function isPartOf({ before, after }: { before: string; after: string }, held: string | null | undefined): boolean {
    if (typeof held !== 'string') return false;
    const [old, wanted] = [before.split(' '), after.split(' ')];
    return held.split(' ').every((part, index) => part === old[index] || part === wanted[index]);
}
