// What a scenario of the fault bench is. Each is a small file in scenarios/ that exports one.
import type { Desktop } from '../desktop/desktop.ts';
import type { Suite } from '../desktop/image.ts';

export type Scenario = {
    /** In a few words, for the table. */
    title: string;
    /**
     * How the fault comes about: it happens for real; a service of the desktop is replaced by one that says what the real one
     * would; or its log entries are put into the journal, in the words and with the trusted fields of who writes them.
     */
    by: 'provoked' | 'faked' | 'replayed';
    /** What is there before the desktop boots: path → text. */
    files?: Record<string, string>;
    /** Debian packages that are installed first; without a network the scenario is left out. */
    packages?: readonly string[];
    /** The only desktops whose programs report the fault; all when not given. */
    suites?: readonly Suite[];
    /** A virtual machine, for what a container leaves to the kernel of its host; a container when not given. */
    needs?: 'machine';
    /** Makes things ready that are no fault yet, and waits until they are. */
    prepare?(desktop: Desktop): Promise<void>;
    /** Returns once the fault is there. */
    provoke(desktop: Desktop): Promise<void>;
    /** How long it may stay unnoticed, where Reeve polls only now and then; twelve seconds by default. Milliseconds. */
    patience?: number;
    expect: Expectation;
    /** What a person does about it that no fix of Reeve's can; comes before the fix, where there is one. */
    repair?(desktop: Desktop): Promise<void>;
    /** Leaves nothing of the scenario behind. */
    clear?(desktop: Desktop): Promise<void>;
};

export type Expectation = {
    /** As in docs/faults.md. */
    family: string;
    subject: string | RegExp;
    /** What the cause or, where that says more, the title or the summary must tell. */
    cause: RegExp;
    /** The typed action that is offered first; left out when nothing is safe, and then nothing may be offered. */
    fix?: string;
    /**
     * Whether a check can tell that the fault has gone, once it was repaired or fixed; true when there is a fix. False with a
     * fix: it cannot help on a test desktop, so that it is only looked for.
     */
    isChecked?: boolean;
    /** Further lines of the difference that the fix may make in the system, besides those that name the subject. */
    changes?: RegExp;
};

/** Times in which nothing goes wrong. */
export type QuietRun = {
    title: string;
    /** Too long to be part of every run of the bench: only when it is named with `--only`. */
    isLong?: true;
    run: (desktop: Desktop) => Promise<void>;
};
