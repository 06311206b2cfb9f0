import type { Incidents } from '../incidents/incidents.ts';
import type { LocalRules } from '../localRules/localRules.ts';
import type { EntryDetector } from './analysis.ts';
import { localTextDetector } from './localTextJudge.ts';
import { TextDetector } from './textDetector.ts';
import { TextLog } from './textLog.ts';
import type { TextLogEntry } from './textLogEntry.ts';

type TextIncidents = Pick<Incidents, 'report' | 'recover' | 'withdraw'>;

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
        { incidents, localRules }: { incidents: TextIncidents; localRules: LocalRules },
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
                reportLine(entry, detector, incidents);
                reportLine(entry, local, incidents);
            }, signal);
        } finally {
            localRules.off('changed', useChanged);
        }
    }
}

/** Leads a line through detection to the incidents. */
export function reportLine(entry: TextLogEntry, detector: EntryDetector<TextLogEntry>, incidents: TextIncidents): void {
    const verdicts = detector.feed(entry);
    const explained = detector.assessment?.ordinary;
    if (explained !== undefined) incidents.withdraw(new Set(explained.map(({ occurrence }) => occurrence)));
    for (const verdict of verdicts) {
        if ('cleared' in verdict) incidents.recover(verdict.cleared);
        else incidents.report(verdict.finding, verdict);
    }
}
