// The worker, with something going wrong in it. Tests start it instead of worker/main.ts and say in REEVE_TEST_FAULT what:
//
//   [gpu-]abort-at-probe, -load, -first-token, -fourth-piece     it aborts, as ggml does when a driver fails it
//   [gpu-]killed-at-load, -first-token                   somebody else kills it
//   [gpu-]hang-at-load, -first-token                     its event loop stands still for ever
//   gpu-abort-at-matrix-units                            it aborts where it is to use them
//   gpu-miscounts[-with-matrix-units]                    what it makes of a text points a little elsewhere
//   deaf                                                 it does not stop when told to
//   killed-at-message-N                                  somebody kills it before its message of this number, in or out, and no worker
//                                                        after it: REEVE_TEST_KILLED is the file that tells
//
// With gpu- only on an accelerator. What is to run on Vulkan runs on the processor here, and says that it does not.
import { existsSync, writeFileSync } from 'node:fs';

import { serve } from '../../../service/inference/worker/serve.ts';

const wanted = process.env.REEVE_TEST_FAULT ?? '';
const isOfGpu = wanted.startsWith('gpu-');
const fault = wanted.replace(/^gpu-/, '');
let isOnGpu = false;
let hasMatrixUnits = false;
let isProbe = false;
let pieces = 0;
let messages = 0;

function fail(place: string): void {
    if (isOfGpu && !isOnGpu) return;
    if (fault === `abort-at-${place}`) process.abort();
    if (fault === `killed-at-${place}`) process.kill(process.pid, 'SIGKILL');
    if (fault === `hang-at-${place}`) for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
}

/** Counts what goes in and out; signs of life come when they come. */
function count(type: string): void {
    const killed = process.env.REEVE_TEST_KILLED ?? '';
    if (!fault.startsWith('killed-at-message-') || type === 'ping' || type === 'pong' || existsSync(killed)) return;
    if (fault === `killed-at-message-${messages}`) {
        writeFileSync(killed, type);
        process.kill(process.pid, 'SIGKILL');
    }
    messages += 1;
}

function miscounts(): boolean {
    return isOnGpu && (fault === 'miscounts' || (fault === 'miscounts-with-matrix-units' && hasMatrixUnits));
}

await serve({
    take: order => {
        count(order.type);
        if (order.type === 'abort' && fault === 'deaf') return { type: 'ping' };
        if (order.type !== 'load') return order;
        isOnGpu = order.accelerator !== 'cpu';
        hasMatrixUnits = order.matrixUnits;
        isProbe = order.path.includes('/probe-');
        if (hasMatrixUnits) fail('matrix-units');
        fail(isProbe ? 'probe' : 'load');
        return { ...order, accelerator: 'cpu' };
    },
    say: report => {
        count(report.type);
        if (report.type === 'text' && !isProbe) {
            pieces += 1;
            if (pieces === 1) fail('first-token');
            if (pieces === 4) fail('fourth-piece');
        }
        if (report.type === 'vector' && miscounts()) {
            const [first = 0, ...rest] = report.values;
            return { ...report, values: [first + 0.1, ...rest] };
        }
        return report.type === 'loaded' && isOnGpu ? { ...report, devices: ['Test GPU'] } : report;
    },
});
