import { unknown } from '../../diagnosis/recovery.ts';
import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readInotifyUse } from '../../machine/processes/inotify.ts';

/** From this share of a limit on, programs reach it: many ask for thousands of watches at once. */
const reached = 0.9;

/** For this user's own programs, as each user has limits of their own: inotify(7). */
export function hasInotifyLeft(what: 'watches' | 'instances'): RecoveryCheck {
    return {
        about: 'your programs use less than 90% of the limit',
        async check({ machine, signal }) {
            const use = await readInotifyUse(machine, process.getuid?.() ?? 0, signal);
            if (use === null) return unknown();
            const [count, limit] =
                what === 'watches' ? [use.watches, use.mostWatches] : [use.instances, use.mostInstances];
            return count < limit * reached
                ? {
                      gone: true,
                      detail: _('The limit is no longer reached: {count} of {limit} are used', { count, limit }),
                  }
                : {
                      gone: false,
                      detail: _('The limit is still reached: {count} of {limit} are used', { count, limit }),
                  };
        },
    };
}
