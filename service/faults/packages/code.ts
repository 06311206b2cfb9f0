import type { Sign } from '../../detection/faultRule.ts';

const ofNetwork = /\bresolv|\bconnect|timed? ?out|unreachable|no route|\bnetwork\b/i;

/** A software centre (gs_plugin_refresh() of gnome-software), which tries again by itself, or APT, which names no reason. */
const mayPass = /\bfor action refresh\b|\bgs_plugin_refresh\b|Failed to fetch \S+\s*$/;

/** The network may only be away for the moment. What the repository itself lacks, nobody else brings back. */
export function ifOfNetwork({ message }: { message: string }): Sign | null {
    return ofNetwork.test(message) || mayPass.test(message) ? { times: 3, over: 3600 } : null;
}
