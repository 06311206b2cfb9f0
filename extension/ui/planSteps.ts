// The steps of a plan or of its undo: in words with their differences, and as they will be carried out.
import type Clutter from 'gi://Clutter';
import type St from 'gi://St';

import { _, ngettext } from '../core/i18n.js';
import type { Step } from '../remote/model.js';
import { difference } from './difference.js';
import { Expander } from './expander.js';
import { column, label, quoted } from './widgets.js';

/** The most lines of a difference with which the button that applies it is still in sight. */
const mostLines = 8;

/**
 * Each step in words, and its difference to a file.
 *
 * @param title the heading above; a plan of one step is often titled after that step, and need not repeat it
 */
export function stepList(steps: readonly Step[], title: string): St.Widget {
    const [only] = steps;
    const list = column('reeve-steps');
    for (const [index, { description, diff }] of steps.entries()) {
        const words = steps.length > 1 ? `${index + 1}. ${description}` : description;
        if (steps.length > 1 || only?.description !== title) list.add_child(label(words, ''));
        if (diff !== '') list.add_child(begunDifference(diff));
    }
    // What a screen reader reads when the list has the focus.
    list.accessible_name = steps.map(({ description, diff }) => `${description}\n${diff}`).join('\n');
    list.visible = list.get_n_children() > 0;
    return list;
}

/** A long one is folded behind its first lines. */
function begunDifference(diff: string): Clutter.Actor {
    const lines = diff.split('\n');
    const rest = lines.slice(mostLines);
    if (rest.length < 2) return difference(diff);
    const title = ngettext('{count} more line', '{count} more lines', rest.length);
    return column(
        'reeve-exact-step',
        difference(lines.slice(0, mostLines).join('\n')),
        new Expander(title, () => difference(rest.join('\n'))),
    );
}

/** How each step will be carried out: the commands, and the D-Bus call that they stand for. */
export function exactSteps(steps: readonly Step[]): Clutter.Actor {
    const isOnly = steps.length === 1;
    const drawn = steps.flatMap((step, index) => {
        const number = isOnly ? '' : `${index + 1}. `;
        const isJoined = step.bus === '' || steps[index + 1]?.bus === '';
        if (!isJoined) return [exactStep(step, number)];
        // The call of several steps stands below the last of them.
        const caller =
            steps[index + 1]?.bus === ''
                ? undefined
                : steps
                      .slice(0, index)
                      .reverse()
                      .find(({ bus }) => bus !== '');
        return [commandsOf(step, number), ...(caller === undefined ? [] : [callExpander(caller)])];
    });
    return column('reeve-exact', ...drawn);
}

/** A step that a call carries out together with others. */
function commandsOf(step: Step, number: string): Clutter.Actor {
    const { commands, command, description } = step;
    const title = label(`${number}${description}`, '');
    return commands.length === 0
        ? column('reeve-exact-step', title, quoted(command))
        : column('reeve-exact-step', title, commandExpander(step));
}

function callExpander(step: Step): Expander {
    return new Expander(_('D-Bus call on the {bus} bus', { bus: step.bus }), () => quoted(callText(step)));
}

function commandExpander(step: Step): Expander {
    const count = step.commands.length + (step.cleanup === '' ? 0 : 1);
    const title = ngettext('{count} command, in order', '{count} commands, in order', count);
    return new Expander(title, () => commandList(step));
}

function exactStep(step: Step, number: string): Clutter.Actor {
    const { commands, command } = step;
    if (commands.length === 0)
        return column(
            'reeve-exact-step',
            caption(`${number}${_('D-Bus call on the {bus} bus', { bus: step.bus })}`),
            quoted(callText(step)),
            caption(_('Equivalent command')),
            quoted(command),
        );
    // A write to a file is many commands and one long call: its difference comes first, above.
    return column(
        'reeve-exact-step',
        ...(number === '' ? [] : [label(`${number}${step.description}`, '')]),
        commandExpander(step),
        callExpander(step),
    );
}

/** One below the other, each to be copied by itself. */
function commandList({ commands, cleanup }: Step): Clutter.Actor {
    const list = column('reeve-exact', ...commands.map(command => quoted(command)));
    if (cleanup === '') return list;
    list.add_child(caption(_('Finally, even if one of these fails')));
    list.add_child(quoted(cleanup));
    return list;
}

function callText(step: Step): string {
    const call = `${step.interface}.${step.member} (${step.arguments.join(', ')})`;
    return [step.destination, step.path, call].join('\n');
}

function caption(text: string): Clutter.Actor {
    return label(text, 'reeve-caption reeve-dim');
}
