import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import { variant, type Connection } from '../service/dbus/connection.ts';

const authority = {
    destination: 'org.freedesktop.PolicyKit1',
    path: '/org/freedesktop/PolicyKit1/Authority',
    interface: 'org.freedesktop.PolicyKit1.Authority',
};
/** AllowUserInteraction of CheckAuthorizationFlags. */
const interaction = 1;
/** AuthorizationResult: is_authorized, is_challenge, details. */
const answer = z.tuple([z.tuple([z.boolean(), z.boolean(), z.unknown()])]);

/**
 * Whether polkit permits it: by a rule, or else, if it may ask, because the user agrees in a dialog with this message. The subject is the caller's unique name on the bus: a process number
 * may be another's by the time of the question.
 *
 * @throws the reason of `signal` once it is aborted; the dialog is withdrawn then
 * @throws BusError when polkit does not answer
 */
export async function isAuthorised(
    connection: Connection,
    {
        sender,
        action,
        message,
        mayAsk,
        signal,
    }: { sender: string; action: string; message: string; mayAsk: boolean; signal: AbortSignal },
): Promise<boolean> {
    const cancellation = randomUUID();
    const withdraw = () => {
        // It fails when polkit has answered meanwhile.
        connection
            .call({ ...authority, member: 'CancelCheckAuthorization', signature: 's', arguments: [cancellation] })
            .catch(() => undefined);
    };
    signal.addEventListener('abort', withdraw, { once: true });
    try {
        const reply = await connection.call({
            ...authority,
            member: 'CheckAuthorization',
            signature: '(sa{sv})sa{ss}us',
            arguments: [
                ['system-bus-name', { name: variant('s', sender) }],
                action,
                // Only root may choose the message. polkit puts details in place of "$(name)".
                { 'polkit.message': message.replaceAll('$(', '$ (') },
                mayAsk ? interaction : 0,
                cancellation,
            ],
            timeout: Infinity,
            signal,
        });
        return answer.parse(reply)[0][0];
    } finally {
        signal.removeEventListener('abort', withdraw);
    }
}
