import type { Sign } from '../../detection/faultRule.ts';
import type { Severity } from '../../model/incident.ts';

export const persistent: Sign = { times: 3, over: 600 };

/** What happens once to a part that little depends on harms nobody. */
export function unlessGrave({ severity }: { severity: Severity }): Sign | null {
    return severity === 'low' || severity === 'medium' ? persistent : null;
}
