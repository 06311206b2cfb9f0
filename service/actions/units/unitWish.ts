import type { Scope } from '../../model/unit.ts';
import { findUnits } from '../../machine/units/units.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Phrases } from '../wish.ts';

/** From this fit on, the words name the unit, and do not just resemble its name. */
const namedFit = 60;

/** What a verb is done to: "restart the ssh service". */
export function unitPhrases(verbs: Phrases): Phrases {
    return {
        en: verbs.en.map(verb => `${verb} [service|unit] {unit} [service|unit|daemon]`),
        de: verbs.de.flatMap(verb => [`${verb} [sie] [dienst|unit] {unit} [neu]`]),
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
        .filter(({ name, fit }) => fit >= namedFit && fit === best?.fit && isService(name, unit))
        .map(({ scope, name }) => ({ scope, unit: name }));
}

/** People mean the service unless they name another kind. */
const isService = (name: string, words: string) => name.endsWith('.service') || words.includes('.');
