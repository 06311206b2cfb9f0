/** What the indicator shows. `starting` covers the moment between enabling and the first answer of the service. */
export type IndicatorKind = 'starting' | 'idle' | 'thinking' | 'attention' | 'paused' | 'absent';

export type IndicatorState = {
    kind: IndicatorKind;
    /** How many incidents are open; 0 when unknown. */
    count: number;
};

export type IndicatorInput = {
    link: 'starting' | 'present' | 'absent';
    /** Null until the service has said. */
    service: 'starting' | 'watching' | 'degraded' | 'paused' | null;
    openIncidents: number;
    /** A question is being answered, or a fix is being made. */
    isBusy: boolean;
};

/**
 * The state that matters most to the user wins: nothing watches, watching is paused, work is going on, problems wait.
 */
export function indicatorState({ link, service, openIncidents, isBusy }: IndicatorInput): IndicatorState {
    if (link === 'absent') return { kind: 'absent', count: 0 };
    if (link === 'starting' || service === null || service === 'starting') return { kind: 'starting', count: 0 };
    if (service === 'paused') return { kind: 'paused', count: 0 };
    if (isBusy) return { kind: 'thinking', count: openIncidents };
    return { kind: openIncidents > 0 ? 'attention' : 'idle', count: openIncidents };
}
