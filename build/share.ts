// The files that the system looks up about Reeve rather than runs, laid out as under a prefix's share/. In the unit and
// the activation file, @reeved@ stands for the path of that program, which only the installer knows.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemLibrary } from '../packaging/systemInstallation.ts';
import { bashCompletion, zshCompletion } from '../service/cli/completion.ts';

/** Writes OUT/share. */
export async function buildShare(root: string, out: string): Promise<void> {
    const share = join(out, 'share');
    await cp(join(root, 'packaging', 'systemd'), join(share, 'systemd', 'user'), { recursive: true });
    await cp(join(root, 'packaging', 'dbus'), join(share, 'dbus-1', 'services'), { recursive: true });
    const mechanism = join(share, 'mechanism');
    await cp(join(root, 'packaging', 'mechanism'), mechanism, { recursive: true });
    const unit = join(mechanism, 'reeve-mechanism.service');
    await writeFile(unit, (await readFile(unit, 'utf8')).replaceAll('@library@', systemLibrary));
    const completions = {
        'bash-completion/completions/reeve': bashCompletion(),
        'zsh/site-functions/_reeve': zshCompletion(),
    };
    for (const [file, text] of Object.entries(completions)) {
        await mkdir(dirname(join(share, file)), { recursive: true });
        await writeFile(join(share, file), text);
    }
}
