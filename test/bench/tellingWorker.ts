// The worker, which also notes when the first text of each answer leaves it: one line of microseconds for each, on the clock
// that GLib.get_monotonic_time() reads too (CLOCK_MONOTONIC).
import { appendFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { serve } from '../../service/inference/worker/serve.ts';

let hasBegun = false;

await serve({
    take: order => {
        if (order.type === 'chat') hasBegun = false;
        return order;
    },
    say: report => {
        if (report.type === 'text' && !hasBegun) {
            hasBegun = true;
            appendFileSync(`${homedir()}/first-texts`, `${process.hrtime.bigint() / 1000n}\n`);
        }
        return report;
    },
});
