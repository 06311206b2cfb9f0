// What a plan shows, judged apart from the service's own rules.
import { programsOf } from '../../../service/actions/joinedCalls.ts';
import { reachOf } from '../../../service/actions/reach.ts';
import type { SinglePlan, Step } from '../../../service/model/proposal.ts';

/** No other characters change how a text is drawn; service/text/sanitise.ts has its own list. */
export const drawn = new RegExp(
    String.raw`[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]`,
);

/** What a person reads is what runs, and it draws nothing that is not there. @returns what is wrong; empty when nothing is */
export function hiddenIn({ action, title, explanation, riskText, subject = '', steps, undo }: SinglePlan): string {
    const all: Step[] = [...steps, ...(undo?.steps ?? [])];
    const texts = [title, explanation, riskText, subject, undo?.text ?? ''];
    for (const { description, command, commands = [], cleanup = '', diff = '' } of all)
        texts.push(description, command, ...commands, cleanup, diff.replaceAll(/[\t\n]/g, ' '));
    const strange = texts.find(text => drawn.test(text));
    if (strange !== undefined) return `${JSON.stringify(strange)} draws what is not there`;
    if (reachOf(action) === undefined) return `what ${action} may do is not known`;
    for (const { call, command } of all) {
        let rest = command;
        for (const word of programsOf(call).flat()) {
            const shown = word.replace(/^(?:\/usr)?\/s?bin\//, '').replaceAll(/[^\p{L}\p{N}]+/gu, '.{0,40}?');
            const found = new RegExp(shown, 'su').exec(rest);
            if (found === null) return `${word} is not shown in ${command}`;
            rest = rest.slice(found.index + found[0].length);
        }
    }
    return '';
}
