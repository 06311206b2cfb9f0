import type { Incidents } from '../incidents/incidents.ts';
import type { TextLog } from '../sources/textLog.ts';
import { Detector } from './detector.ts';

/** Reports the faults in a log from elsewhere as its lines say them: nobody can be asked how things are there now. */
export async function reportTextLog(textLog: TextLog, incidents: Incidents, signal: AbortSignal): Promise<void> {
    const detector = new Detector({ uid: null });
    await textLog.run(entry => {
        for (const verdict of detector.feed(entry)) if ('finding' in verdict) incidents.report(verdict.finding);
    }, signal);
}
