import type { Incident, Manager } from '../remote/model.js';
import type { CatalogueModel } from '../remote/models.js';
import { isOpen } from './cards.js';

/** The cards of the introduction, in their order. */
export const introductionSteps = ['watched', 'health', 'model', 'demo'] as const;
export type IntroductionStep = (typeof introductionSteps)[number];

/** Whether the user may not read the system's log, and can be let. Without a remedy there is no log that could be read. */
export function lacksLog({ state, notices }: Manager): boolean {
    return state !== 'paused' && notices.some(({ code, remedy }) => code === 'journal-unreadable' && remedy !== '');
}

/** The models that suit this computer, the best first. @param catalogue from the weakest to the strongest */
export function suitableModels(catalogue: readonly CatalogueModel[]): CatalogueModel[] {
    return catalogue.filter(({ roles, place, hasSpace }) => roles.length > 0 && place !== 'none' && hasSpace).reverse();
}

/** As the service names it. */
const demoUnit = 'reeve-demo.service';

/** The demo's fault, as long as it is open, and also its end where the demo is still there. */
export function demoIncident(incidents: readonly Incident[], isRunning: boolean): Incident | null {
    const last = incidents
        .filter(({ family, subject }) => family === 'unit' && subject === demoUnit)
        .reduce<Incident | null>((newest, each) => (newest === null || each.id > newest.id ? each : newest), null);
    return last !== null && (isOpen(last) || (isRunning && last.state === 'fixed')) ? last : null;
}
