import { lstat, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';

import { _ } from '../../i18n/i18n.ts';
import { dataDirectory, stateDirectory } from '../../util/directories.ts';

/**
 * Why a command may not change a folder; null when it may. It has to be the user's own, and in the home directory, from where
 * files can go to the trash: other places are everybody's, or come and go.
 */
export async function isChangeable(folder: string): Promise<string | null> {
    const home = await realpath(homedir()).catch(() => homedir());
    const found = await lstat(folder).catch(() => null);
    if (found?.isDirectory() !== true || (await realpath(folder)) !== folder)
        return _('{folder} is not a folder', { folder });
    if (!folder.startsWith(`${home}/`))
        return _('{folder} is not in your home directory. A command can change only a folder in there', { folder });
    if (found.uid !== process.getuid?.()) return _('{folder} does not belong to you', { folder });
    const own = [stateDirectory(), dataDirectory()];
    if (own.some(path => `${path}/`.startsWith(`${folder}/`) || folder.startsWith(`${path}/`)))
        return _('Reeve keeps its own files in {folder}. Choose another folder', { folder });
    return null;
}
