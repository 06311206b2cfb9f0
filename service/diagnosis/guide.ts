import type { PanelName } from '../actions/settings/panels.ts';
import { _ } from '../i18n/i18n.ts';
import type { Incident } from '../model/incident.ts';
import type { CheckResult } from '../model/proposal.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import type { TimelineKind } from '../model/timelineKinds.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Place } from './recovery.ts';

/** Decides whether a person has done a step. It only reads, as a `RecoveryCheck`, which is one, too. */
export type StepCheck = {
    /** When the step counts as done, for the documentation. */
    about: string;
    check(place: Place & { timeline: Pick<Timeline, 'query'> }): Promise<CheckResult> | CheckResult;
};

/** What a person does, where no action can. */
export type GuidedStep = {
    /** An instruction; without an incident, for the documentation. */
    text: (incident?: Incident) => string;
    /** Absent only in the last step of a guide: it is done when the recovery check of the kind finds the fault gone. */
    seen?: StepCheck;
    /** The page of GNOME Settings where it is done. */
    panel?: PanelName;
};

/** A guided fix: the steps in their order. */
export type Guide = readonly [GuidedStep, ...GuidedStep[]];

/** A step as people see it. */
export type ShownStep = { text: string; isSeen: boolean; panel: PanelName | null };

/** The recovery check as a step of its own, for a guide whose last step has a check. */
const faultIsGone: GuidedStep = { text: () => _('Reeve checks that the fault is gone.') };

/** The steps of a guide with the last one, which is the recovery check. */
export function wholeGuide(guide: readonly GuidedStep[]): readonly GuidedStep[] {
    return guide.at(-1)?.seen === undefined ? guide : [...guide, faultIsGone];
}

/** A step that the timeline shows: an entry since the fault was last seen. */
export function noted(
    about: string,
    kinds: TimelineKind[],
    matches: (entry: TimelineEntry, incident: Incident) => boolean,
): StepCheck {
    return {
        about: `since the fault, the timeline has ${about}`,
        check({ incident, timeline }) {
            const entries = timeline.query({ since: incident.lastSeen + 1, kinds });
            const entry = entries.find(each => matches(each, incident));
            return { gone: entry !== undefined, detail: entry?.summary ?? '' };
        },
    };
}
