import type { SystemBus } from '../dbus/systemBus.ts';
import { Journal } from '../journal/journal.ts';
import type { JournalPlace } from '../journal/journalctl.ts';
import { journalAt } from '../journal/query.ts';
import type { ThisMachine } from '../machine/machine.ts';
import { Systemd } from '../machine/units/systemd.ts';
import { UnitStates } from '../sources/unitStates.ts';
import { noticeJournalAccess } from './notices.ts';
import type { Status } from './status.ts';

export type Logs = {
    /** null to read none. A journal other than this machine's is read from its first entry. */
    journal: JournalPlace | null;
    /** A plain-text log to read as well; null for none. */
    text: string | null;
};

type Surroundings = {
    machine: ThisMachine;
    /** The service managers of this machine. */
    managers: Systemd;
    systemBus: SystemBus | null;
    status: Status;
    /** Whether the user wants this machine's journal read. */
    wantsJournal: boolean;
};

/**
 * The watched system: this machine, or the one that a log was brought from. The service managers of this machine know
 * nothing about that one, so nobody is asked about it and nothing can be changed on it.
 */
export async function openWatched(logs: Logs, { machine, managers, systemBus, status, wantsJournal }: Surroundings) {
    const isThisMachine = logs.journal?.kind === 'machine' && logs.text === null;
    const systemd = isThisMachine ? managers : new Systemd({ system: null, session: null });
    const isJournalRead = logs.journal?.kind !== 'machine' || wantsJournal;
    const journal = logs.journal === null || !isJournalRead ? null : new Journal(logs.journal);
    const text = logs.text === null ? null : await openText(logs.text);
    const unitStates = isThisMachine
        ? [
              new UnitStates({ scope: 'system', systemd, bus: systemBus }),
              new UnitStates({ scope: 'user', systemd, bus: machine.session }),
          ]
        : [];
    for (const source of [journal, text?.source ?? null, ...unitStates]) if (source !== null) status.addSource(source);
    if (journal !== null) noticeJournalAccess(journal, status);
    return {
        isThisMachine,
        systemd,
        /** null when another machine is watched. */
        machine: isThisMachine ? machine : null,
        journal,
        /** What can be looked up in the journal that is watched. */
        lookup: journalAt(logs.journal ?? { kind: 'machine' }),
        text,
        unitStates,
        /** Whose own units are watched; null for everybody's, since a log that was brought from elsewhere may be about anybody. */
        uid: logs.journal?.kind === 'machine' ? (process.getuid?.() ?? null) : null,
    };
}

/** Parsing text takes far more code than a journal, and hardly anybody watches a text. */
async function openText(path: string) {
    const { TextWatcher } = await import('../textAnalysis/textWatcher.ts');
    return new TextWatcher(path);
}
