import type { Incident } from '../../model/incident.ts';
import { readFacts } from './facts.ts';

/**
 * Whether the unit of an incident was asked to stop and had to be killed: then it is down as it should be. A program that ends
 * by itself with an error gives the unit another result first, which a stop that times out does not change:
 * service_enter_stop() in systemd's src/core/service.c.
 */
export function wasStopped({ kind, facts }: Incident): boolean {
    return kind === 'timeout' && readFacts(facts).timedOut === 'stop';
}
