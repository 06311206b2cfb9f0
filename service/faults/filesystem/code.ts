import type { Captures } from '../../detection/linePattern.ts';

export function hasErrors({ written, read, flushed, corrupt, generation }: Captures): boolean {
    return [written, read, flushed, corrupt, generation].some(count => Number(count) > 0);
}
