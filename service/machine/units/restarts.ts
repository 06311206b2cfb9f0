/** The restarts that a service manager makes by itself, as Restart= of systemd.service(5) says, in the journal's words. */
import type { JournalReader } from '../../journal/query.ts';
import type { UnitDetails } from './unitDetails.ts';

/** One that systemd has set going. */
export type Restart = {
    /** How many there were, with this one, since the unit was last started in any other way. */
    number: number;
    /** The run that had ended, by its invocation ID. */
    run: string;
};

/** SD_MESSAGE_UNIT_RESTART_SCHEDULED of systemd's src/systemd/sd-messages.h; its fields: service_enter_restart() of service.c. */
export const restartScheduled = '5eb03494b6584870a536b337290809b3';

/** What each manager writes itself, by fields that journald adds itself (systemd.journal-fields(7)), and what it calls unit and invocation. */
export const ownEntries = {
    system: { by: ['_PID=1'], unit: 'UNIT', run: 'INVOCATION_ID' },
    user: {
        by: ['_SYSTEMD_USER_UNIT=init.scope', '_COMM=systemd', `_UID=${process.getuid?.() ?? 0}`],
        unit: 'USER_UNIT',
        run: 'USER_INVOCATION_ID',
    },
} as const;

/**
 * The last restart of a service that came after a run, or that had a number.
 *
 * @returns null when the journal, as far as it can be read, knows of none
 * @throws ReeveError Unavailable
 */
export async function findRestart(
    journal: JournalReader,
    { scope, name }: Pick<UnitDetails, 'scope' | 'name'>,
    which: { run: string } | { number: number },
    signal: AbortSignal,
): Promise<Restart | null> {
    const { by, unit, run } = ownEntries[scope];
    const wanted = 'run' in which ? `${run}=${which.run}` : `N_RESTARTS=${which.number}`;
    const matches = [`MESSAGE_ID=${restartScheduled}`, `${unit}=${name}`, wanted, ...by];
    const [entry] = await journal.query({ matches, lines: 1, signal });
    const number = Number(entry?.fields.N_RESTARTS);
    return Number.isSafeInteger(number) ? { number, run: entry?.fields[run] ?? '' } : null;
}
