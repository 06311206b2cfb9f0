import { _, ngettext } from '../../i18n/i18n.ts';
import { fullTitle, programMessages } from '../../model/incident.ts';
import type { Evidence, Incident } from '../../model/incident.ts';
import type { Question } from '../answer.ts';
import { code, item, plain, strong } from '../markup.ts';
import { isOpen } from '../suggestions.ts';

const linesShown = 2;
/** The text already holds the states, but not the log lines. */
const isLog = (source: Evidence['source']) => source === 'journal' || source === 'text';

/** Open incidents, the most severe and newest first. */
export function openIncidents({ incidents }: Pick<Question, 'incidents'>): Incident[] {
    const ranks = ['critical', 'high', 'medium', 'low'];
    return incidents
        .list()
        .filter(isOpen)
        .sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity) || b.lastSeen - a.lastSeen);
}

/** The program's own last words, or else the first line of systemd: its later lines only repeat that. */
function relevantLines({ evidence }: Incident): Evidence[] {
    const logged = evidence.filter(
        ({ source, message }, index) =>
            isLog(source) && message !== '' && evidence.findIndex(other => other.message === message) === index,
    );
    const own = programMessages(logged).slice(-linesShown);
    return own.length > 0 ? own : logged.slice(0, linesShown);
}

/** What happened, when, why, the lines that show it, and whether a fix is ready; all of it recorded as evidence. */
export function describeIncident(question: Question, incident: Incident): string {
    const { format, guides, diagnosis, proposals } = question;
    question.mention(incident.id);
    question.cite(...incident.evidence);
    const times = ngettext('{title}, {when}', '{title}, {count} times, last {when}', incident.count, {
        title: strong(plain(fullTitle(incident))),
        when: format.when(incident.lastSeen),
    });
    const lines = [`${times}\n`];
    const why = incident.cause || incident.summary;
    lines.push(item(why === '' ? _('The cause is not known.') : plain(why)));
    if (incident.affected.length > 0)
        lines.push(item(_('Also failed as a result: {units}.', { units: format.list(incident.affected.map(code)) })));
    for (const { message } of relevantLines(incident)) lines.push(item(code(message)));
    const offered = proposals.list(incident.id).filter(proposal => proposal.state === 'offered');
    const [best] = offered;
    const steps = guides.steps(incident);
    if (best !== undefined) lines.push(item(_('A fix is ready on its card: {fix}', { fix: plain(best.plan.title) })));
    else if (steps.length === 0 && isOpen(incident))
        lines.push(
            item(diagnosis.isLooking(incident.id) ? _('Reeve is looking for a fix.') : _('No safe fix is known.')),
        );
    if (steps.length > 0) lines.push(item(_('What you can do')));
    for (const [index, { text, isSeen }] of steps.entries())
        lines.push(`  ${index + 1}. ${plain(text)} … ${isSeen ? _('Seen') : _('Waiting')}\n`);
    return lines.join('');
}
