import type { LogEntry } from './logEntry.ts';

/** SD_MESSAGE_JOURNAL_DROPPED and SD_MESSAGE_JOURNAL_MISSED in systemd's src/systemd/sd-messages.h. */
const dropped = 'a596d6fe7bfa4994828e72309e95d61e';
const missed = 'e9bf28e6e834481bb6f48f548ad13606';

/**
 * How many messages this entry reports as lost by journald: those of a program that exceeds its rate limit, or of the kernel,
 * whose buffer was overwritten first (manager_dispatch_message() in systemd's src/journal/journald-manager.c, dev_kmsg_record()
 * in journald-kmsg.c). Only journald itself writes entries of the transport "driver"; systemd.journal-fields(7).
 */
export function lostBy(entry: LogEntry): number {
    const id = entry.field('MESSAGE_ID');
    if ((id !== dropped && id !== missed) || entry.field('_TRANSPORT') !== 'driver') return 0;
    const count = id === dropped ? entry.field('N_DROPPED') : /^Missed (\d+) kernel/.exec(entry.message())?.[1];
    return /^\d{1,12}$/.test(count ?? '') ? Number(count) : 1;
}
