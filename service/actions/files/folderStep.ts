import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import type { Scope } from '../../model/unit.ts';
import { programStep } from '../programStep.ts';

/** Makes a folder, and those that it lies in; install(1). @param mode its permissions, octal */
export function createFolderStep(scope: Scope, folder: string, mode: '700' | '755'): Step {
    return {
        description: _('Create the folder {path}', { path: folder }),
        ...programStep(scope, ['install', '--directory', `--mode=${mode}`, '--', folder]),
    };
}
