import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Scope } from '../../model/unit.ts';
import { findUnits } from '../../machine/units/units.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Phrases } from '../wish.ts';

/** From this fit on, the words name the unit, and do not just resemble its name. */
const namedFit = 60;

/** What a verb is done to: "restart the ssh service". */
export function unitPhrases(verbs: Phrases): Phrases {
    return {
        en: verbs.en.map(verb => `${verb} [service|unit] {unit} [service|unit|daemon]`),
        de: verbs.de.flatMap(verb => [`${verb} [sie] [dienst|unit] {unit}`]),
        ar: verbs.ar.map(verb => `${verb} [خدمة] {unit}`),
    };
}

/** The services that a person's words name, the best first. */
export async function unitsMeant(
    { unit = '' }: Readonly<Record<string, string>>,
    { systemd, signal }: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<{ scope: Scope; unit: string }[]> {
    const found = await findUnits(systemd, unit.toLowerCase().split(' '), [], signal);
    const [best] = found;
    return found
        .filter(({ name, fit }) => fit >= namedFit && fit === best?.fit && isMeant(name, unit))
        .map(({ scope, name }) => ({ scope, unit: name }));
}

/**
 * As `unitsMeant`, of those that do not run.
 *
 * @throws ReeveError InvalidState when the best of them runs: to start it is not to interrupt it
 */
export async function unitsToStart(
    slots: Readonly<Record<string, string>>,
    system: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<{ scope: Scope; unit: string }[]> {
    const meant = await unitsMeant(slots, system);
    const [first] = meant;
    const unit = first === undefined ? null : await system.systemd.unit(first.scope, first.unit, system);
    if (unit !== null && isRunning(unit))
        throw new ReeveError('InvalidState', _('{unit} is already running', { unit: unit.name }));
    return meant;
}

/** People mean the service unless they name another kind; and nobody means the managers of all units. */
function isMeant(name: string, words: string): boolean {
    if (/^(?:user@|session-|init\.scope|systemd-logind|dbus)/.test(name)) return false;
    return name.endsWith('.service') || (words.includes('.') && /\.(?:socket|timer|path|mount)$/.test(name));
}
