import type { LocalRules } from '../localRules/localRules.ts';
import type { Finding } from '../model/incident.ts';
import { localTextDetector } from './localTextJudge.ts';
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
    async run(
        { report, localRules }: { report: (finding: Finding) => void; localRules: LocalRules },
        signal: AbortSignal,
    ): Promise<void> {
        const detector = new TextDetector();
        const local = localTextDetector(localRules.families);
        const useChanged = () => {
            local.use(localRules.families);
        };
        localRules.on('changed', useChanged);
        try {
            await this.source.run(entry => {
                for (const verdict of detector.feed(entry)) if ('finding' in verdict) report(verdict.finding);
                for (const verdict of local.feed(entry)) if ('finding' in verdict) report(verdict.finding);
            }, signal);
        } finally {
            localRules.off('changed', useChanged);
        }
    }
}
