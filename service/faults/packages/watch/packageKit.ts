import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { busSource } from '../../../sources/signals/busSource.ts';
import type { WrittenFacts } from '../facts.ts';

/** ErrorCode of org.freedesktop.PackageKit.Transaction: a number of PkErrorEnum, details. */
const failure = z.tuple([z.int(), z.string()]);

/** Transactions of PackageKit that failed; successful ones show in the packages. */
export const packageKit = busSource({
    name: 'package-kit',
    bus: 'system',
    service: 'org.freedesktop.PackageKit',
    make: () => [
        {
            match: { interface: 'org.freedesktop.PackageKit.Transaction', member: 'ErrorCode' },
            toChange: ({ body }) => {
                const [code, details] = failure.parse(body);
                return {
                    kind: 'package',
                    event: 'failed',
                    subject: 'PackageKit',
                    summary: _('Installing or updating software failed: {reason}', { reason: safeText(details, 200) }),
                    detail: details,
                    facts: { manager: 'PackageKit', code: String(code) } satisfies WrittenFacts,
                };
            },
        },
    ],
});
