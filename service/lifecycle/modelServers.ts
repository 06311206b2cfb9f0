/** How the servers of models that a person declares are doing. */
import type { DeclaredService } from '../config/services.ts';
import { _ } from '../i18n/i18n.ts';
import type { Systemd } from '../machine/units/systemd.ts';
import { isRunning, millisecondsActive } from '../machine/units/unitState.ts';
import type { PollClock } from '../sources/pollClock.ts';
import { safeText } from '../text/sanitise.ts';
import { messageOf } from '../util/errors.ts';
import { log } from '../util/log.ts';
import type { Status } from './status.ts';

export const serviceStates = ['stopped', 'starting', 'healthy', 'unhealthy', 'failed'] as const;
export type ServiceHealth = {
    service: DeclaredService;
    unit: string;
    state: (typeof serviceStates)[number];
    /** In words; may be empty. */
    detail: string;
};

/** Milliseconds in which it has to answer, and in which it may load its model after it was started. */
const limits = { answer: 5000, loading: 120_000 };

export class ModelServers {
    readonly #declared: () => readonly DeclaredService[];
    readonly #systemd: Pick<Systemd, 'unit'>;
    readonly #status: Pick<Status, 'setNotice' | 'clearNotice' | 'notices'>;
    readonly #pollClock: Pick<PollClock, 'next'>;

    constructor(dependencies: {
        declared: () => readonly DeclaredService[];
        systemd: Pick<Systemd, 'unit'>;
        status: Pick<Status, 'setNotice' | 'clearNotice' | 'notices'>;
        pollClock: Pick<PollClock, 'next'>;
    }) {
        this.#declared = dependencies.declared;
        this.#systemd = dependencies.systemd;
        this.#status = dependencies.status;
        this.#pollClock = dependencies.pollClock;
    }

    /** Looks at each now, and notes those that run and do not answer. Takes seconds at most. */
    async list(signal: AbortSignal): Promise<ServiceHealth[]> {
        const all = await Promise.all(this.#declared().map(service => this.#look(service, signal)));
        signal.throwIfAborted();
        const ill = all.filter(({ state }) => state === 'unhealthy');
        for (const { code } of this.#status.notices)
            if (code.startsWith(codePrefix) && !ill.some(({ service }) => codePrefix + service.name === code))
                this.#status.clearNotice(code);
        for (const { service, detail } of ill)
            this.#status.setNotice({
                code: codePrefix + service.name,
                text: _('The model server {name} runs, but does not answer as it should: {detail}', {
                    name: service.name,
                    detail,
                }),
                remedy: `reeve services logs ${service.name}`,
            });
        return all;
    }

    /** Looks at them with each poll, until `signal` aborts. Never rejects. A unit that fails is an incident like any other. */
    async run(signal: AbortSignal): Promise<void> {
        for (;;) {
            await this.#pollClock.next(signal);
            if (signal.aborted) return;
            await this.list(signal).catch((error: unknown) => {
                if (!signal.aborted)
                    log('warning', 'Could not look at the model servers', { reason: messageOf(error) });
            });
        }
    }

    async #look(service: DeclaredService, signal: AbortSignal): Promise<ServiceHealth> {
        const { unitOfService } = await import('../actions/services/declared.ts');
        const name = unitOfService(service);
        const of = (state: ServiceHealth['state'], detail = '') => ({ service, unit: name, state, detail });
        let unit;
        try {
            unit = await this.#systemd.unit('user', name, { signal });
        } catch (error) {
            return of('failed', messageOf(error));
        }
        if (unit === null) return of('stopped');
        if (!isRunning(unit))
            return unit.activeState === 'inactive'
                ? of('stopped')
                : of('failed', unit.result === 'success' ? '' : (unit.result ?? ''));
        const complaint = await ask(service, signal);
        if (complaint === null) return of('healthy');
        return of(
            unit.activeState !== 'active' || millisecondsActive(unit) < limits.loading ? 'starting' : 'unhealthy',
            complaint,
        );
    }
}

const codePrefix = 'service-';

/** @returns what is wrong with its answer; null when it is well */
async function ask({ url, health }: DeclaredService, signal: AbortSignal): Promise<string | null> {
    const late = () => new Error(_('it does not answer'));
    try {
        const { sendRequest } = await import('../util/http.ts');
        const response = await sendRequest(new URL(health, url), {
            patience: limits.answer,
            gone: late,
            signal: AbortSignal.any([signal, AbortSignal.timeout(limits.answer)]),
            agent: false,
        });
        response.destroy();
        const { statusCode = 0 } = response;
        return statusCode >= 200 && statusCode < 300 ? null : `HTTP ${statusCode}`;
    } catch (error) {
        return safeText(messageOf(error), 200);
    }
}
