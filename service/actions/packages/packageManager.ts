/** What the actions on packages need of a package manager. */
import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Step, UndoStep } from '../../model/proposal.ts';
import { programStep, type Argv } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

export type PackageChanges = {
    installed: {
        name: string;
        /** The version that is there now; null when there is none. */
        from: string | null;
        to: string;
    }[];
    removed: string[];
};

/** What a person wants of packages. `version`: the one that was shown. */
export type Wanted =
    | { kind: 'install' | 'remove'; names: readonly string[] }
    | { kind: 'reinstall'; name: string }
    | { kind: 'upgrade'; name: string; version?: string }
    | { kind: 'upgradeAll' | 'autoremove' };

/** A package that the sources have, with the one line that describes it. */
export type KnownPackage = { name: string; summary: string };

/** What a step runs, as `programStep` makes it. */
type Run = Pick<Step, 'command' | 'commands' | 'cleanup' | 'call'>;

export type PackageManager = {
    /** Packages in whose name or description every word occurs. Words are taken literally. */
    search(machine: Machine, words: readonly string[], signal: AbortSignal): Promise<KnownPackage[]>;
    isInstalled(machine: Machine, name: string, signal: AbortSignal): Promise<boolean>;
    /** Files of an installed package that are missing or not as they came, without settings; those that this user cannot read are left out. */
    altered(machine: Machine, name: string, signal: AbortSignal): Promise<string[]>;
    /**
     * What would change, by its own account, which it gives to everybody, without a lock and without the network. Both lists are
     * empty when it would do nothing or cannot.
     *
     * @throws ReeveError Unavailable when it takes too long; InvalidState for what it does not do, with the reason
     */
    simulate(machine: Machine, wanted: Wanted, signal: AbortSignal): Promise<PackageChanges>;
    /** Makes a change, and fails where it would remove a package that was not announced. */
    step(wanted: Wanted): Run;
    /** Removes exactly these, or fails. Their settings stay. */
    removal(names: readonly string[]): Run;
    /** Installs what was removed, in the version that was there; null where the sources do not have one of these. */
    returning(
        machine: Machine,
        removed: readonly { name: string; version: string | null }[],
        signal: AbortSignal,
    ): Promise<Run | null>;
    /** Has packages count as installed for others. */
    markAutomatic(names: readonly string[]): Run;
    /** Those without which nothing works. */
    vital(machine: Machine, names: readonly string[], signal: AbortSignal): Promise<string[]>;
    /** Asks all package sources what they have now. */
    refresh(): Run;
    /** Whether updates leave a package as it is. @throws ReeveError InvalidState when it does not say */
    isHeld(machine: Machine, name: string, signal: AbortSignal): Promise<boolean>;
    /**
     * Has updates leave an installed package as it is, or no longer, and what takes that back.
     *
     * @throws ReeveError InvalidState for what it cannot do, with the reason
     */
    hold(name: string, isWanted: boolean, words: HoldWords, asked: Asked): Promise<{ step: Step; undo: UndoStep }>;
};

type Asked = Pick<Surroundings, 'machine' | 'contents'> & { signal: AbortSignal };
/** What the step says, and that of undo. */
export type HoldWords = { description: string; back: string };

/** For a package manager that has a command for either. */
export function holdBy(argv: (isWanted: boolean) => Argv, isWanted: boolean, { description, back }: HoldWords) {
    return Promise.resolve({
        step: { description, ...programStep('system', argv(isWanted)) },
        undo: { description: back, ...programStep('system', argv(!isWanted)) },
    });
}

/** What path-exclude= of dpkg.cfg(5), and tsflags=nodocs of dnf.conf(5), leave out on small systems. */
const leftOut = /^\/usr\/share\/(?:doc|man|info|locale|help|lintian)\//;

/** Of what dpkg(1) --verify and rpm(8) --verify print: a line for each file, with “5” where its contents differ and “c” for settings. */
export function alteredFiles(output: string): string[] {
    return output.split('\n').flatMap(line => {
        const {
            marks = '',
            kind = '',
            path = '',
        } = /^(?<marks>[.\w?]{9}|missing) +(?:(?<kind>[a-z]) +)?(?<path>\/.*?)(?: \(.*\))?$/.exec(line)?.groups ?? {};
        const isAltered = (marks === 'missing' && !line.endsWith('(Permission denied)')) || marks[2] === '5';
        return isAltered && kind !== 'c' && !leftOut.test(path) ? [path] : [];
    });
}

/** A name in an announcement, with its architecture where a package manager adds it. */
export function isName(name: string): boolean {
    return /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}(?::[a-z0-9-]{1,31})?$/.test(name);
}

export function describeChanges({ installed, removed }: PackageChanges): string {
    const added = installed.map(({ name, to }) => `${name} ${to}`).join(', ');
    const names = removed.join(', ');
    if (added === '') return _('Remove {names}', { names });
    if (names === '') return _('Install {names}', { names: added });
    return _('Install {added}, and remove {removed}', { added, removed: names });
}
