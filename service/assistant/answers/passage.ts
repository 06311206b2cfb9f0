import { _ } from '../../i18n/i18n.ts';
import type { Hit } from '../../knowledge/search.ts';
import { fact } from '../../machine/evidence.ts';
import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { plain, strong } from '../markup.ts';

const quoted = 900;

/** “How do I …”, “what does chmod 755 mean”, in English as the documentation is. What is mine, or here, is no question for it. */
export function asksForInstructions(text: string): boolean {
    const question = text
        .trim()
        .replace(
            /^(?:(?:please|hey|hi|hello|so|and|but|can you (?:tell|show) me|tell me|show me|explain)[\s,]+)+/i,
            '',
        );
    if (/^how (?:(?:do|can|could|should|would|might) (?:i|we|you|one|somebody|someone)|to|does one)\b/i.test(question))
        return true;
    // A thing of the world, and not a command: “what is a cat”.
    if (/^what(?:['’]s| is) an? [\p{L}\p{N}]+\W*$/iu.test(question)) return false;
    return isAboutTerm.test(question) && !/\b(?:my|our|this|these|here|now|current|currently|today)\b/i.test(question);
}

const isAboutTerm =
    /^(?:what(?:['’]s| is| are| does| do)|which (?:command|option|program|tool)\b|what (?:command|option|program|tool)\b)/i;

/** A passage of the documentation, quoted, with its page and section. */
export function describePassage(
    { title, heading, summary, path, text }: Hit,
    cite: (evidence: Evidence) => void,
): string {
    const place =
        heading === ''
            ? _('From {page}:', { page: strong(plain(title)) })
            : _('From {page}, {section}:', { page: strong(plain(title)), section: plain(heading) });
    const lines = safeText(text, quoted, { multiline: true }).split('\n');
    cite(fact('file', path, heading === '' ? summary : heading));
    return `${place}\n\n${lines.map(line => `> ${plain(line)}`.trimEnd()).join('\n')}\n`;
}
