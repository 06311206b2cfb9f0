import type { Captures } from '../../detection/linePattern.ts';
import { parseTimespan } from '../../text/timespan.ts';

/** As long as the service manager waits for what does not come (DefaultTimeoutStartSec= of systemd-system.conf(5)). Seconds. */
const slowStart = 90;

export function isSlow({ taken = '' }: Captures): boolean {
    return parseTimespan(taken.slice(taken.lastIndexOf('+') + 1)) >= slowStart;
}
