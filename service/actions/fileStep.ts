import type { Step } from '../model/proposal.ts';
import type { Scope } from '../model/unit.ts';
import { Contents } from '../store/contents.ts';
import { programStep } from './programStep.ts';

/**
 * Has a service manager write a file, or remove it: by tee(1) or rm(1) with this path as its argument and these bytes as its
 * input. So the call carries all of what will be in the file, and the file keeps its owner, permissions and labels.
 *
 * @param bytes null to remove the file
 * @throws ReeveError InvalidState when this system has no such program
 */
export function writeStep(
    of: Scope,
    path: string,
    bytes: Buffer | null,
    contents: Contents,
): Pick<Step, 'command' | 'call'> {
    if (bytes === null) return programStep(of, ['rm', '--', path]);
    const input = { bytes, path: contents.path(Contents.hashOf(bytes)) };
    return programStep(of, ['tee', '--', path], { input });
}
