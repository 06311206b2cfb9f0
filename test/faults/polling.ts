// For faults that the kernel reports to nobody: Reeve polls every quarter of an hour, in the scenarios more often.
import { alice } from '../desktop/container.ts';
import type { Desktop } from '../desktop/desktop.ts';

const configuration = `${alice.home}/.config/reeve/config.toml`;
const kept = '/run/bench-config.toml';

/** Reeve reads its configuration again whenever that changes. */
export function pollEvery(seconds: number): (desktop: Desktop) => Promise<void> {
    const script = 'cp --preserve=all "$1" "$2" && printf "\\n[watch]\\npoll_every = %s\\n" "$3" >> "$1"';
    return async desktop => {
        await desktop.exec(['sh', '-c', script, 'sh', configuration, kept, String(seconds)]);
    };
}

export async function pollAsUsual(desktop: Desktop): Promise<void> {
    await desktop.exec(['mv', kept, configuration]);
}
