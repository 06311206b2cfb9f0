import type { Attribution } from '../detection/entryJudge.ts';
import { foldCase } from '../detection/linePattern.ts';
import { programName } from '../detection/programs.ts';
import type { RuleLine } from '../detection/ruleLines.ts';
import {
    beginsWithDevice,
    deviceOf,
    familyOfDaemon,
    severityIn,
    subjectMatterOf,
    subsystemOf,
    topicOf,
} from './subsystems.ts';
import type { TextLogEntry } from './textLogEntry.ts';

/**
 * The prefixes in the own logs of programs, without a syslog head: the name, as in `sed: `; PulseAudio's level and name, as in
 * `E: [pulseaudio] `; or the level and time of CUPS, as in `W [23/Nov/2022:08:42:23 +0100] ` (cupsd-logs(5)).
 */
const ownHead = /^(?:(?:[ewi]: \[)?([a-z][a-z0-9_.-]{1,31})(?:\]|\[\d{1,7}\]:|:) |[xaecwn] \[\d\d\/[a-z]{3}\/\d{4}:)/;

/**
 * Common words do not say what they are about, but their writer does. On a live system, that is not enough to choose an action,
 * so only lines of text are attributed this way.
 */
export function attribute({ isGeneric, rule }: RuleLine, entry: TextLogEntry): Attribution | null {
    if (!(isGeneric || rule?.familyFromSubsystem)) return null;
    const identifier = entry.field('SYSLOG_IDENTIFIER');
    const program = identifier === null ? null : programName(identifier);
    const message = entry.message();
    const folded = foldCase(message);
    if (program !== null && program !== 'kernel') return ofProgram(program, folded, isGeneric);
    if (program === null) {
        const family = familyByOwnHead(folded, isGeneric);
        if (family !== null) return seemingly(family);
    }
    // Without a head, it may be anybody's line that begins with a word which is also the name of a driver.
    const subsystem = program === null && !beginsWithDevice(folded) ? null : subsystemOf(folded);
    if (subsystem !== null) return named(subsystem, deviceOf(subsystem, message));
    if (!isGeneric) return null;
    const topic = (program === null ? subjectMatterOf(folded)?.family : null) ?? topicOf(folded);
    return topic === null ? null : seemingly(topic);
}

function ofProgram(program: string, folded: string, isGeneric: boolean): Attribution | null {
    const matter = isGeneric ? subjectMatterOf(folded) : null;
    if (matter?.isPlain) return seemingly(matter.family);
    const family = familyOfDaemon(program, folded);
    // Incidents of units come from systemd's reports.
    if (family !== null) return family === 'unit' ? seemingly(family) : named(family);
    return matter === null ? null : seemingly(matter.family);
}

function familyByOwnHead(folded: string, isGeneric: boolean): string | null {
    const head = ownHead.exec(folded);
    if (head === null) return null;
    const matter = isGeneric ? subjectMatterOf(folded) : null;
    if (matter?.isPlain) return matter.family;
    return head[1] === undefined ? 'printing' : familyOfDaemon(head[1], folded);
}

function named(family: string, device = ''): Attribution {
    return { family, isNamed: true, device, severity: severityIn(family) };
}

function seemingly(family: string): Attribution {
    return { family, isNamed: false, device: '', severity: severityIn(family) };
}
