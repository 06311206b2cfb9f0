import type { DiagnosedFamily } from '../diagnosis/family.ts';
import { RuleFileError } from '../faults/ruleFile.ts';
import type { Verdict } from '../detection/verdict.ts';
import { _ } from '../i18n/i18n.ts';
import type { LogEntry } from '../journal/logEntry.ts';
import { localPrefix } from '../model/incident.ts';
import { safeText } from '../text/sanitise.ts';
import { LocalDetector } from './localDetector.ts';
import { diagnosedFamily } from './localFamily.ts';
import { LocalJudge } from './localJudge.ts';
import type { LocalFamily } from './localRule.ts';
import { nameOf, readLocalRuleFile } from './localRuleFile.ts';
import type { FoundFile } from './ruleFolders.ts';

/** Characters: of a file, people mend one mistake after the other. */
const longestProblem = 4096;

type KnownFile = {
    content: string | null;
    /** The rules in use: the present file, or its last valid version. */
    family: LocalFamily | null;
    problem: string | null;
};

/** The files of rules as last read, and their effect on the journal's entries. */
export class LoadedRules {
    /** Local rules never explain reports of others. */
    readonly assessment = null;
    readonly #reserved: ReadonlySet<string>;
    readonly #uid: number | null;
    readonly #files = new Map<string, KnownFile>();
    #detector: LocalDetector<LogEntry>;
    #families: readonly LocalFamily[] = [];
    #diagnosed: ReadonlyMap<string, DiagnosedFamily> = new Map();

    constructor({ reserved, uid }: { reserved: ReadonlySet<string>; uid: number | null }) {
        this.#reserved = reserved;
        this.#uid = uid;
        this.#detector = this.#makeDetector();
    }

    get families(): readonly LocalFamily[] {
        return this.#families;
    }

    get problems(): string[] {
        return [...this.#files.values()].map(({ problem }) => problem).filter(problem => problem !== null);
    }

    diagnosed(family: string): DiagnosedFamily | undefined {
        return this.#diagnosed.get(family);
    }

    mayHave(family: string, kind: string): boolean {
        const known = this.#families.find(({ name }) => name === family);
        if (known !== undefined) return known.rules.some(rule => rule.kind === kind);
        return [...this.#files].some(([path, file]) => file.family === null && familyOf(path) === family);
    }

    feed(entry: LogEntry): readonly Verdict[] {
        return this.#detector.feed(entry);
    }

    forget(): void {
        this.#detector = this.#makeDetector();
        this.#detector.use(this.#families);
    }

    /** @returns whether anything has changed */
    update(found: readonly FoundFile[]): boolean {
        const before = JSON.stringify([...this.#files.values()]);
        const paths = new Set(found.map(({ path }) => path));
        for (const path of [...this.#files.keys()]) if (!paths.has(path)) this.#files.delete(path);
        const taken = new Map<string, string>();
        for (const file of found) this.#files.set(file.path, this.#take(file, taken));
        if (JSON.stringify([...this.#files.values()]) === before) return false;
        this.#families = [...this.#files.values()].map(({ family }) => family).filter(family => family !== null);
        this.#diagnosed = new Map(this.#families.map(family => [family.name, diagnosedFamily(family)]));
        this.#detector.use(this.#families);
        return true;
    }

    /** @param taken the files of the families so far, by their names */
    #take(file: FoundFile, taken: Map<string, string>): KnownFile {
        const last = this.#files.get(file.path) ?? { content: null, family: null, problem: null };
        const name = familyOf(file.path);
        const other = taken.get(name);
        if (this.#reserved.has(name.slice(localPrefix.length)))
            return {
                content: null,
                family: null,
                problem: `${file.path}: ${_('Reeve already has a family of this name')}`,
            };
        if (other !== undefined)
            return {
                content: null,
                family: null,
                problem: `${file.path}: ${_('{path} already uses this name', { path: other })}`,
            };
        taken.set(name, file.path);
        if ('problem' in file) return { ...last, content: null, problem: file.problem };
        if (file.content === last.content) return last;
        try {
            return { content: file.content, family: readLocalRuleFile(file.content, file.path), problem: null };
        } catch (error) {
            if (!(error instanceof RuleFileError)) throw error;
            // It quotes the file.
            const problem = safeText(error.message, longestProblem, { multiline: true, isolates: true });
            return { ...last, content: file.content, problem };
        }
    }

    #makeDetector(): LocalDetector<LogEntry> {
        return new LocalDetector({ uid: this.#uid, makeJudge: () => new LocalJudge(this.#uid) });
    }
}

function familyOf(path: string): string {
    return `${localPrefix}${nameOf(path)}`;
}
