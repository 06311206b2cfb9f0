import { _ } from '../../i18n/i18n.ts';
import type { Machine } from '../../machine/machine.ts';
import { configurationFolder, isNixos } from '../../machine/nixos/nixos.ts';
import { busOf } from '../../machine/units/systemd.ts';
import type { Step } from '../../model/proposal.ts';
import { ReeveError } from '../../util/errors.ts';
import { programsOf } from '../joinedCalls.ts';
import { callName } from '../reach.ts';

/** What systemctl(1) writes below /etc. */
const unitFileVerbs = ['enable', 'disable', 'mask', 'unmask'];
/** What writes below /etc for those who call it. */
const declaredCalls = [
    'system org.freedesktop.hostname1.SetStaticHostname',
    'system org.freedesktop.locale1.SetLocale',
];

/**
 * On NixOS, the configuration makes /etc, the packages and which units start: a change beside it is gone with the next build, or cannot
 * be made at all. So a plan that would make one is refused, whatever action it is of.
 *
 * @param steps none before the plan is made
 * @throws ReeveError InvalidState
 */
export async function requireDeclared(action: string, steps: readonly Step[], machine: Machine | null): Promise<void> {
    const isBeside = action.startsWith('packages.') || (!action.startsWith('nixos.') && steps.some(changesDeclared));
    if (!isBeside || machine === null || !(await isNixos(machine))) return;
    throw new ReeveError(
        'InvalidState',
        _(
            'On NixOS, this is changed in the configuration in {folder}: a change beside it would be lost with the next build',
            { folder: configurationFolder },
        ),
    );
}

function changesDeclared({ file, permissions, call }: Step): boolean {
    const path = file?.path ?? permissions?.path ?? '';
    if (path.startsWith('/etc/') && !path.startsWith(`${configurationFolder}/`)) return true;
    if (declaredCalls.includes(callName(call))) return true;
    return (
        call.bus === busOf.system &&
        programsOf(call).some(
            ([program = '', ...words]) =>
                program.endsWith('/systemctl') && words.some(word => unitFileVerbs.includes(word)),
        )
    );
}
