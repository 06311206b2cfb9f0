/** Local rules, for commands that work without the service. */
import { readFile } from 'node:fs/promises';

import { families } from '../faults/index.ts';
import { RuleFileError } from '../faults/ruleFile.ts';
import { _ } from '../i18n/i18n.ts';
import { LoadedRules } from '../localRules/loadedRules.ts';
import { findRuleFiles, ruleFolders, type FoundFile } from '../localRules/ruleFolders.ts';
import { configurationFile } from '../util/directories.ts';
import { CommandError, exit } from './exit.ts';
import { systemError } from './logInput.ts';

/** Those of the files in the folders where the service reads them. A log may be about anybody, so the units of every user count. */
export function localRulesOfComputer(
    files: readonly FoundFile[] = findRuleFiles(ruleFolders('/', configurationFile())),
): LoadedRules {
    const loaded = withoutFiles();
    loaded.update(files);
    return loaded;
}

/** Those of a file, wherever it is. @throws RuleFileError */
export async function localRulesIn(path: string): Promise<LoadedRules> {
    const loaded = withoutFiles();
    loaded.update([{ path, content: await contentOf(path) }]);
    if (loaded.families.length === 0) throw new RuleFileError(loaded.problems.join('\n'));
    return loaded;
}

function withoutFiles(): LoadedRules {
    return new LoadedRules({ reserved: new Set(families.map(({ name }) => name)), uid: null });
}

async function contentOf(path: string): Promise<string> {
    try {
        return await readFile(path, 'utf8');
    } catch (error) {
        const text = _('{log} cannot be read: {reason}', { log: path, reason: systemError(error) });
        throw new CommandError(exit.notFound, 'NotFound', text);
    }
}
