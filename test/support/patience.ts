// Time limits that stretch while the machine is busy. A limit ends what hangs; what is merely slow, because other programs
// want the processors as well, shall come to its end.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

// Kept here, because jasmine's mock clock replaces the global ones.
const { setTimeout, clearTimeout } = globalThis;

const processors = availableParallelism();
/** Milliseconds between two polls of the load. */
const step = 500;

/**
 * How many times as long as on an idle machine everything takes now: the programs that want a processor, for each processor,
 * over the last minute or at this moment, whichever is more (proc_loadavg(5)).
 */
export function slowness(): number {
    const [lastMinute, , , now] = readFileSync('/proc/loadavg', 'utf8').split(' ');
    return Math.max(1, parseFloat(lastMinute ?? '') / processors, parseInt(now ?? '', 10) / processors);
}

/** Counts down from `limit` milliseconds, the slower the busier the machine is. */
export class Deadline {
    #left: number;
    #last = performance.now();

    constructor(limit: number) {
        this.#left = limit;
    }

    /** Milliseconds; 0 when it has passed. It is asked again and again, so that it knows how busy the machine was meanwhile. */
    get left(): number {
        const now = performance.now();
        this.#left = Math.max(0, this.#left - (now - this.#last) / slowness());
        this.#last = now;
        return this.#left;
    }
}

/** As AbortSignal.timeout(). */
export function abortAfter(limit: number): AbortSignal {
    const controller = new AbortController();
    const late = new DOMException(`nothing came within ${limit} ms`, 'TimeoutError');
    whenPassed(limit, () => {
        controller.abort(late);
    }).unref();
    return controller.signal;
}

/** Calls back when a deadline has passed, unless it is disposed of first. */
export function whenPassed(limit: number, callback: () => void): Disposable & { unref(): void } {
    const deadline = new Deadline(limit);
    const check = () => {
        if (deadline.left === 0) callback();
        else wait();
    };
    let timer: NodeJS.Timeout | undefined;
    let holds = true;
    const wait = () => {
        timer = setTimeout(check, Math.min(step, limit));
        if (!holds) timer.unref();
    };
    wait();
    return {
        /** Lets the process end before that. */
        unref() {
            holds = false;
            timer?.unref();
        },
        [Symbol.dispose]() {
            clearTimeout(timer);
        },
    };
}
