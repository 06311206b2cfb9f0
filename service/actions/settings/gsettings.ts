import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import type { Machine } from '../../machine/machine.ts';
import { programStep } from '../programStep.ts';

/** A key of GSettings. */
export type Key = { schema: string; key: string };

/**
 * The present value, as gsettings(1) prints it.
 *
 * @throws ReeveError InvalidState when this desktop has no such key, or somebody has locked it
 */
export async function readKey({ schema, key }: Key, machine: Machine | null, signal: AbortSignal): Promise<string> {
    const ask = async (command: string) => {
        const output = await machine?.run('gsettings', [command, schema, key], { signal, limit: 4096 });
        return output?.trim() ?? '';
    };
    const [value, writable] = await Promise.all([ask('get'), ask('writable')]);
    if (value === '') throw new ReeveError('InvalidState', _('This desktop does not have this setting'));
    if (writable !== 'true') throw new ReeveError('InvalidState', _('The administrator does not allow changing this'));
    return value;
}

/** @param value as gsettings(1) takes it; ours or one that `readKey` gave, and never a person's words */
export function writeKey(description: string, { schema, key }: Key, value: string): Step {
    return { description, ...programStep('user', ['gsettings', 'set', schema, key, value]) };
}
