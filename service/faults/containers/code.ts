import { isSystemUser } from '../../detection/sessions.ts';
import type { Captures } from '../../detection/linePattern.ts';

/** Whether the session is that of somebody who has logged in, as far as the line says whose it is. */
export function isOfPerson({ uid }: Captures): boolean {
    return uid === undefined || !isSystemUser(Number(uid));
}
