import { inSpeech, language, type Speech } from '../i18n/i18n.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Incident } from '../model/incident.ts';
import type { Database } from '../store/database.ts';
import type { FaultFamily } from './faultRule.ts';
import { causeOf, titleOf } from './ruleValues.ts';

/** The language in which incidents were reported last, in the database's state. */
const key = 'language';

/**
 * Translates what rules reported in another language. The diagnosis, which begins again with each start, follows
 * the language by itself.
 *
 * @param catalogues the folder of the catalogues
 */
export async function translateIncidents({
    database,
    families,
    incidents,
    catalogues,
}: {
    database: Database;
    families: readonly FaultFamily[];
    incidents: Incidents;
    catalogues: string;
}): Promise<void> {
    const former = database.getState(key);
    if (former === language()) return;
    if (former !== null) {
        const { readSpeech } = await import('../i18n/otherLanguage.ts');
        const speech = await readSpeech(catalogues, former);
        for (const incident of incidents.list()) {
            const rules = families.find(({ name }) => name === incident.family)?.rules;
            if (incident.state === 'open' && rules !== undefined)
                incidents.update(incident.id, translate(rules, incident, speech));
        }
    }
    // Last, so that what fails halfway, on a full disk, is done at the next start.
    database.setState(key, language());
}

/** What a rule said word for word, in the language of the session. Other texts come from elsewhere and are left alone. */
function translate(
    rules: FaultFamily['rules'],
    { kind, subject, title, cause, facts }: Incident,
    former: Speech,
): Partial<Pick<Incident, 'title' | 'cause' | 'facts'>> {
    const captures = { subject, ...facts };
    const ofKind = rules.filter(rule => rule.kind === kind);
    const titled = ofKind.find(rule => inSpeech(former, () => titleOf(rule, captures)) === title);
    const logCause = facts.logCause ?? cause;
    const explained = ofKind.find(rule => inSpeech(former, () => causeOf(rule, captures)) === logCause);
    const now = explained === undefined ? logCause : causeOf(explained, captures);
    return {
        ...(titled !== undefined && { title: titleOf(titled, captures) }),
        ...(now !== logCause && { cause: now, facts: { ...facts, logCause: now } }),
    };
}
