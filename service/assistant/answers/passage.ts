import { _ } from '../../i18n/i18n.ts';
import type { Quote } from '../../knowledge/documentation.ts';
import type { Hit } from '../../knowledge/search.ts';
import { fact } from '../../machine/evidence.ts';
import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { item, plain, strong } from '../markup.ts';

const quoted = 900;
const usageLength = 240;

/** A passage of the documentation, quoted, with its page and section. */
export function describePassage(
    { title, heading, summary, path, text, usage }: Quote,
    cite: (evidence: Evidence) => void,
): string {
    const place =
        heading === ''
            ? _('From {page}:', { page: strong(plain(title)) })
            : _('From {page}, {section}:', { page: strong(plain(title)), section: plain(heading) });
    const lines = safeText(text, quoted, { multiline: true }).split('\n');
    if (usage !== '')
        lines.push(
            '',
            ...usage
                .split('\n')

                .map(line => safeText(line, usageLength)),
        );
    cite(fact('file', path, heading === '' ? summary : heading));
    return `${place}\n\n${lines.map(line => `> ${plain(line)}`.trimEnd()).join('\n')}\n`;
}

/** Pages that may say it, where none clearly does. */
export function* describePages(hits: readonly Hit[], cite: (evidence: Evidence) => void): Generator<string, void> {
    yield `${_('No page of the documentation here clearly says that. These come nearest:')}\n\n`;
    for (const { title, summary, path } of hits) {
        cite(fact('file', path, summary));
        yield item(`${strong(plain(title))}: ${plain(summary)}`);
    }
}
