// For what writes no line anywhere until it is too late: Reeve looks for it at the first poll after a log-in, and an hour after changes.
import type { Desktop } from '../desktop/desktop.ts';
import { pollAsUsual, pollEvery } from './polling.ts';
import type { Scenario } from './scenario.ts';

type Standing = Pick<Scenario, 'title' | 'files' | 'expect'> & {
    prepare?: (desktop: Desktop) => Promise<unknown>;
    breaks: (desktop: Desktop) => Promise<unknown>;
    /** Undoes all of it, whether or not a fix has been applied. */
    mends: (desktop: Desktop) => Promise<unknown>;
};

/** A fault that a standing check finds. Where no fix is expected, a person mends it, and the check has to say so. */
export function standing({ title, files, expect, prepare, breaks, mends }: Standing): Scenario {
    return {
        title,
        by: 'provoked',
        ...(files !== undefined && { files }),
        prepare: async desktop => {
            await pollEvery(5)(desktop);
            await prepare?.(desktop);
        },
        provoke: async desktop => {
            await breaks(desktop);
            // As at a log-in.
            await desktop.user(['systemctl', '--user', 'restart', 'reeve.service']);
        },
        patience: 40_000,
        expect: { ...expect, ...(expect.fix === undefined && { isChecked: true }) },
        ...(expect.fix === undefined && {
            repair: async desktop => {
                await mends(desktop);
            },
        }),
        clear: async desktop => {
            await mends(desktop);
            await pollAsUsual(desktop);
        },
    };
}
