import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { openPlainFile } from '../../machine/plainFile.ts';
import { filesOf } from '../../machine/machine.ts';
import { readablePath } from '../../machine/readablePath.ts';

const limit = 65_536;

/**
 * The beginning of a text file that the user attaches, from anywhere but the places of secrets.
 *
 * @throws ReeveError InvalidArgument if it is not a text file; NotAuthorized; NotFound
 */
export async function readAttachedFile(path: string): Promise<string> {
    const place = await readablePath(filesOf('/'), path);
    const shown = safeText(path, 200);
    await using file = await openPlainFile(place);
    if (file === null) throw new ReeveError('InvalidArgument', _('{path} is not a file', { path: shown }));
    const { bytesRead, buffer } = await file.read(Buffer.alloc(limit), 0, limit, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) throw new ReeveError('InvalidArgument', _('{path} is not a text file', { path: shown }));
    return bytes.toString('utf8');
}
