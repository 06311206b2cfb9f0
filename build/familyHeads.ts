/** Makes the tables that the service looks programs up in, from the heads of the families' rules (service/faults/familyHead.ts). */
import type { FamilyHead } from '../service/faults/familyHead.ts';
import { RuleFileError } from '../service/faults/ruleFile.ts';
import type { RuleDocument } from '../service/faults/ruleFile.ts';

/** The head of a file. */
export type Head = { document: RuleDocument; head: FamilyHead };

const header = '// Generated from the heads of service/faults/*/{rules,head}.yaml by build/familyHeads.ts.\n\n';

/** Modules by their paths in service/. @throws RuleFileError when two heads claim the same */
export function headModules(heads: readonly Head[]): Map<string, string> {
    const claims = new Claims();
    const programs = heads.flatMap(({ document, head }) =>
        Object.entries(head.programs ?? {}).map(([name, program]) => {
            claims.claim(name, { document, path: ['programs', name] });
            return [name, program] as const;
        }),
    );
    claims.refuse();
    return new Map([
        ['detection/generated/programs.ts', `${header}export const programs = ${literal(programs)} as const;\n`],
    ]);
}

type Place = { document: RuleDocument; path: readonly PropertyKey[] };

/** What each head claims: a second claim is a mistake. */
class Claims {
    readonly #claimed = new Map<string, Place>();
    readonly #mistakes: string[] = [];

    claim(name: string, { document, path }: Place): void {
        const key = `${String(path[0])} ${name}`;
        const first = this.#claimed.get(key);
        if (first === undefined) this.#claimed.set(key, { document, path });
        else this.#mistakes.push(document.mistake(path, `${first.document.file} has ${name}, too`));
    }

    /** @throws RuleFileError */
    refuse(): void {
        if (this.#mistakes.length > 0) throw new RuleFileError(this.#mistakes.join('\n'));
    }
}

function literal(entries: readonly (readonly [string, unknown])[]): string {
    return `{\n${entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('')}}`;
}
