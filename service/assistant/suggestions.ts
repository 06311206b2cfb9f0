import { _ } from '../i18n/i18n.ts';
import type { Incident } from '../model/incident.ts';

export const isOpen = ({ state }: Pick<Incident, 'state'>) => state === 'open' || state === 'fixing';

/** A few questions for an empty conversation. */
export function suggestedQuestions(incidents: { list(): readonly Incident[] }): string[] {
    const usual = [_('What changed recently?'), _('What is using memory?'), _('Is the network up?')];
    const isTrouble = incidents.list().some(isOpen);
    return isTrouble ? [_('What failed, and why?'), ...usual] : [_('Is everything all right?'), ...usual];
}
