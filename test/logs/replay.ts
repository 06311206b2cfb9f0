// A log as the running service would have followed it: what it would have announced, by the log's own clock.
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';

import { defaults } from '../../service/config/parse.ts';
import { noiseBudget } from '../../service/config/use.ts';
import { families } from '../../service/faults/index.ts';
import { Incidents } from '../../service/incidents/incidents.ts';
import type { Incident } from '../../service/model/incident.ts';
import { Database } from '../../service/store/database.ts';
import { TextDetector } from '../../service/textAnalysis/textDetector.ts';
import { readTextLog } from '../../service/textAnalysis/textLog.ts';
import type { TextLogEntry } from '../../service/textAnalysis/textLogEntry.ts';
import { reportLine } from '../../service/textAnalysis/textWatcher.ts';
import { Timeline } from '../../service/timeline/timeline.ts';

export type Replay = {
    /** On which the computer was in use, at least one. */
    days: number;
    announced: Incident[];
};

const day = 86_400_000;
/** Longer than the service holds anything back. */
const longest = 120_000;
/** Of a log without times. */
const timePerLine = 250;
/** The first line of the kernel after a start. */
const booted = /^Linux version \d/;

/**
 * Replaces the timers and the clock of this process until it is done.
 *
 * After a start, nothing of the time before is open: the service would have asked whether it still is.
 */
export async function replay(path: string): Promise<Replay> {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-replay-'));
    const ended = Math.floor(statSync(path).mtimeMs);
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: ended });
    try {
        using database = Database.open(directory, () => undefined).database;
        const timeline = new Timeline({ database });
        using incidents = new Incidents({
            families,
            database,
            timeline,
            noise: () => noiseBudget(defaults, new Date()),
        });
        const announced: Incident[] = [];
        const announce = (incident: Incident) => {
            if (incident.notification !== 'wanted') return;
            announced.push(incident);
            incidents.markNotified(incident.id);
        };
        incidents.on('added', announce);
        incidents.on('changed', announce);

        const detector = new TextDetector();
        const clock = new LogClock();
        await readTextLog(createReadStream(path), ended * 1000, entry => {
            clock.follow(entry);
            if (booted.test(entry.message())) {
                for (const { id, state } of incidents.list()) if (state === 'open') incidents.setState(id, 'recovered');
                incidents.expectBurst();
            }
            reportLine(entry, detector, incidents);
        });
        mock.timers.tick(longest);
        return { days: clock.days, announced };
    } finally {
        mock.timers.reset();
        rmSync(directory, { recursive: true });
    }
}

/** Moves the mocked clock on by the time between two lines; a clock that was set back, or began again, moves it by nothing. */
class LogClock {
    readonly #days = new Set<string>();
    #first: number | null = null;
    /** Of the last line with a time, and whether that was a date. */
    #last: { time: number; isDate: boolean } | null = null;
    #boots = 0;

    /** Each 24 hours from the first date on that have a line, and each start after which the lines only count the time since it. */
    get days(): number {
        return Math.max(1, this.#days.size);
    }

    follow(entry: TextLogEntry): void {
        const clock = entry.clock();
        if (clock === null) {
            if (this.#last === null) mock.timers.tick(timePerLine);
            return;
        }
        const [time, isDate] = [Math.floor(clock / 1000), entry.time() !== null];
        const passed = this.#last?.isDate === isDate ? time - this.#last.time : 0;
        if (isDate && this.#first === null) mock.timers.setTime(time);
        else if (passed > 0) mock.timers.tick(passed);
        if (!isDate && passed < -longest) this.#boots += 1;
        this.#last = { time, isDate };
        if (isDate) this.#first ??= time;
        this.#days.add(isDate ? `day ${Math.floor((time - (this.#first ?? time)) / day)}` : `boot ${this.#boots}`);
    }
}
