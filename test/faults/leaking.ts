// A program that takes more and more memory, for the scenarios in which somebody has to notice.
import type { Desktop } from '../desktop/desktop.ts';
import { pollEvery } from './polling.ts';

export const leaking = '/usr/local/libexec/bench-leak.py';
/** It is there once the program has begun: it forgets what it holds the first time alone. */
export const leakBegun = '/run/user/1000/bench-leak';

export const leakingFiles = {
    // No more than the computer can do without.
    [leaking]: `import os, time
if not os.path.exists('${leakBegun}'):
    open('${leakBegun}', 'w').close()
    total = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    held = []
    while sum(map(len, held)) < 0.37 * total:
        held.append(b'x' * int(0.0075 * total))
        time.sleep(0.5)
time.sleep(1e9)
`,
};

/** Has Reeve poll often, on a computer that has the memory for it. */
export async function prepareLeak(desktop: Desktop): Promise<void> {
    await desktop.exec(['awk', '/^MemTotal/{all=$2} /^MemAvailable/{exit $2 < 0.5 * all}', '/proc/meminfo']);
    await pollEvery(5)(desktop);
}
