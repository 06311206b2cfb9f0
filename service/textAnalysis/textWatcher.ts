import type { Finding } from '../model/incident.ts';
import { TextDetector } from './textDetector.ts';
import { TextLog } from './textLog.ts';

/** Watches a log from another machine. */
export class TextWatcher {
    readonly source: TextLog;

    constructor(path: string) {
        this.source = new TextLog(path);
    }

    /**
     * Reports the faults until `signal` aborts, exactly as the lines report them: the present state of that machine cannot be
     * checked.
     */
    async run(report: (finding: Finding) => void, signal: AbortSignal): Promise<void> {
        const detector = new TextDetector();
        await this.source.run(entry => {
            for (const verdict of detector.feed(entry)) if ('finding' in verdict) report(verdict.finding);
        }, signal);
    }
}
