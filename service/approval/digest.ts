import * as z from 'zod';

import type { Plan } from '../model/proposal.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { sha256 } from '../util/sha256.ts';

/**
 * SHA-256, in hexadecimal, over the whole plan: its steps, its targets, the state it was made for and every word that
 * the user saw. Approving a digest approves exactly that.
 */
export function planDigest(plan: Plan): string {
    return sha256(canonicalJson(z.json().parse(plan)));
}
