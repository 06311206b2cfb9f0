/** Why the service is not on the bus, as far as others know; the user interface puts it in words. */
export type Absence =
    | { kind: 'starting' }
    | { kind: 'not-installed' }
    | { kind: 'masked' }
    | { kind: 'exited'; status: number }
    | { kind: 'crashed' }
    | { kind: 'timed-out' }
    | { kind: 'gave-up' }
    | { kind: 'failed'; result: string }
    | { kind: 'stopped' };

/** The state of the unit, in the words of org.freedesktop.systemd1(5). Empty where systemd reports nothing. */
export type UnitFacts = {
    loadState: string;
    activeState: string;
    result: string;
    /** Of the main process, an exit code or a signal number, depending on `result`. */
    status: number;
};

/**
 * @param unit null while systemd has not answered, or where it does not manage the session
 * @param startError D-Bus error of the last attempt to start the service, empty when there was none
 */
export function absence(unit: UnitFacts | null, startError: string): Absence {
    if (unit?.loadState === 'masked') return { kind: 'masked' };
    if (unit?.activeState === 'activating' || unit?.activeState === 'reloading') return { kind: 'starting' };
    if (unit?.activeState === 'failed') return failure(unit);
    if (startError === 'org.freedesktop.DBus.Error.ServiceUnknown') return { kind: 'not-installed' };
    if (/\.(NoReply|TimedOut|Timeout)$/.test(startError) || startError === 'g-io-error-quark')
        return { kind: 'timed-out' };
    return { kind: 'stopped' };
}

function failure({ result, status }: UnitFacts): Absence {
    // Since 262 a unit whose restarts were used up says so; before, it keeps the result of the last failure.
    switch (result) {
        case 'exit-code':
            return { kind: 'exited', status };
        case 'signal':
        case 'core-dump':
        case 'watchdog':
            return { kind: 'crashed' };
        case 'timeout':
            return { kind: 'timed-out' };
        case 'start-limit-hit':
            return { kind: 'gave-up' };
        default:
            return { kind: 'failed', result };
    }
}
