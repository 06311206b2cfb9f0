import type { Sign } from '../../detection/faultRule.ts';

const ofNetwork = /\bresolv|\bconnect|timed? ?out|unreachable|no route|\bnetwork\b/i;

/** The network may only be away for the moment. What the repository itself lacks, nobody else brings back. */
export function ifOfNetwork({ message }: { message: string }): Sign | null {
    return ofNetwork.test(message) ? { times: 3, over: 3600 } : null;
}
