import { bare } from '../../detection/subjects.ts';
import type { Captures } from '../../detection/linePattern.ts';

/** Names of the kernel's own threads have colons, too. */
export function withoutNumber({ program = '' }: Captures): string {
    return bare(program.replace(/:\d{1,10}$/, '')) || 'program';
}
