import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Proposal } from '../model/proposal.ts';

/**
 * What an approval must bring besides the digest.
 *
 * @param confirmation what the user typed, for a plan of high risk the name of its subject
 * @throws ReeveError ConfirmationRequired
 */
export function requireConfirmation({ plan }: Proposal, subject: string, confirmation: string | undefined): void {
    if (plan.risk === 'high' && confirmation !== subject) {
        throw new ReeveError(
            'ConfirmationRequired',
            _('This can lose data. To confirm, type “{subject}”', { subject }),
        );
    }
}
