import { _, joinStatements, ngettext } from '../../i18n/i18n.ts';
import type { Run } from '../command.ts';
import { exit } from '../exit.ts';
import { incidentLine } from '../describe.ts';
import type { Manager } from '../objects.ts';
import { localTime } from '../../text/localTime.ts';
import { jsonTime } from '../times.ts';

/** Sources that every computer has: without one of them something is wrong, and the whole reason is shown. */
const needed = /^(?:journal|systemd-.*|text)$/;

export const run: Run = async ({ terminal, json, client }) => {
    const service = await client();
    const [manager, incidents] = await Promise.all([service.manager(), service.incidents()]);
    const open = incidents.filter(incident => incident.isOpen);
    const isWell = manager.state === 'watching' && open.length === 0;
    if (json) {
        terminal.json({
            version: manager.version,
            state: manager.state,
            paused_since: jsonTime(manager.pausedSince),
            open_incidents: open.length,
            answerer: manager.answerer,
            sources: manager.sources,
            notices: manager.notices,
        });
        return isWell ? exit.ok : exit.notWell;
    }
    const style = manager.state === 'watching' ? 'good' : 'warning';
    terminal.line(`Reeve ${terminal.plain(manager.version)}: ${terminal.style(style, stateText(manager))}`);
    const silent = manager.sources.filter(
        ({ state, detail, lost }) => state === 'watching' && detail === '' && lost === 0,
    );
    if (silent.length > 0)
        terminal.line(`  ${ngettext('{count} source is watched', '{count} sources are watched', silent.length)}`);
    const absent = manager.sources.filter(({ name, state }) => state === 'unavailable' && !needed.test(name));
    for (const source of manager.sources.filter(each => !silent.includes(each) && !absent.includes(each))) {
        const lost = source.lost === 0 ? '' : ngettext('{count} event lost', '{count} events lost', source.lost);
        const detail = terminal.plain(source.detail);
        // The reason already says that it is missing.
        const isSaid = detail !== '' && ['watching', 'unavailable'].includes(source.state);
        const words = [isSaid ? '' : sourceText(source.state), lost, detail].filter(text => text !== '');
        const all = joinStatements(words);
        terminal.line(terminal.item(`${terminal.plain(source.name)}: ${all}`, '    ', '  '));
    }
    if (absent.length > 0) {
        const text = ngettext(
            '{count} source is not available on this computer: see {command}',
            '{count} sources are not available on this computer: see {command}',
            absent.length,
            { command: 'reeve doctor' },
        );
        terminal.line(terminal.item(text, '    ', '  '));
    }
    for (const notice of manager.notices) {
        for (const line of notice.text.split('\n')) {
            terminal.line(terminal.style('warning', terminal.item(terminal.plain(line), '    ', '  ')));
        }
        if (notice.remedy !== '') terminal.line(terminal.item(terminal.plain(notice.remedy), '    ', '    '));
    }
    terminal.line(`  ${terminal.plain(manager.answerer)}`);
    terminal.line(
        open.length === 0
            ? _('Reeve knows of no problems.')
            : ngettext('{count} open incident:', '{count} open incidents:', open.length),
    );
    for (const incident of open) terminal.line(incidentLine(terminal, incident));
    return isWell ? exit.ok : exit.notWell;
};

function stateText({ state, pausedSince }: Manager): string {
    switch (state) {
        case 'starting':
            return _('starting');
        case 'watching':
            return _('watching');
        case 'degraded':
            return _('watching, with limits');
        case 'paused':
            return _('paused since {time}: nothing is watched', { time: localTime(pausedSince) });
        case 'unknown':
            return '?';
    }
}

function sourceText(state: Manager['sources'][number]['state']): string {
    switch (state) {
        case 'off':
            return _('not watched');
        case 'starting':
            return _('opening');
        case 'watching':
            return _('watched');
        case 'waiting':
            return _('interrupted, about to be restarted');
        case 'unavailable':
            return _('not available on this computer');
        case 'unknown':
            return '?';
    }
}
