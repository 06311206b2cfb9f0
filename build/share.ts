// The files that the system looks up about Reeve rather than runs, laid out as under a prefix's share/. In those for a user, @reeved@
// stands for the path of that program, which only the installer knows.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
    activationText,
    mechanismActivationText,
    mechanismBusPolicyText,
    polkitPolicyText,
} from '../packaging/busFiles.ts';
import { desktopEntryText, iconText, metainfoText } from '../packaging/desktopFiles.ts';
import { desktopId, localLibrary, offerUnit, type SharedFile } from '../packaging/manifest.ts';
import { mechanismUnitText, offerUnitText, serviceUnitText, type Programs } from '../packaging/units.ts';
import { bashCompletion, zshCompletion } from '../service/cli/completion.ts';
import { busName, mechanismName, mechanismUnit, polkitPrefix, serviceUnit } from '../service/util/names.ts';

export const sharedTexts: Record<SharedFile, (programs: Programs) => string> = {
    [`systemd/user/${serviceUnit}`]: serviceUnitText,
    [`dbus-1/services/${busName}.service`]: activationText,
    'bash-completion/completions/reeve': bashCompletion,
    'zsh/site-functions/_reeve': zshCompletion,
    [`polkit-1/actions/${polkitPrefix}.policy`]: polkitPolicyText,
    [`systemd/system/${mechanismUnit}`]: mechanismUnitText,
    [`dbus-1/system-services/${mechanismName}.service`]: mechanismActivationText,
    [`dbus-1/system.d/${mechanismName}.conf`]: mechanismBusPolicyText,
    [`applications/${desktopId}.desktop`]: desktopEntryText,
    [`metainfo/${desktopId}.metainfo.xml`]: metainfoText,
    [`icons/hicolor/scalable/apps/${desktopId}.svg`]: iconText,
    [`systemd/user/${offerUnit}`]: offerUnitText,
};

/** Writes OUT/share. */
export async function buildShare(out: string): Promise<void> {
    const programs = { reeved: '@reeved@', offer: '@offer@', mechanism: localLibrary };
    for (const [file, text] of Object.entries(sharedTexts)) {
        const path = join(out, 'share', file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text(programs));
    }
}
