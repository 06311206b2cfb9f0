import { difference } from '../../timeline/difference.ts';
import type { Step, UndoStep } from '../../model/proposal.ts';
import type { Scope } from '../../model/unit.ts';
import type { Contents } from '../../store/contents.ts';
import { writeStep } from './fileStep.ts';

/**
 * The step that gives a file other contents, and the one that restores the present ones.
 *
 * @param change.from the present contents, and `change.to` the new ones; null for no file
 * @param change.permissions of a file that this creates, as "0:0 0644"
 * @param words.undoes the place of the step among those of its plan
 */
export async function editSteps(
    of: Scope,
    path: string,
    change: { from: Buffer | null; to: Buffer | null; permissions: string },
    words: { description: string; back: string; undoes?: number },
    contents: Contents,
): Promise<{ step: Step; undo: UndoStep }> {
    const { from, to } = change;
    for (const bytes of [from, to]) if (bytes !== null) await contents.put(bytes);
    return {
        step: {
            description: words.description,
            diff: await difference(from, to),
            ...writeStep(of, path, change, contents),
        },
        undo: {
            description: words.back,
            diff: await difference(to, from),
            ...writeStep(of, path, { ...change, from: to, to: from }, contents),
            undoes: words.undoes ?? 0,
        },
    };
}
