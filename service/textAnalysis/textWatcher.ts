import type { Finding } from '../model/incident.ts';
import { TextDetector } from './textDetector.ts';
import { TextLog } from './textLog.ts';

/** Watches a log from elsewhere. */
export class TextWatcher {
    readonly source: TextLog;

    constructor(path: string) {
        this.source = new TextLog(path);
    }

    /** Reports the faults until `signal` aborts, as the lines say them: nobody can be asked how things are there now. */
    async run(report: (finding: Finding) => void, signal: AbortSignal): Promise<void> {
        const detector = new TextDetector();
        await this.source.run(entry => {
            for (const verdict of detector.feed(entry)) if ('finding' in verdict) report(verdict.finding);
        }, signal);
    }
}
